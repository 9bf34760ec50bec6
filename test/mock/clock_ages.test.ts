import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { begin, DEVICE_CODE, decide, poll } from '../support/device.ts'
import { basic, decode, get, post, requestToken } from '../support/http.ts'
import { registered } from '../support/registration.ts'
import { bearer } from '../support/token.ts'

const REDIRECT = 'https://app.test/cb'
const WEB = basic('web', 's3cret')
const OPAQUE = basic('opaque', 's3cret')
const grant_types = ['authorization_code', 'refresh_token', 'client_credentials']
const web = { client_id: 'web', client_secret: 's3cret', redirect_uris: [REDIRECT], grant_types }
const pair = await makeKey('RS256')
const CONFIG = {
  clients: [
    web,
    { ...web, client_id: 'opaque', access_token: { format: 'opaque' } },
    { client_id: 'tv', grant_types: [DEVICE_CODE] },
    { client_id: 'signs', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [pair.jwk] } },
  ],
  users: [{ username: 'alice' }],
  registration: { enabled: true },
  lifetimes: { session: '1h', refresh_token: '2h', access_token: '1h', code: '60s', device_code: '5m' },
} as unknown as ConfigInput

/** A provider whose time stands still until it is moved, so that a second is a second. */
async function start() {
  const idp = await startIdp(CONFIG)
  await idp.clock.freeze()
  const { issuer } = idp
  const authorize = (more: Record<string, string> = {}, client_id = 'web') =>
    authorizeUrl(issuer, { client_id, redirect_uri: REDIRECT, scope: 'openid offline_access', ...more })
  return {
    idp,
    issuer,
    move: (by: string | number) => idp.clock.advance(by),
    /** A login in a browser, and its code. */
    async code(browser = new Browser(issuer), client_id = 'web') {
      return answerAt(await signIn(browser, authorize({}, client_id))).get('code') ?? ''
    },
    redeem: (code: string, credentials = WEB) =>
      redeem(issuer, { code, redirect_uri: REDIRECT }, credentials),
    refresh: async (refresh_token: unknown) =>
      (await post(`${issuer}/token`, { grant_type: 'refresh_token', refresh_token: `${refresh_token}` }, WEB))
        .status,
    active: async (token: unknown, credentials = WEB) =>
      (await post(`${issuer}/introspect`, { token: `${token}` }, credentials)).body['active'],
    userinfo: async (token: unknown) => (await get(`${issuer}/userinfo`, bearer(token))).status,
    silent: async (browser: Browser) =>
      answerAt(await browser.open(authorize({ prompt: 'none' }))).get('error') ?? 'signed in',
    [Symbol.asyncDispose]: () => idp.stop(),
  }
}

describe('what time does, to the second', () => {
  it.each([
    ['web', WEB],
    ['opaque', OPAQUE],
  ])('ends an access token of %s after its hour: not active, no userinfo', async (client, credentials) => {
    await using at = await start()
    const { body } = await at.redeem(await at.code(undefined, client), credentials)
    await at.move(3599)
    expect([
      await at.active(body['access_token'], credentials),
      await at.userinfo(body['access_token']),
    ]).toEqual([true, 200])
    await at.move(1)
    expect([
      await at.active(body['access_token'], credentials),
      await at.userinfo(body['access_token']),
    ]).toEqual([false, 401])
  })

  it('ends a session after its hour, whoever is still asked', async () => {
    await using at = await start()
    const browser = new Browser(at.issuer)
    await at.code(browser)
    await at.move(3599)
    expect(await at.silent(browser)).toBe('signed in')
    await at.move(1)
    expect(await at.silent(browser)).toBe('login_required')
  })

  it('ends a refresh token after its two hours, and not with the access token', async () => {
    await using at = await start()
    const { body: early } = await at.redeem(await at.code())
    const { body: late } = await at.redeem(await at.code())
    await at.move('61m')
    expect(await at.active(early['access_token'])).toBe(false)
    await at.move(7199 - 3660)
    expect(await at.refresh(early['refresh_token'])).toBe(200)
    await at.move(1)
    expect(await at.refresh(late['refresh_token'])).toBe(400)
  })

  it('ends a code after its minute, and a device code after its five', async () => {
    await using at = await start()
    const [early, late] = [await at.code(), await at.code()]
    const [asked, missed] = [(await begin(at.issuer)).body, (await begin(at.issuer)).body]
    await at.move(59)
    expect((await at.redeem(early)).status).toBe(200)
    await at.move(1)
    expect((await at.redeem(late)).body['error']).toBe('invalid_grant')
    await decide(asked)
    await at.move(239)
    expect((await poll(at.issuer, asked['device_code'])).status).toBe(200)
    await at.move(1)
    expect((await poll(at.issuer, missed['device_code'])).body['error']).toBe('expired_token')
  })

  it('judges client assertions: their exp is a time of the provider, not of the machine', async () => {
    await using at = await start()
    const sign = (claims: Record<string, unknown>) =>
      assertion({ client: 'signs', aud: at.issuer, key: pair.privateKey, alg: 'RS256', claims })
    const status = async (text: string) => (await post(`${at.issuer}/token`, assertionForm(text))).status
    const { epoch } = await at.move('1d')
    expect(await status(await sign({ jti: 'machine' }))).toBe(401)
    expect(await status(await sign({ jti: 'provider', iat: epoch, exp: epoch + 60 }))).toBe(200)
  })

  it('dates registrations', async () => {
    await using at = await start()
    const { epoch } = await at.move('10d')
    const { client_id_issued_at } = await registered(at.issuer, { grant_types: ['client_credentials'] })
    expect(client_id_issued_at).toBe(Math.floor(epoch))
  })
})

describe('time that stands still', () => {
  it('ages nothing and dates everything the same', async () => {
    await using at = await start()
    const browser = new Browser(at.issuer)
    const { body } = await at.redeem(await at.code(browser))
    const issued = async () => decode(await requestToken(at.issuer, ['web', 's3cret'])).claims['iat']
    const first = await issued()
    // Longer than a second of the machine, by work alone.
    const until = performance.now() + 1100
    while (performance.now() < until) await at.active(body['access_token'])
    expect(await issued()).toBe(first)
    expect(Math.floor((await at.idp.clock.now()).epoch)).toBe(first)
    expect([await at.silent(browser), await at.refresh(body['refresh_token'])]).toEqual(['signed in', 200])
  })

  it('lets devices ask as often as they like', async () => {
    await using at = await start()
    const { body } = await begin(at.issuer)
    for (let n = 0; n < 3; n += 1)
      expect((await poll(at.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
  })

  it('runs on from where it stands when it is released', async () => {
    await using at = await start()
    const stood = await at.move('90d')
    const { epoch, frozen } = await at.idp.clock.release()
    expect(frozen).toBe(false)
    expect(epoch - stood.epoch).toBeGreaterThanOrEqual(0)
    expect(epoch - stood.epoch).toBeLessThan(60)
  })
})

describe('time that goes back', () => {
  it('brings nothing back that had run out, whether somebody asked meanwhile or not', async () => {
    await using at = await start()
    const browser = new Browser(at.issuer)
    const code = await at.code(browser)
    const { body } = await at.redeem(await at.code())
    const { body: opaque } = await at.redeem(await at.code(undefined, 'opaque'), OPAQUE)
    const { body: device } = await begin(at.issuer)
    const page = await new Browser(at.issuer).open(
      authorizeUrl(at.issuer, { client_id: 'web', redirect_uri: REDIRECT }),
    )
    await at.move('3h')
    await at.move('-3h')
    expect((await at.redeem(code)).body['error']).toBe('invalid_grant')
    expect(await at.refresh(body['refresh_token'])).toBe(400)
    expect(await at.active(opaque['access_token'], OPAQUE)).toBe(false)
    expect(await at.silent(browser)).toBe('login_required')
    expect((await poll(at.issuer, device['device_code'])).body['error']).toBe('invalid_grant')
    expect((await browser.submit(page, { user: 'alice' })).status).toBe(400)
  })

  it('keeps what had not run out', async () => {
    await using at = await start()
    const browser = new Browser(at.issuer)
    const { body } = await at.redeem(await at.code(browser))
    await at.move('59m')
    await at.move('-2h')
    expect([await at.silent(browser), await at.active(body['access_token'])]).toEqual(['signed in', true])
    expect(await at.refresh(body['refresh_token'])).toBe(200)
  })

  it.each(['-10m', '-10y'])('leaves used what was used and revoked what was revoked: %s', async (by) => {
    await using at = await start()
    const back = by === '-10y' ? -10 * 365 * 86_400 : by
    const code = await at.code()
    const { body } = await at.redeem(code)
    const { body: revoked } = await at.redeem(await at.code())
    await post(`${at.issuer}/revoke`, { token: String(revoked['refresh_token']) }, WEB)
    const own = await requestToken(at.issuer, ['web', 's3cret'])
    await post(`${at.issuer}/revoke`, { token: own }, WEB)
    await at.refresh(body['refresh_token'])
    await at.move(back)
    expect((await at.redeem(code)).body['error']).toBe('invalid_grant')
    expect(await at.refresh(body['refresh_token'])).toBe(400)
    expect([await at.refresh(revoked['refresh_token']), await at.active(revoked['access_token'])]).toEqual([
      400,
      false,
    ])
    expect(await at.active(own)).toBe(false)
  })

  it('leaves revoked and used what is so also when it had run out in between', async () => {
    await using at = await start()
    const own = await requestToken(at.issuer, ['web', 's3cret'])
    const { body } = await at.redeem(await at.code())
    await post(`${at.issuer}/revoke`, { token: own }, WEB)
    await post(`${at.issuer}/revoke`, { token: String(body['refresh_token']) }, WEB)
    const { epoch } = await at.idp.clock.now()
    const claims = { jti: 'once', iat: epoch, exp: epoch + 60 }
    const text = await assertion({
      client: 'signs',
      aud: at.issuer,
      key: pair.privateKey,
      alg: 'RS256',
      claims,
    })
    expect((await post(`${at.issuer}/token`, assertionForm(text))).status).toBe(200)
    await at.move('30d')
    // Others come and go meanwhile.
    for (let n = 0; n < 20; n += 1) {
      const token = await requestToken(at.issuer, ['web', 's3cret'])
      await post(`${at.issuer}/revoke`, { token }, WEB)
    }
    await at.move('-30d')
    expect([await at.active(own), await at.active(body['access_token'])]).toEqual([false, false])
    expect((await post(`${at.issuer}/token`, assertionForm(text))).status).toBe(401)
  })

  it('makes JWTs valid again, which say themselves until when they are: so does every API that verifies them', async () => {
    await using at = await start()
    const token = await requestToken(at.issuer, ['web', 's3cret'])
    await at.move('2h')
    expect(await at.active(token)).toBe(false)
    await at.move('-2h')
    expect(await at.active(token)).toBe(true)
  })

  it('lets devices go on asking, and sessions be renewed', async () => {
    await using at = await start()
    const { body } = await begin(at.issuer)
    expect((await poll(at.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
    await at.move('-1d')
    expect((await poll(at.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
    await decide(body)
    expect((await poll(at.issuer, body['device_code'])).status).toBe(200)
  })
})
