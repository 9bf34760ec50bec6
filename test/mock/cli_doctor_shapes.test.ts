import { describe, expect, it } from 'vitest'
import { doctor, type Faults, provider } from '../support/doctor.ts'

type Members = Record<string, unknown>

/** As other providers have it: nothing of it is wrong. */
const SHAPES: Readonly<Record<string, Faults>> = {
  'Google: endpoints of other hosts, kept by a cache': {
    metadata: (all) => ({
      ...all,
      userinfo_endpoint: undefined,
      device_authorization_endpoint: 'https://oauth2.example.test/device/code',
      revocation_endpoint: 'https://oauth2.example.test/revoke',
      response_types_supported: ['code', 'token', 'id_token', 'code token', 'none'],
      code_challenge_methods_supported: ['plain', 'S256'],
    }),
    headers: { 'cache-control': 'public, max-age=3600' },
    keys: (key) => ['one', 'two'].map((kid) => ({ ...key, kid, e: 'AQAB' })),
  },
  'Azure AD B2C: keys without alg, with certificates and issuers': {
    metadata: (all) => ({
      ...all,
      request_uri_parameter_supported: false,
      http_logout_supported: true,
      subject_types_supported: ['pairwise'],
    }),
    keys: ({ alg, ...key }) =>
      ['a', 'b'].map((kid) => ({ ...key, kid, x5t: kid, x5c: ['MIIC'], issuer: 'https://x.test/v2.0' })),
  },
  'Auth0: an issuer that ends with a slash, HS256 advertised': {
    metadata: (all) => ({
      ...all,
      issuer: `${all['issuer']}/`,
      id_token_signing_alg_values_supported: ['HS256', 'RS256'],
      mfa_challenge_endpoint: `${all['issuer']}/mfa/challenge`,
    }),
    at: { '/token': (_, r) => r.writeHead(403).end('{"error":"access_denied"}') },
  },
  'Keycloak: a key for encryption, many algorithms': {
    metadata: (all) => ({
      ...all,
      id_token_signing_alg_values_supported: ['PS384', 'ES384', 'HS256', 'RS256', 'EdDSA'],
      mtls_endpoint_aliases: { token_endpoint: `${all['issuer']}/token` },
      acr_values_supported: ['0', '1'],
      require_request_uri_registration: true,
    }),
    keys: (key) => [key, { ...key, kid: 'enc', use: 'enc', alg: 'RSA-OAEP' }],
    headers: { 'content-type': 'application/json;charset=UTF-8' },
  },
  'Cognito: no grant types, redirects at the authorization endpoint': {
    at: {
      '/authorize': (_, r) => r.writeHead(302, { location: '/error' }).end(),
      '/userinfo': (_, r) => r.writeHead(401, { 'www-authenticate': 'Bearer' }).end(),
    },
  },
  'GitHub Actions: keys alone': {
    metadata: ({ authorization_endpoint, token_endpoint, userinfo_endpoint, ...all }: Members) => ({
      ...all,
      response_types_supported: ['id_token'],
      claims_supported: ['sub', 'repository'],
    }),
  },
}

describe('idp-double doctor, of providers of other shapes', () => {
  it.each(Object.entries(SHAPES))('finds nothing wrong with %s', async (name, faults) => {
    await using idp = await provider(faults)
    const { code, failed } = await doctor(name.startsWith('Auth0') ? `${idp.url}/` : idp.url)
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
  })
})
