import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { startIdp } from '../../src/index.ts'
import { fileWith } from '../support/folder.ts'
import { answerOf, get } from '../support/http.ts'
import { manage, register, registered } from '../support/registration.ts'
import { startSecure } from '../support/tls.ts'
import { ask, certified, derOf } from '../support/tls_client.ts'
import { claimsOf } from '../support/token.ts'

const OIDC = '/.well-known/openid-configuration'
const METHODS = ['token', 'introspection', 'revocation'].map(
  (name) => `${name}_endpoint_auth_methods_supported`,
)
const CA: ConfigInput = { server: { tls: { client_ca: 'auto' } } }
const BOUND = { client_id: 'a', client_secret: 'b', tls_client_certificate_bound_access_tokens: true }

const certificateMethods = (body: Readonly<Record<string, unknown>>, member: string) =>
  (body[member] as string[]).filter((method) => method.includes('tls'))

describe('RFC 8705 §5 Metadata for Mutual-TLS Endpoint Aliases', () => {
  it.each([
    ['a CA of clients is configured', CA, ['self_signed_tls_client_auth', 'tls_client_auth']],
    ['a client needs certificates and no CA', { clients: [BOUND] }, ['self_signed_tls_client_auth']],
  ])('shows methods, bound tokens and aliases where %s', async (_what, config, methods) => {
    await using secure = await startSecure(config)
    const { body } = await get(`${secure.idp.issuer}${OIDC}`)
    for (const member of METHODS) expect(certificateMethods(body, member), member).toEqual(methods)
    expect(body).toMatchObject({ tls_client_certificate_bound_access_tokens: true })
    const { httpsUrl } = secure
    expect(body['mtls_endpoint_aliases']).toEqual({
      introspection_endpoint: `${httpsUrl}/introspect`,
      revocation_endpoint: `${httpsUrl}/revoke`,
      token_endpoint: `${httpsUrl}/token`,
      userinfo_endpoint: `${httpsUrl}/userinfo`,
      ...(body['device_authorization_endpoint'] !== undefined && {
        device_authorization_endpoint: `${httpsUrl}${pathOf(body['device_authorization_endpoint'])}`,
      }),
    })
  })

  it('shows none of it where nobody is asked for a certificate', async () => {
    await using secure = await startSecure()
    const { body } = await get(`${secure.idp.issuer}${OIDC}`)
    for (const member of METHODS) expect(certificateMethods(body, member)).toEqual([])
    expect(Object.keys(body).filter((name) => name.includes('tls'))).toEqual([])
  })

  it('has aliases below a base path and for each tenant, under the name that was called', async () => {
    const server = { base_path: '/auth', tls: { client_ca: 'auto' } }
    await using secure = await startSecure({ server, tenants: { one: {}, two: { dialect: 'keycloak@26' } } })
    const { port } = new URL(secure.httpsUrl)
    const issuer = new URL(secure.idp.issuerOf('two'))
    const { body } = await get(`http://127.0.0.1:${issuer.port}${issuer.pathname}${OIDC}`)
    const { token_endpoint } = body['mtls_endpoint_aliases'] as Record<string, string>
    expect(token_endpoint).toBe(`https://127.0.0.1:${port}/auth/realms/two/protocol/openid-connect/token`)
    const one = await get(`${secure.idp.issuerOf('one')}${OIDC}`)
    expect(one.body['mtls_endpoint_aliases']).toMatchObject({
      token_endpoint: `${secure.httpsUrl}/one/token`,
    })
  })

  it('has aliases where TLS is spoken with the provider itself, which a proxy that speaks it does not', async () => {
    const server = { trust_proxy: true, tls: { client_ca: 'auto' } }
    await using secure = await startSecure({ server, issuer: { mode: 'request' } })
    const { port } = new URL(secure.httpsUrl)
    const proxied = { 'x-forwarded-host': 'login.test', 'x-forwarded-proto': 'https' }
    const prefixed = { ...proxied, 'x-forwarded-prefix': '/sso' }
    for (const [headers, base] of [[proxied, ''] as const, [prefixed, '/sso'] as const])
      for (const by of [fetch, secure.fetch]) {
        const url = by === fetch ? secure.idp.url : secure.httpsUrl
        const { body } = await answerOf(await by(`${url}${OIDC}`, { headers }))
        expect(body['token_endpoint']).toBe(`https://login.test${base}/token`)
        expect(body['mtls_endpoint_aliases']).toMatchObject({
          token_endpoint: `https://login.test:${port}/token`,
        })
      }
  })

  it('has aliases at the port that the caller used, which a container may show as another', async () => {
    await using secure = await startSecure(CA)
    const body = await secure.fetch(`${secure.httpsUrl}${OIDC}`, { headers: { host: 'localhost:18443' } })
    expect(await body.json()).toMatchObject({
      mtls_endpoint_aliases: { token_endpoint: 'https://localhost:18443/token' },
    })
  })

  it('has aliases below the path of the issuer, and below none where a proxy cut it off', async () => {
    const issuer = { url: 'https://login.test/sso' }
    await using secure = await startSecure({ ...CA, issuer })
    for (const path of ['', '/sso']) {
      const { body } = await get(`${secure.idp.url}${path}${OIDC}`)
      const { token_endpoint } = body['mtls_endpoint_aliases'] as Record<string, string>
      expect(token_endpoint).toBe(`${secure.httpsUrl}${path}/token`)
      const answer = await secure.fetch(String(token_endpoint), { method: 'POST' })
      expect(answer.headers.get('x-mock-reason')).toBe('grant.missing')
    }
  })

  it.each([
    ['keycloak@26', true, true],
    ['keycloak@16', true, true],
    ['keycloak@9', true, false],
    ['buypass', true, false],
    ['trivore', false, false],
    ['entra', false, false],
  ])('is in the document of %s as far as the real one has it', async (dialect, binds, aliases) => {
    await using secure = await startSecure({ ...CA, dialect })
    const { issuer } = secure.idp
    const by = issuer.startsWith('https:') ? secure.fetch : fetch
    const { status, body } = await answerOf(await by(`${issuer}${OIDC}`))
    expect(status).toBe(200)
    const methods = String(body['token_endpoint_auth_methods_supported'])
    expect(methods.includes('tls_client_auth')).toBe(dialect !== 'entra')
    expect('tls_client_certificate_bound_access_tokens' in body).toBe(binds)
    expect('mtls_endpoint_aliases' in body).toBe(aliases)
  })
})

const MACHINE = { grant_types: ['client_credentials'] }
const PKI = { ...MACHINE, token_endpoint_auth_method: 'tls_client_auth' }
const ITSELF = { ...MACHINE, token_endpoint_auth_method: 'self_signed_tls_client_auth' }
const OPEN = { registration: { enabled: true } }
const own = await certified()
const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x5c: [derOf(own)] }] }

describe('RFC 8705 §2.1.2, §3.4 Client Registration Metadata', () => {
  it('registers a client by the name in its certificate, which then gets bound tokens', async () => {
    const client_ca = fileWith('registering.pem', own.cert)
    await using secure = await startSecure({ ...OPEN, server: { tls: { client_ca } } })
    const tls = { tls_client_auth_subject_dn: 'CN=partner', tls_client_certificate_bound_access_tokens: true }
    const client = await registered(secure.idp.issuer, { ...PKI, ...tls })
    expect(client).toMatchObject({ ...PKI, ...tls })
    expect(client).not.toHaveProperty('client_secret')
    const answer = await ask(secure.as(own), secure.httpsUrl, String(client['client_id']))
    expect(claimsOf(answer)).toHaveProperty(['cnf', 'x5t#S256'])
    const read = await manage(client)
    expect(read.body).toMatchObject({ ...PKI, ...tls })
    const changed = { ...PKI, client_id: client['client_id'], tls_client_auth_san_dns: 'partner.test' }
    expect((await manage(client, 'PUT', changed)).status).toBe(200)
    const refused = await ask(secure.as(own), secure.httpsUrl, String(client['client_id']))
    expect(refused.headers.get('x-mock-reason')).toBe('client.certificate_mismatch')
  })

  it('registers a client by its own certificate', async () => {
    await using secure = await startSecure({ ...CA, ...OPEN })
    const { client_id } = await registered(secure.idp.issuer, { ...ITSELF, jwks })
    const answer = await ask(secure.as(own), secure.httpsUrl, String(client_id))
    expect(answer.status, answer.text).toBe(200)
    expect((await ask(secure.as(await certified()), secure.httpsUrl, String(client_id))).status).toBe(401)
  })

  it.each([
    ['no name', PKI, /^tls_client_auth needs tls_client_auth_subject_dn, .*; register one of them$/],
    [
      'two names',
      { ...PKI, tls_client_auth_san_dns: 'a.test', tls_client_auth_san_ip: '::1' },
      /tls_client_auth_san_dns and tls_client_auth_san_ip came together/,
    ],
    [
      'a name with another method',
      { ...MACHINE, tls_client_auth_san_dns: 'a.test' },
      /tls_client_auth_san_dns is for tls_client_auth, not for client_secret_basic/,
    ],
    ['no distinguished name', { ...PKI, tls_client_auth_subject_dn: '/CN=a' }, /is no distinguished name: /],
    ['no IP address', { ...PKI, tls_client_auth_san_ip: '1.2.3' }, /is 1\.2\.3, expected an IP address/],
    ['an empty name', { ...PKI, tls_client_auth_san_uri: '' }, /is empty, expected a string/],
    ['no certificate of its own', ITSELF, /self_signed_tls_client_auth needs a public key of the client/],
    [
      'bound tokens through the browser',
      {
        redirect_uris: ['https://app.test/cb'],
        grant_types: ['implicit'],
        response_types: ['id_token token'],
        tls_client_certificate_bound_access_tokens: true,
      },
      /does not go with response type id_token token/,
    ],
    [
      'text for true',
      { ...MACHINE, tls_client_certificate_bound_access_tokens: 'true' },
      /expected true or false, without quotes/,
    ],
  ])('refuses %s with invalid_client_metadata', async (_what, metadata, description) => {
    await using secure = await startSecure({ ...CA, ...OPEN })
    const { status, body } = await register(secure.idp.issuer, metadata)
    const wanted = { error: 'invalid_client_metadata', error_description: expect.stringMatching(description) }
    expect({ status, body }).toEqual({ status: 400, body: wanted })
  })

  it.each([
    ['a method', { ...PKI, tls_client_auth_san_dns: 'a.test' }, /tls_client_auth/],
    ['a name', { ...MACHINE, tls_client_auth_san_dns: 'a.test' }, /nobody is asked for a certificate here/],
    [
      'bound tokens',
      { ...MACHINE, tls_client_certificate_bound_access_tokens: true },
      /nobody is asked for a certificate here \(server\.tls is not configured\)/,
    ],
  ])('refuses %s where nobody is asked for a certificate', async (_what, metadata, description) => {
    await using idp = await startIdp(OPEN)
    const { status, body } = await register(idp.issuer, metadata)
    expect([status, body['error']]).toEqual([400, 'invalid_client_metadata'])
    expect(body['error_description']).toMatch(description)
  })

  it('registers that tokens are not bound anywhere', async () => {
    await using idp = await startIdp(OPEN)
    const metadata = { ...MACHINE, tls_client_certificate_bound_access_tokens: false }
    expect(await registered(idp.issuer, metadata)).toMatchObject(metadata)
  })
})

function pathOf(url: unknown): string {
  return new URL(String(url)).pathname
}
