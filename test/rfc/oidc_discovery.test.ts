import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { decode, get, requestToken } from '../support/http.ts'

const OIDC = '/.well-known/openid-configuration'

describe('OpenID Connect Discovery §3 Provider Metadata', () => {
  it('has the members that every provider must have, with the types they have', async () => {
    await using idp = await startIdp()
    const { body } = await get(`${idp.issuer}${OIDC}`)
    expect(body).toMatchObject({
      issuer: idp.issuer,
      token_endpoint: `${idp.issuer}/token`,
      introspection_endpoint: `${idp.issuer}/introspect`,
      revocation_endpoint: `${idp.issuer}/revoke`,
      userinfo_endpoint: `${idp.issuer}/userinfo`,
      jwks_uri: `${idp.issuer}/jwks.json`,
      grant_types_supported: expect.arrayContaining(['client_credentials']),
      authorization_endpoint: `${idp.issuer}/authorize`,
      end_session_endpoint: `${idp.issuer}/logout`,
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: expect.arrayContaining(['code', 'id_token', 'id_token token']),
      scopes_supported: expect.arrayContaining(['openid']),
      claims_supported: expect.arrayContaining(['sub']),
      token_endpoint_auth_methods_supported: expect.arrayContaining([
        'client_secret_basic',
        'client_secret_post',
        'client_secret_jwt',
        'private_key_jwt',
      ]),
    })
  })

  it('promises no flow that is not there', async () => {
    await using idp = await startIdp()
    const { body } = await get(`${idp.issuer}${OIDC}`)
    expect(body.grant_types_supported).toEqual([
      'authorization_code',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'password',
      'refresh_token',
      'implicit',
    ])
    expect(body).not.toHaveProperty('registration_endpoint')
    expect(body).not.toHaveProperty('check_session_iframe')
  })
})

describe('OpenID Connect Discovery §4.3 Configuration Validation', () => {
  it.each([
    ['the default', {}],
    ['a base path', { server: { base_path: '/auth' } }],
    ['an issuer of its own', { issuer: { url: 'https://Login.Example.test/Auth' } }],
    ['an issuer with a slash at its end', { issuer: { url: 'https://login.example.test/' } }],
    ['an issuer with a port', { issuer: { url: 'http://idp.test:9999' } }],
  ])('has the issuer that the tokens have, byte for byte: %s', async (_what, options) => {
    await using idp = await startIdp({
      ...options,
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const { pathname } = new URL(idp.issuer)
    const here = `${new URL(idp.url).origin}${pathname.replace(/\/$/, '')}`
    const { body } = await get(`${here}${OIDC}`)
    const { claims } = decode(await requestToken(here, ['orders', 's3cret']))
    const minted = decode(await idp.token({ client: 'orders' })).claims
    const url = 'issuer' in options ? options.issuer.url : idp.issuer
    expect([body.issuer, claims.iss, minted.iss, idp.issuer]).toEqual([url, url, url, url])
  })
})

describe('OpenID Connect Discovery §3 jwks_uri', () => {
  it('gives every key a kid of its own, and no private member', async () => {
    await using idp = await startIdp({
      keys: [{ alg: 'RS256' }, { alg: 'RS256' }, { alg: 'ES256' }, { alg: 'EdDSA', status: 'published' }],
    })
    const { keys } = (await get(`${idp.issuer}/jwks.json`)).body as { keys: Record<string, unknown>[] }
    expect(keys).toHaveLength(4)
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(4)
    for (const key of keys) {
      expect(key).toMatchObject({ use: 'sig', kty: expect.any(String), alg: expect.any(String) })
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'])
        expect(key).not.toHaveProperty(member)
    }
  })

  it('is the same for all tenants without keys of their own, and another for each with its own', async () => {
    await using idp = await startIdp({
      tenants: { a: {}, b: {}, own: { keys: [{ alg: 'ES256' }] } },
    })
    const kidsOf = async (tenant: string) => {
      const { keys } = (await get(`${idp.issuerOf(tenant)}/jwks.json`)).body as { keys: { kid: string }[] }
      return keys.map(({ kid }) => kid)
    }
    const [a, b, own] = [await kidsOf('a'), await kidsOf('b'), await kidsOf('own')]
    expect(a).toEqual(b)
    expect(own).toHaveLength(1)
    expect(a).not.toContain(own[0])
  })
})

describe('OpenID Connect Discovery §4.1 the discovery URL as issuer', () => {
  it.each(['', '/acme'])('is answered with 404 and the issuer to set, at %j', async (path) => {
    await using idp = await startIdp(path === '' ? {} : { tenants: { acme: {} } })
    const answer = await get(`${idp.url}${path}${OIDC}${OIDC}`)
    expect(answer).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(
      new RegExp(
        `the discovery URL was set as the issuer, set the part before /.well-known: ${path || '/'}$`,
      ),
    )
  })
})
