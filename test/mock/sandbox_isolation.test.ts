import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { answerAt, authorizeUrl, Browser, hiddenFields, redeem, signIn } from '../support/browser.ts'
import { begin, DEVICE_CODE, decide, poll, typeCode } from '../support/device.ts'
import { basic, get, post } from '../support/http.ts'
import { manage, registered } from '../support/registration.ts'

const REDIRECT = 'https://app.test/cb'
const WEB = basic('web', 's3cret')
const pair = await makeKey('RS256')
const web = { client_id: 'web', client_secret: 's3cret', redirect_uris: [REDIRECT] }
const CONFIG: ConfigInput = {
  clients: [
    { ...web, grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] },
    { ...web, client_id: 'opaque', access_token: { format: 'opaque' } },
    { ...web, client_id: 'asks', consent: true },
    { client_id: 'tv', grant_types: [DEVICE_CODE] },
    { client_id: 'signs', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [pair.jwk] } },
  ],
  users: [{ username: 'alice' }],
  registration: { enabled: true },
} as ConfigInput

/** One box where something comes from, and the two places where it is worth nothing. */
async function start(config: ConfigInput = CONFIG) {
  const idp = await startIdp(config)
  const [box, twin] = [await idp.sandbox(), await idp.sandbox()]
  const others = [twin, idp] as const
  return { idp, box, twin, others, [Symbol.asyncDispose]: () => idp.stop() }
}

/** A code of a login in a fresh browser. */
async function codeAt(issuer: string, browser = new Browser(issuer)): Promise<string> {
  const params = { client_id: 'web', redirect_uri: REDIRECT, scope: 'openid offline_access' }
  return answerAt(await signIn(browser, authorizeUrl(issuer, params))).get('code') ?? ''
}

const tokensAt = async (issuer: string) =>
  (await redeem(issuer, { code: await codeAt(issuer), redirect_uri: REDIRECT }, WEB)).body

describe('what one sandbox gave is worth nothing in another, nor at the configured tenant', () => {
  it('a code, which stays good where it came from', async () => {
    await using at = await start()
    const code = await codeAt(at.box.issuer)
    for (const { issuer } of at.others) {
      const refused = await redeem(issuer, { code, redirect_uri: REDIRECT }, WEB)
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
    }
    expect((await redeem(at.box.issuer, { code, redirect_uri: REDIRECT }, WEB)).status).toBe(200)
  })

  it('a refresh token', async () => {
    await using at = await start()
    const { refresh_token } = await tokensAt(at.box.issuer)
    const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
    for (const { issuer } of at.others) {
      expect((await post(`${issuer}/token`, form, WEB)).body['error']).toBe('invalid_grant')
      await post(`${issuer}/revoke`, { token: String(refresh_token) }, WEB)
    }
    expect((await post(`${at.box.issuer}/token`, form, WEB)).status).toBe(200)
  })

  it.each(['web', 'opaque'])(
    'an access token of %s: not active, no userinfo, not to be revoked',
    async (client) => {
      await using at = await start()
      const credentials = basic(client, 's3cret')
      const params = { client_id: client, redirect_uri: REDIRECT }
      const browser = new Browser(at.box.issuer)
      const code = answerAt(await signIn(browser, authorizeUrl(at.box.issuer, params))).get('code') ?? ''
      const { body } = await redeem(at.box.issuer, { code, redirect_uri: REDIRECT }, credentials)
      const token = String(body['access_token'])
      const active = async (issuer: string) =>
        (await post(`${issuer}/introspect`, { token }, credentials)).body['active']
      for (const { issuer } of at.others) {
        expect(await active(issuer)).toBe(false)
        expect((await get(`${issuer}/userinfo`, { authorization: `Bearer ${token}` })).status).toBe(401)
        await post(`${issuer}/revoke`, { token }, credentials)
      }
      expect(await active(at.box.issuer)).toBe(true)
    },
  )

  it('a device code, and the user code that goes with it', async () => {
    await using at = await start()
    const { body } = await begin(at.box.issuer)
    for (const { issuer } of at.others) {
      expect((await poll(issuer, body['device_code'])).body['error']).toBe('invalid_grant')
      const { verification_uri } = (await begin(issuer)).body
      const page = await typeCode(new Browser(issuer), verification_uri, body['user_code'])
      expect(page.html).not.toContain('Living room')
      expect(page.status).toBe(400)
    }
    await decide(body)
    expect((await poll(at.box.issuer, body['device_code'])).status).toBe(200)
  })

  it('a login page that waits for its user', async () => {
    await using at = await start()
    const browser = new Browser(at.box.issuer)
    const params = { client_id: 'web', redirect_uri: REDIRECT }
    const page = await browser.open(authorizeUrl(at.box.issuer, params))
    for (const { url } of at.others) {
      const form = { ...hiddenFields(page), user: 'alice' }
      const sent = await browser.open(`${url}/login`, form, { origin: new URL(url).origin })
      expect([sent.status, sent.html.includes('used already')]).toEqual([400, true])
    }
    expect((await browser.submit(page, { user: 'alice' })).left?.searchParams.get('code')).toBeTruthy()
  })

  it('a registered client and its registration access token', async () => {
    await using at = await start()
    const client = await registered(at.box.issuer, { grant_types: ['client_credentials'] })
    const credentials = basic(String(client['client_id']), String(client['client_secret']))
    const form = { grant_type: 'client_credentials' }
    for (const { url, issuer } of at.others) {
      expect((await post(`${issuer}/token`, form, credentials)).body['error']).toBe('invalid_client')
      const there = String(client['registration_client_uri']).replace(at.box.url, url)
      expect((await manage({ ...client, registration_client_uri: there }, 'DELETE')).status).toBe(401)
    }
    expect((await post(`${at.box.issuer}/token`, form, credentials)).status).toBe(200)
  })

  it('an ID token as a hint: it signs nobody out', async () => {
    await using at = await start()
    const browser = new Browser(at.box.issuer)
    const code = await codeAt(at.box.issuer, browser)
    const { body } = await redeem(at.box.issuer, { code, redirect_uri: REDIRECT }, WEB)
    for (const { issuer } of at.others) {
      await codeAt(issuer, browser)
      await browser.open(`${issuer}/logout?id_token_hint=${String(body['id_token'])}`)
      const silent = authorizeUrl(issuer, { client_id: 'web', redirect_uri: REDIRECT, prompt: 'none' })
      expect(answerAt(await browser.open(silent)).get('code')).toBeTruthy()
    }
    await browser.open(`${at.box.issuer}/logout?id_token_hint=${String(body['id_token'])}`)
    const gone = authorizeUrl(at.box.issuer, { client_id: 'web', redirect_uri: REDIRECT, prompt: 'none' })
    expect(answerAt(await browser.open(gone)).get('error')).toBe('login_required')
  })
})

describe('what happens in one sandbox, in another it did not', () => {
  it('a login, in the same browser at the same port', async () => {
    await using at = await start()
    const browser = new Browser(at.idp.url)
    const silent = async (issuer: string) => {
      const params = { client_id: 'web', redirect_uri: REDIRECT, prompt: 'none' }
      return answerAt(await browser.open(authorizeUrl(issuer, params))).get('error') ?? 'signed in'
    }
    await codeAt(at.box.issuer, browser)
    for (const { issuer } of at.others) expect(await silent(issuer)).toBe('login_required')
    for (const { issuer } of at.others) await codeAt(issuer, browser)
    expect(browser.cookies.size).toBe(3)
    const [first = ''] = at.others.map(({ issuer }) => issuer)
    await browser.submit(await browser.open(`${first}/logout`), { action: 'logout' })
    expect(await Promise.all([at.box, ...at.others].map(({ issuer }) => silent(issuer)))).toEqual([
      'signed in',
      'login_required',
      'signed in',
    ])
  })

  it('a consent', async () => {
    await using at = await start()
    const browser = new Browser(at.idp.url)
    const asked = async (issuer: string) => {
      const url = authorizeUrl(issuer, { client_id: 'asks', redirect_uri: REDIRECT })
      let page = await browser.open(url)
      if (/<h1[^>]*>Sign in</.test(page.html)) page = await browser.submit(page, { user: 'alice' })
      const isAsked = /<h1[^>]*>Allow access</.test(page.html)
      if (isAsked) await browser.submit(page, { action: 'allow' })
      return isAsked
    }
    const places = [at.box, ...at.others].map(({ issuer }) => issuer)
    for (const issuer of places) expect(await asked(issuer)).toBe(true)
    for (const issuer of places) expect(await asked(issuer)).toBe(false)
  })

  it('the use of a jti', async () => {
    await using at = await start()
    const iat = Math.floor(Date.now() / 1000)
    const sign = (aud: string) =>
      assertion({ client: 'signs', aud, key: pair.privateKey, alg: 'RS256', claims: { jti: 'same', iat } })
    for (const { issuer } of [at.box, ...at.others]) {
      const form = assertionForm(await sign(issuer))
      expect((await post(`${issuer}/token`, form)).status).toBe(200)
      expect((await post(`${issuer}/token`, form)).status).toBe(401)
    }
    const foreign = assertionForm(
      await assertion({
        client: 'signs',
        aud: at.box.issuer,
        key: pair.privateKey,
        alg: 'RS256',
        claims: { jti: 'y' },
      }),
    )
    for (const { issuer } of at.others) expect((await post(`${issuer}/token`, foreign)).status).toBe(401)
  })

  it('a move of the clock, a login to come, a request, a finding, a session, a grant', async () => {
    await using at = await start()
    await at.box.clock.advance('10d')
    await at.box.nextLogin({ deny: 'login' })
    await post(`${at.box.issuer}/token`, {
      grant_type: 'client_credentials',
      client_id: 'web',
      client_secret: 's3cret',
      scope: 'x y',
    })
    const refused = new Browser(at.box.issuer)
    const params = { client_id: 'web', redirect_uri: REDIRECT }
    expect(answerAt(await refused.open(authorizeUrl(at.box.issuer, params))).get('error')).toBe(
      'access_denied',
    )
    await codeAt(at.box.issuer)
    expect([(await at.box.sessions.list()).length, (await at.box.grants.list()).length]).toEqual([1, 1])
    expect((await at.box.requests()).length).toBeGreaterThan(3)
    expect((await at.box.findings()).length).toBeGreaterThan(0)
    for (const other of at.others) {
      expect((await at.box.clock.now()).epoch - (await other.clock.now()).epoch).toBeGreaterThan(863_000)
      expect([await other.requests(), await other.findings()]).toEqual([[], []])
      expect([await other.sessions.list(), await other.grants.list()]).toEqual([[], []])
      expect(await codeAt(other.issuer)).not.toBe('')
    }
  })

  it('the freezing of the clock, also of that of the server', async () => {
    await using at = await start()
    await at.idp.clock.freeze()
    await at.idp.clock.advance('1h')
    expect([await at.box.clock.now(), await at.twin.clock.now()]).toMatchObject([
      { frozen: false },
      { frozen: false },
    ])
    expect((await at.idp.clock.now()).epoch - (await at.box.clock.now()).epoch).toBeGreaterThan(3500)
  })
})
