import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { authorizeUrl } from '../support/browser.ts'
import { type ClientInput, problemsIn } from '../support/configured.ts'
import { basic } from '../support/http.ts'
import { startSecure } from '../support/tls.ts'
import { certified, cnfOf, refusalOf, send } from '../support/tls_client.ts'
import { claimsOf } from '../support/token.ts'

const SECRET = { client_id: 'orders', client_secret: 's3cret' } as const
const BASIC = basic(SECRET.client_id, SECRET.client_secret)
const FORM = { grant_type: 'client_credentials' }
const BOUND = { tls_client_certificate_bound_access_tokens: true } as const
const PUBLIC: ClientInput = {
  client_id: 'app',
  token_endpoint_auth_method: 'none',
  grant_types: ['password', 'refresh_token'],
  ...BOUND,
}

const start = (client: Partial<ClientInput> = {}, config: ConfigInput = {}) =>
  startSecure({ clients: [{ ...SECRET, ...BOUND, ...client }], ...config })
type Secure = Awaited<ReturnType<typeof start>>

const own = await certified()
const other = await certified({ subject: [{ CN: ['other'] }] })

const ask = (by: typeof fetch, { httpsUrl }: Secure, form: Record<string, string> = FORM) =>
  send(by, `${httpsUrl}/token`, form, BASIC)

describe('RFC 8705 §3 Mutual-TLS Client Certificate-Bound Access Tokens', () => {
  it('binds the token to the certificate of the connection, whatever the client authenticates by', async () => {
    await using secure = await start()
    for (const certificate of [own, other]) {
      const answer = await ask(secure.as(certificate), secure)
      expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
      expect(claimsOf(answer)['cnf']).toEqual(cnfOf(certificate))
    }
  })

  it('binds no token of a client that did not ask for it', async () => {
    await using secure = await start({ tls_client_certificate_bound_access_tokens: false }, CERTIFICATES)
    expect(claimsOf(await ask(secure.as(own), secure))).not.toHaveProperty('cnf')
  })

  it.each([
    ['entra', '/oauth2/v2.0/token', { scope: 'https://api.test/.default' }],
    ['entra', '/oauth2/token', { resource: 'https://api.test' }],
    ['keycloak@26', '/protocol/openid-connect/token', {}],
    ['keycloak@16', '/protocol/openid-connect/token', {}],
    ['keycloak@9', '/protocol/openid-connect/token', {}],
  ])('lays cnf over the claims of %s at %s', async (dialect, path, form) => {
    await using secure = await start({}, { dialect, resources: [{ identifier: 'https://api.test' }] })
    const base = secure.idp.issuer.replace(/^http:\/\/[^/]+/, secure.httpsUrl).replace(/\/v2\.0$/, '')
    const answer = await send(secure.as(own), `${base}${path}`, { ...FORM, ...form }, BASIC)
    expect(claimsOf(answer)['cnf'], answer.text).toEqual(cnfOf(own))
    const without = await send(secure.fetch, `${base}${path}`, { ...FORM, ...form }, BASIC)
    expect(without.headers.get('x-mock-reason')).toBe('binding.certificate_missing')
  })

  it('stands above a cnf of the configuration', async () => {
    await using secure = await start({ claims: { cnf: { jkt: 'x' } } })
    expect(claimsOf(await ask(secure.as(own), secure))['cnf']).toEqual(cnfOf(own))
  })

  it('refuses a request without certificate, and says where to come with it', async () => {
    await using secure = await start()
    const { status, error, reason, description } = refusalOf(await ask(secure.fetch, secure))
    expect({ status, error, reason }).toEqual({
      status: 400,
      error: 'invalid_request',
      reason: 'binding.certificate_missing',
    })
    expect(description).toContain(`none came; connect with it to ${secure.httpsUrl}/token`)
    const plain = refusalOf(await send(fetch, `${secure.idp.url}/token`, FORM, BASIC))
    expect(plain).toEqual({ status, error, reason, description })
  })

  it('issues an unbound token without certificate where strictness lets it, which §3.4 leaves to the server', async () => {
    await using secure = await start({}, { strictness: { client_certificate: 'lax' } })
    expect(claimsOf(await ask(secure.fetch, secure))).not.toHaveProperty('cnf')
    expect(claimsOf(await ask(secure.as(own), secure))['cnf']).toEqual(cnfOf(own))
  })
})

/** Asks for certificates though no client needs one. */
const CERTIFICATES = { server: { tls: { client_ca: 'auto' } } } as const

describe('RFC 8705 §3.2 Confirmation Method for Token Introspection', () => {
  it.each([
    ['standard', 'jwt', '/token', '/introspect'],
    ['standard', 'opaque', '/token', '/introspect'],
    ['trivore', 'opaque', '/openid/token', '/openid/introspect'],
    ['keycloak@26', 'jwt', OIDC('token'), OIDC('token/introspect')],
  ] as const)('has cnf in %s, of a token that is %s', async (dialect, format, token, introspect) => {
    await using secure = await start({ access_token: { format } }, { dialect })
    const base = secure.idp.issuer.replace(/^http:\/\/[^/]+/, secure.httpsUrl)
    const { body } = await send(secure.as(own), `${base}${token}`, FORM, BASIC)
    const form = { token: String(body['access_token']) }
    const answer = await send(secure.fetch, `${base}${introspect}`, form, BASIC)
    expect(answer.body).toMatchObject({ active: true, cnf: cnfOf(own) })
  })
})

function OIDC(path: string): string {
  return `/protocol/openid-connect/${path}`
}

describe('RFC 8705 §4 Public Clients and Certificate-Bound Tokens', () => {
  const startPublic = (more: Partial<ClientInput> = {}) =>
    startSecure({ clients: [{ ...PUBLIC, ...more }], users: [{ username: 'alice' }] })
  const login = { grant_type: 'password', username: 'alice', password: 'x', client_id: 'app' }
  const refresh = (by: typeof fetch, { httpsUrl }: Secure, refresh_token: unknown) => {
    const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token: String(refresh_token) }
    return send(by, `${httpsUrl}/token`, form)
  }

  it('binds the refresh token of a public client to its certificate, through every rotation', async () => {
    await using secure = await startPublic()
    const first = await send(secure.as(own), `${secure.httpsUrl}/token`, login)
    const second = await refresh(secure.as(own), secure, first.body['refresh_token'])
    expect([first, second].map((answer) => claimsOf(answer)['cnf'])).toEqual([cnfOf(own), cnfOf(own)])
    const stolen = refusalOf(await refresh(secure.as(other), secure, second.body['refresh_token']))
    expect(stolen).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(stolen.reason).toBe('refresh_token.other_certificate')
    const without = refusalOf(await refresh(secure.fetch, secure, second.body['refresh_token']))
    expect(without.reason).toBe('binding.certificate_missing')
    const third = await refresh(secure.as(own), secure, second.body['refresh_token'])
    expect(claimsOf(third)['cnf']).toEqual(cnfOf(own))
  })

  it('binds that of an authorization code', async () => {
    const redirect_uri = 'https://app.test/cb'
    const verifier = 'v'.repeat(43)
    await using secure = await startSecure({
      clients: [
        { ...PUBLIC, grant_types: ['authorization_code', 'refresh_token'], redirect_uris: [redirect_uri] },
      ],
      users: [{ username: 'alice' }],
      login: { mode: 'auto' },
    })
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const asked = { client_id: 'app', redirect_uri, response_type: 'code', scope: 'openid' }
    const pkce = { code_challenge, code_challenge_method: 'S256' }
    const url = authorizeUrl(secure.idp.issuer, { ...asked, ...pkce })
    const back = await fetch(url, { redirect: 'manual' })
    const code = String(new URL(back.headers.get('location') ?? '').searchParams.get('code'))
    const form = { grant_type: 'authorization_code', client_id: 'app', code, redirect_uri }
    const redeem = (by: typeof fetch) =>
      send(by, `${secure.httpsUrl}/token`, { ...form, code_verifier: verifier })
    // Refused before the code is used up.
    expect((await redeem(secure.fetch)).headers.get('x-mock-reason')).toBe('binding.certificate_missing')
    const { body, ...answer } = await redeem(secure.as(own))
    expect(claimsOf({ body, ...answer })['cnf']).toEqual(cnfOf(own))
    expect((await refresh(secure.as(other), secure, body['refresh_token'])).status).toBe(400)
    expect((await refresh(secure.as(own), secure, body['refresh_token'])).status).toBe(200)
  })

  it('lets a client with a secret refresh by another certificate, to which the new token is bound', async () => {
    const secret = { token_endpoint_auth_method: undefined, client_secret: 's3cret' }
    await using secure = await startPublic(secret)
    const first = await send(secure.as(own), `${secure.httpsUrl}/token`, {
      ...login,
      client_secret: 's3cret',
    })
    const refresh_token = String(first.body['refresh_token'])
    const form = { grant_type: 'refresh_token', client_id: 'app', client_secret: 's3cret', refresh_token }
    const second = await send(secure.as(other), `${secure.httpsUrl}/token`, form)
    expect(claimsOf(second)['cnf']).toEqual(cnfOf(other))
  })
})

describe('RFC 8705 §6.4 Implicit Grant Unsupported', () => {
  it('refuses a configuration whose access tokens would go through the browser unbound', async () => {
    const client = { ...SECRET, ...BOUND, redirect_uris: ['https://app.test/cb'] }
    const grant_types: ClientInput['grant_types'] = ['authorization_code', 'implicit']
    const problems = (more: Partial<ClientInput>) =>
      problemsIn({ server: { tls: {} }, clients: [{ ...client, ...more }] })
    expect(await problems({ grant_types })).toEqual([
      expect.stringMatching(/^clients\[0\]\.tls_client_certificate_bound_access_tokens: .* id_token token/),
    ])
    expect(await problems({ grant_types, response_types: ['code id_token'] })).toEqual([])
    expect(await problems({})).toEqual([])
  })
})
