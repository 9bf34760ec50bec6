import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get, post } from '../support/http.ts'

const OIDC = '/.well-known/openid-configuration'
const OAUTH = '/.well-known/oauth-authorization-server'

describe('RFC 8414 §3 Obtaining Authorization Server Metadata', () => {
  it.each([
    ['OpenID Connect, behind the issuer', (origin: string, path: string) => `${origin}${path}${OIDC}`],
    ['OpenID Connect, before the path', (origin: string, path: string) => `${origin}${OIDC}${path}`],
    ['OAuth, before the path', (origin: string, path: string) => `${origin}${OAUTH}${path}`],
    ['OAuth, behind the issuer', (origin: string, path: string) => `${origin}${path}${OAUTH}`],
  ])('answers at the address of %s', async (_what, urlOf) => {
    await using one = await startIdp()
    await using below = await startIdp({ server: { base_path: '/auth/idp' } })
    await using several = await startIdp({ tenants: { acme: {}, contoso: {} } })
    for (const issuer of [one.issuer, below.issuer, several.issuerOf('acme'), several.issuerOf('contoso')]) {
      const { origin, pathname } = new URL(issuer)
      const { status, body } = await get(urlOf(origin, pathname.replace(/\/$/, '')))
      expect({ status, issuer: body.issuer }).toEqual({ status: 200, issuer })
    }
  })

  it('keeps the slash at the end of an issuer, and answers at every address of it', async () => {
    await using idp = await startIdp({ issuer: { url: 'https://login.example.test/tenant/' } })
    expect(idp.issuer).toBe('https://login.example.test/tenant/')
    for (const path of [`/tenant${OIDC}`, `${OIDC}/tenant`, `${OIDC}/tenant/`, `${OAUTH}/tenant/`]) {
      const { status, body } = await get(`${new URL(idp.url).origin}${path}`)
      expect([status, body.issuer, path]).toEqual([200, 'https://login.example.test/tenant/', path])
    }
  })

  it('is JSON that is asked for again each time, and not sent again while it is the same', async () => {
    await using idp = await startIdp()
    for (const url of [`${idp.issuer}${OIDC}`, `${idp.issuer}/jwks.json`]) {
      const { status, headers, text } = await get(url)
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(headers.get('cache-control')).toBe('no-cache')
      const etag = headers.get('etag') ?? ''
      expect(etag).toMatch(/^"[\w-]+"$/)
      const again = await get(url, { 'if-none-match': etag })
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
      const other = await get(url, { 'if-none-match': '"other"' })
      expect([other.status, other.text]).toEqual([200, text])
    }
  })

  it.each(['POST', 'PUT', 'DELETE'])('refuses %s with 405 and Allow', async (method) => {
    await using idp = await startIdp()
    for (const path of [OIDC, '/jwks.json']) {
      const response = await fetch(`${idp.issuer}${path}`, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET'])
    }
  })

  it('answers HEAD without a body', async () => {
    await using idp = await startIdp()
    const response = await fetch(`${idp.issuer}${OIDC}`, { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100)
  })
})

describe('RFC 8414 §2 Authorization Server Metadata', () => {
  it('names only endpoints that are there', async () => {
    await using idp = await startIdp()
    const { body } = await get(`${idp.issuer}${OIDC}`)
    const named = Object.entries(body).filter(([name]) =>
      /_endpoint$|_uri$|^service_documentation$/.test(name),
    )
    expect(named.map(([name]) => name).sort()).toEqual([
      'authorization_endpoint',
      'device_authorization_endpoint',
      'end_session_endpoint',
      'introspection_endpoint',
      'jwks_uri',
      'revocation_endpoint',
      'service_documentation',
      'token_endpoint',
      'userinfo_endpoint',
    ])
    for (const [name, url] of named) {
      const statuses = [(await get(String(url))).status, (await post(String(url), '')).status]
      expect(statuses, name).not.toContain(404)
      expect(Math.max(...statuses), name).toBeLessThan(500)
    }
  })

  it('names no endpoint that the dialect does not have', async () => {
    await using idp = await startIdp({
      tenants: { now: { dialect: 'keycloak@26' }, old: { dialect: 'keycloak@9' } },
    })
    const membersOf = async (tenant: string) =>
      Object.keys((await get(`${idp.issuerOf(tenant)}${OIDC}`)).body).filter((name) =>
        name.startsWith('revocation'),
      )
    expect(await membersOf('now')).toContain('revocation_endpoint')
    expect(await membersOf('old')).toEqual([])
    const gone = await post(`${idp.issuerOf('old')}/protocol/openid-connect/revoke`, { token: 'x' })
    expect(gone.status).toBe(404)
  })

  it('lists the algorithms of the keys that sign, and no others', async () => {
    await using idp = await startIdp({
      keys: [{ alg: 'ES256' }, { alg: 'PS384' }, { alg: 'RS512', status: 'published' }],
    })
    const { body } = await get(`${idp.issuer}${OIDC}`)
    expect(body.id_token_signing_alg_values_supported).toEqual(['ES256', 'PS384'])
    expect(body.introspection_signing_alg_values_supported).toEqual(['ES256', 'PS384'])
  })

  it('lists the scopes of OpenID Connect, of the configuration, and of the resources', async () => {
    await using idp = await startIdp({
      scopes: { hr: ['employee_number'] },
      resources: [
        { identifier: 'a', scopes: ['read', 'write'] },
        { identifier: 'b', scopes: ['read', 'audit'] },
      ],
    })
    const { body } = await get(`${idp.issuer}${OIDC}`)
    const own = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'hr']
    expect(body.scopes_supported).toEqual([...own, 'read', 'write', 'audit'])
    expect(body.claims_supported).toContain('employee_number')
  })

  it('stays small for a configuration with thousands of scopes', async () => {
    const scopes = Array.from({ length: 5_000 }, (_, index) => `scope-${index}`)
    await using idp = await startIdp({ resources: [{ identifier: 'a', scopes }] })
    const { body, text } = await get(`${idp.issuer}${OIDC}`)
    expect(body.scopes_supported).toHaveLength(200)
    expect(text.length).toBeLessThan(10_000)
  })

  it('lists no authentication method for introspection that a public client uses', async () => {
    await using idp = await startIdp()
    const { body } = await get(`${idp.issuer}${OIDC}`)
    expect(body.token_endpoint_auth_methods_supported).toContain('none')
    expect(body.introspection_endpoint_auth_methods_supported).not.toContain('none')
  })

  it('has algorithms for the methods that sign, and never none', async () => {
    await using idp = await startIdp()
    const { body } = await get(`${idp.issuer}${OIDC}`)
    for (const endpoint of ['token', 'introspection', 'revocation']) {
      const algs = body[`${endpoint}_endpoint_auth_signing_alg_values_supported`]
      expect(algs).toEqual(expect.arrayContaining(['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']))
      expect(algs).not.toContain('none')
    }
  })

  it('uses no member name twice and no value null', async () => {
    await using idp = await startIdp({
      tenants: { a: {}, b: { dialect: 'entra' }, c: { dialect: 'trivore' } },
    })
    for (const tenant of ['a', 'b', 'c']) {
      const { text, body } = await get(`${idp.issuerOf(tenant).replace(/\/$/, '')}${OIDC}`)
      expect(text).not.toMatch(/:null[,}]/)
      expect(JSON.parse(text)).toEqual(body)
      expect(text).toBe(JSON.stringify(body))
    }
  })
})
