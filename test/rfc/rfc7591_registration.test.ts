import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { basic, get, post, requestToken } from '../support/http.ts'
import { register, registered } from '../support/registration.ts'
import { bearer } from '../support/token.ts'

const start = () => startIdp({ registration: { enabled: true } })

/** A client that needs nothing but itself. */
const MACHINE = { grant_types: ['client_credentials'] }

const CALLBACK = 'https://app.example.test/callback'

describe('RFC 7591 §3 Client Registration Endpoint', () => {
  it('is closed unless the configuration opens it, and says how', async () => {
    await using idp = await startIdp()
    const answer = await register(idp.issuer, MACHINE)
    expect(answer).toMatchObject({ status: 403, body: { error: 'access_denied' } })
    expect(answer.headers.get('x-mock-reason')).toBe('registration.disabled')
    expect(answer.body['error_description']).toContain('set registration: { enabled: true }')
  })

  it('is advertised where it is open, and only there', async () => {
    await using open = await start()
    await using closed = await startIdp()
    const discover = async (issuer: string) =>
      (await get(`${issuer}/.well-known/openid-configuration`)).body['registration_endpoint']
    expect(await discover(open.issuer)).toBe(`${open.issuer}/register`)
    expect(await discover(closed.issuer)).toBeUndefined()
  })

  it('asks for the initial access token that the configuration has', async () => {
    await using idp = await startIdp({ registration: { enabled: true, initial_access_token: 'let-me-in' } })
    const without = await register(idp.issuer, MACHINE)
    expect(without).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(without.headers.get('www-authenticate')).toBe('Bearer realm="default"')
    const wrong = await register(idp.issuer, MACHINE, bearer('let-me-out'))
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Bearer realm="default", error="invalid_token"/)
    expect(await register(idp.issuer, MACHINE, basic('let-me-in', ''))).toMatchObject({ status: 401 })
    expect(await register(idp.issuer, MACHINE, bearer('let-me-in'))).toMatchObject({ status: 201 })
  })

  it('knows the methods of registration and management, and no other', async () => {
    await using idp = await start()
    const { status, headers } = await fetch(`${idp.issuer}/register`, { method: 'PATCH' })
    expect([status, headers.get('allow')]).toEqual([405, 'POST, GET, PUT, DELETE'])
  })
})

describe('RFC 7591 §3.1 Client Registration Request', () => {
  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'grant_types=client_credentials'],
    ['JSON that does not say so', 'text/plain', '{}'],
    ['nothing', 'application/json', ''],
    ['a list', 'application/json', '[{}]'],
    ['null', 'application/json', 'null'],
    ['broken JSON', 'application/json', '{"grant_types":'],
  ])('refuses %s', async (_what, type, body) => {
    await using idp = await start()
    const answer = await fetch(`${idp.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }])
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })

  it('ignores what it does not know, and takes null for absent', async () => {
    await using idp = await start()
    const more = '"client_name": null, "nonsense": {"a": [1]}, "__proto__": {"b": 1}, "constructor": 5'
    const { status, text, body } = await register(
      idp.issuer,
      JSON.parse(
        `{"grant_types": ["client_credentials"], ${more}, "nonsense#fi": "x", "client_name#a#b": "x"}`,
      ),
    )
    expect(status).toBe(201)
    expect(text).not.toMatch(/nonsense|proto|constructor|client_name/)
    expect(body['grant_types']).toEqual(['client_credentials'])
  })

  it('keeps human-readable members in every language, §2.2', async () => {
    await using idp = await start()
    const names = { client_name: 'Orders', 'client_name#fi': 'Tilaukset', 'client_name#ja-Hani-JP': '注文' }
    expect(await registered(idp.issuer, { ...MACHINE, ...names })).toMatchObject(names)
  })
})

describe('RFC 7591 §3.2.1 Client Information Response', () => {
  it('tells the client its credentials and all that is registered, defaults too', async () => {
    await using idp = await start()
    const asked = { redirect_uris: [CALLBACK], client_name: 'Orders', contacts: ['ops@app.example.test'] }
    const { status, headers, body } = await register(idp.issuer, asked)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      ...asked,
      client_id: expect.stringMatching(/^[\w-]{32}$/),
      client_secret: expect.stringMatching(/^[\w-]{43,}$/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `${idp.issuer}/register?client_id=${String(body['client_id'])}`,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
  })

  it('dates the registration by the clock of the tenant', async () => {
    await using idp = await start()
    const before = Number((await registered(idp.issuer, MACHINE))['client_id_issued_at'])
    await idp.clock.advance('1d')
    const after = Number((await registered(idp.issuer, MACHINE))['client_id_issued_at'])
    expect(after - before).toBeGreaterThanOrEqual(86_400)
  })

  it('gives each client its own identifier, secret and token', async () => {
    await using idp = await start()
    const [one, other] = [await registered(idp.issuer, MACHINE), await registered(idp.issuer, MACHINE)]
    for (const name of ['client_id', 'client_secret', 'registration_access_token'])
      expect(one[name]).not.toBe(other[name])
  })

  it.each(['client_secret_basic', 'client_secret_post'])('lets a client in by %s', async (method) => {
    await using idp = await start()
    const asked = { ...MACHINE, token_endpoint_auth_method: method }
    const { client_id, client_secret } = (await registered(idp.issuer, asked)) as Record<string, string>
    const [id, secret] = [String(client_id), String(client_secret)]
    const form = { grant_type: 'client_credentials' }
    const inBody = { client_id: id, client_secret: secret }
    const byBasic = await post(`${idp.issuer}/token`, form, basic(id, secret))
    const byPost = await post(`${idp.issuer}/token`, { ...form, ...inBody })
    const [right, other] = method === 'client_secret_basic' ? [byBasic, byPost] : [byPost, byBasic]
    expect(right).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
    expect(other).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const wrong = await post(`${idp.issuer}/token`, form, basic(id, 'wrong'))
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it('lets a client in by the key it registered, and gives it no secret', async () => {
    await using idp = await start()
    const key = await makeKey()
    const jwks = { keys: [key.jwk] }
    const asked = { ...MACHINE, token_endpoint_auth_method: 'private_key_jwt', jwks }
    const client = await registered(idp.issuer, asked)
    expect(client).toMatchObject({ jwks })
    expect(client).not.toHaveProperty('client_secret')
    expect(client).not.toHaveProperty('client_secret_expires_at')
    const text = await assertion({
      client: String(client['client_id']),
      aud: idp.issuer,
      key: key.privateKey,
    })
    expect(await post(`${idp.issuer}/token`, assertionForm(text))).toMatchObject({ status: 200 })
  })

  it('holds the client to the grants and the scope it registered', async () => {
    await using idp = await start()
    const asked = { ...MACHINE, scope: 'orders:read' }
    const { client_id, client_secret } = await registered(idp.issuer, asked)
    const me = [String(client_id), String(client_secret)] as const
    expect(await requestToken(idp.issuer, me, { scope: 'orders:read' })).toBeTypeOf('string')
    const form = { grant_type: 'client_credentials', scope: 'orders:write' }
    const other = await post(`${idp.issuer}/token`, form, basic(...me))
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    const web = await registered(idp.issuer, { redirect_uris: [CALLBACK] })
    const its = basic(String(web['client_id']), String(web['client_secret']))
    const machine = await post(`${idp.issuer}/token`, { grant_type: 'client_credentials' }, its)
    expect(machine).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  it('signs in users of the client, and asks a public client for PKCE', async () => {
    await using idp = await startIdp({
      registration: { enabled: true },
      login: { mode: 'auto' },
      users: [{ username: 'alice' }],
    })
    const answerTo = async (token_endpoint_auth_method: string): Promise<URLSearchParams> => {
      const client = await registered(idp.issuer, { redirect_uris: [CALLBACK], token_endpoint_auth_method })
      const request = { client_id: String(client['client_id']), response_type: 'code', scope: 'openid' }
      const url = `${idp.issuer}/authorize?${new URLSearchParams(request)}`
      const { headers } = await fetch(url, { redirect: 'manual' })
      const location = new URL(headers.get('location') ?? '')
      expect(location.origin + location.pathname).toBe(CALLBACK)
      return location.searchParams
    }
    expect((await answerTo('client_secret_basic')).get('code')).toMatch(/^[\w-]+$/)
    const refused = await answerTo('none')
    expect([refused.get('code'), refused.get('error')]).toEqual([null, 'invalid_request'])
    expect(refused.get('error_description')).toContain('code_challenge')
  })

  it('is understood by a client library', async () => {
    await using idp = await start()
    const issuer = new URL(idp.issuer)
    const insecure = { [oauth.allowInsecureRequests]: true }
    const discovered = await oauth.discoveryRequest(issuer, insecure)
    const as = await oauth.processDiscoveryResponse(issuer, discovered)
    const response = await oauth.dynamicClientRegistrationRequest(as, { ...MACHINE }, insecure)
    const client = await oauth.processDynamicClientRegistrationResponse(response)
    const auth = oauth.ClientSecretBasic(String(client.client_secret))
    const token = await oauth.clientCredentialsGrantRequest(as, client, auth, {}, insecure)
    const granted = await oauth.processClientCredentialsResponse(as, client, token)
    expect(granted.access_token).toBeTypeOf('string')
  })
})
