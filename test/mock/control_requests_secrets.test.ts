/** Whatever a client knows that nobody else shall know, the record does not tell. */
import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import type { RequestView } from '../../src/record/view.ts'
import { ASSERTION_TYPE, assertion, makeKey } from '../support/assertion.ts'
import { answerAt, authorizeUrl, Browser, hiddenFields, redeem } from '../support/browser.ts'
import { basic, get, post } from '../support/http.ts'
import { CONFIG, HEADER, MACHINE, STORAGE } from '../support/managed_identity.ts'
import { eventsOf, requestsOf } from '../support/requests.ts'

const SECRET = 'canary secret/of+the client & more: 0123456789'
const PASSWORD = 'canary-of-alice'
const VERIFIER = 'canary-verifier-0123456789-0123456789-0123456789'
const REDIRECT_URI = 'https://rp.test/callback'

const key = await makeKey('ES256')
const usual = {
  redirect_uris: [REDIRECT_URI],
  client_secret: SECRET,
  grant_types: ['authorization_code' as const, 'refresh_token' as const, 'client_credentials' as const],
}
const idp = await startIdp({
  registration: { enabled: true },
  login: { mode: 'form' },
  users: [{ username: 'alice', password: PASSWORD }],
  clients: [
    { ...usual, client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
    { ...usual, client_id: 'post', token_endpoint_auth_method: 'client_secret_post' },
    { ...usual, client_id: 'hs', token_endpoint_auth_method: 'client_secret_jwt' },
    { client_id: 'keys', jwks: { keys: [key.jwk] }, token_endpoint_auth_method: 'private_key_jwt' },
    { client_id: 'opaque', client_secret: SECRET, access_token: { format: 'opaque' } },
    { ...usual, client_id: 'password', grant_types: ['password', 'refresh_token'] },
  ],
})
afterAll(() => idp.stop())

const { issuer } = idp
const token = (params: Record<string, string>, headers = {}) => post(`${issuer}/token`, params, headers)
const last = async () => (await requestsOf(idp.url, 'limit=1'))[0] as RequestView

const assertionOf = (client: string) => {
  const signing = client === 'hs' ? { key: Buffer.from(SECRET), alg: 'HS256' } : { key: key.privateKey }
  return assertion({ client, aud: `${issuer}/token`, ...signing })
}

/** What must not be seen, in any of the ways in which it can be written. */
const canaries = new Set([SECRET, PASSWORD, VERIFIER])

const signatureOf = (jwt: unknown) => String(jwt).split('.')[2] ?? ''

function expectHidden(text: string): void {
  for (const canary of canaries) {
    const encoded = encodeURIComponent(canary)
    const base64 = Buffer.from(canary).toString('base64url')
    for (const form of [canary, encoded, encoded.replaceAll('%20', '+'), base64])
      expect(text.includes(form) ? form : '').toBe('')
  }
}

const MARK = /^\*\*\*[\w-]{6}$/
const grant_type = 'client_credentials'

describe('a token request in the record', () => {
  it.each([
    ['client_secret_basic', 'basic', async () => token({ grant_type }, basic('basic', SECRET))],
    [
      'client_secret_post',
      'post',
      async () => token({ grant_type, client_id: 'post', client_secret: SECRET }),
    ],
    ['client_secret_jwt', 'hs', () => byAssertion('hs')],
    ['private_key_jwt', 'keys', () => byAssertion('keys')],
  ] as const)('by %s shows who it was, and no secret', async (method, client, send) => {
    const { status, body } = await send()
    expect(status).toBe(200)
    const entry = await last()
    expect(entry).toMatchObject({ auth_method: method, client_id: client, outcome: 'ok' })
    expect(entry.tokens.at(-1)).toMatchObject({ name: 'access_token', where: 'response' })
    canaries.add(signatureOf(body['access_token']))
    expectHidden(JSON.stringify(entry))
  })

  async function byAssertion(client: 'hs' | 'keys') {
    const client_assertion = await assertionOf(client)
    canaries.add(signatureOf(client_assertion))
    return token({ grant_type, client_assertion_type: ASSERTION_TYPE, client_assertion })
  }

  it('shows the claims of a client assertion', async () => {
    await byAssertion('keys')
    expect((await last()).tokens[0]).toMatchObject({
      ...{ name: 'client_assertion', where: 'request' },
      ...{ header: { alg: 'ES256' }, claims: { iss: 'keys', aud: `${issuer}/token` } },
    })
  })

  it('shows what an opaque token stands for, and not the token', async () => {
    const { body } = await token({ grant_type }, basic('opaque', SECRET))
    canaries.add(String(body['access_token']))
    const { tokens, response } = await last()
    expect(tokens).toMatchObject([{ name: 'access_token', header: {}, claims: { client_id: 'opaque' } }])
    expect(response.body).toMatchObject({ access_token: expect.stringMatching(MARK) })
  })

  it('that is refused shows no more', async () => {
    for (const wrong of ['client_id', 'scope', 'grant_type', 'resource'])
      await token({ grant_type, client_id: 'post', client_secret: SECRET, [wrong]: `x ${SECRET}` })
    await token({ grant_type, client_id: SECRET, client_secret: SECRET })
    await token({ grant_type }, { authorization: SECRET })
    await post(`${issuer}/token?client_secret=${encodeURIComponent(SECRET)}`, {
      grant_type,
      client_id: 'post',
    })
    const refused = await requestsOf(idp.url, 'outcome=refused')
    expect(refused.length).toBeGreaterThanOrEqual(6)
    expectHidden(JSON.stringify(refused))
  })
})

describe('a login in the record', () => {
  it('shows neither password nor cookie, code, verifier, refresh token or the form that it went through', async () => {
    const browser = new Browser(issuer)
    const code_challenge = createHash('sha256').update(VERIFIER).digest('base64url')
    const asked = { client_id: 'basic', redirect_uri: REDIRECT_URI, scope: 'openid offline_access' }
    const url = authorizeUrl(issuer, {
      ...asked,
      prompt: 'consent',
      code_challenge,
      code_challenge_method: 'S256',
    })
    const form = await browser.open(url)
    canaries.add(hiddenFields(form)['interaction'] as string)
    const consent = await browser.submit(form, { username: 'alice', password: PASSWORD })
    canaries.add(hiddenFields(consent)['interaction'] as string)
    for (const cookie of browser.cookies.values()) canaries.add(cookie)
    const { code } = Object.fromEntries(answerAt(await browser.submit(consent, { action: 'allow' })))
    canaries.add(code as string)
    const redeemed = { code: code as string, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER }
    const { body } = await redeem(issuer, redeemed, basic('basic', SECRET))
    const tokens = [body['access_token'], body['id_token']]
    for (const each of tokens) canaries.add(signatureOf(each))
    canaries.add(String(body['refresh_token']))
    await get(`${issuer}/userinfo`, { authorization: `Bearer ${body['access_token']}` })
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) }
    canaries.add(String((await token(refresh, basic('basic', SECRET))).body['refresh_token']))

    const entries = await requestsOf(idp.url, 'user=alice')
    expect(entries.map(({ endpoint }) => endpoint)).toEqual(expect.arrayContaining(['consent', 'token']))
    const redeeming = entries.find(({ grant_type: grant }) => grant === 'authorization_code')
    expect(redeeming?.tokens).toMatchObject([
      { name: 'access_token' },
      { name: 'id_token', claims: { sub: expect.any(String) } },
    ])
    // A code is seen to be the one that was issued, a refresh token to be the one that is used.
    const issuing = entries.find(
      ({ response }) => 'location' in response.headers && /code=/.test(response.headers['location'] ?? ''),
    )
    const shownCode = new URL(issuing?.response.headers['location'] as string).searchParams.get('code')
    expect(shownCode).toMatch(MARK)
    expect(redeeming?.request.params['code']).toBe(shownCode)
  })

  it('with the password grant shows no password', async () => {
    const asked = { grant_type: 'password', username: 'alice', password: PASSWORD, scope: 'openid' }
    await token(asked, basic('password', SECRET))
    expect(await last()).toMatchObject({
      user: 'alice',
      request: { params: { username: 'alice', password: expect.stringMatching(MARK) } },
    })
  })
})

describe('a registration in the record', () => {
  it('shows neither the secret nor the access token that the client got', async () => {
    const response = await fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [REDIRECT_URI] }),
    })
    const { client_secret, registration_access_token } = (await response.json()) as Record<string, string>
    for (const each of [client_secret, registration_access_token]) canaries.add(each as string)
    expect((await last()).response.body).toMatchObject({
      client_secret: expect.stringMatching(MARK),
      registration_access_token: expect.stringMatching(MARK),
    })
  })
})

describe('a request for a managed identity in the record', () => {
  it('shows neither the secret of the platform nor the token that came for it', async () => {
    await using entra = await startIdp(CONFIG)
    const query = new URLSearchParams({ 'api-version': '2019-08-01', resource: STORAGE })
    const { body } = await get(`${entra.url}/msi/token?${query}`, { 'x-identity-header': HEADER })
    const entries = await requestsOf(entra.url)
    expect(entries).toMatchObject([
      {
        endpoint: 'app_service',
        request: { headers: { 'x-identity-header': expect.stringMatching(MARK) } },
        tokens: [{ name: 'access_token', where: 'response', claims: { oid: MACHINE.object_id } }],
      },
    ])
    const text = JSON.stringify(entries)
    for (const secret of [HEADER, signatureOf(body['access_token'])]) expect(text).not.toContain(secret)
  })
})

describe('the whole record', () => {
  it('has no secret of anybody, as JSON, as HAR, and as a stream', async () => {
    expect(canaries.size).toBeGreaterThan(12)
    expect([...canaries].filter((each) => each.length < 8)).toEqual([])
    const json = (await get(`${idp.url}/_mock/requests`)).text
    const har = (await get(`${idp.url}/_mock/requests?format=har`)).text
    const gone = new AbortController()
    const stream = await fetch(`${idp.url}/_mock/requests/stream?after=0`, { signal: gone.signal })
    const { length } = await requestsOf(idp.url)
    const events: string[] = []
    for await (const event of eventsOf(stream)) {
      events.push(JSON.stringify(event))
      if (events.length === length) break
    }
    gone.abort()
    for (const text of [json, har, ...events]) expectHidden(text)
  })

  it('has them where they are asked for', async () => {
    const { text } = await get(`${idp.url}/_mock/requests?secrets=show`)
    const missing = [...canaries].filter((each) => !text.includes(JSON.stringify(each).slice(1, -1)))
    expect(missing).toEqual([])
  })
})
