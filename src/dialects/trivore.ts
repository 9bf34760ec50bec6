import { describe } from './describe.ts'
import { STANDARD } from './standard.ts'

/** Trivore ID Service, as its documentation and public clients show it. @see https://www.trivoreid.com */
export const trivore = describe({
  ...STANDARD,
  name: 'trivore',
  faces: [
    {
      name: '',
      issuer: '{mount}',
      endpoints: {
        token: '/openid/token',
        introspection: '/openid/introspect',
        userinfo: '/openid/userinfo',
        jwks: '/openid/jwks.json',
        discovery: '/.well-known/openid-configuration',
      },
    },
  ],
  accepts: { token: ['form', 'query', 'json'], introspection: ['form', 'query', 'json'] },
  accessToken: {
    format: 'opaque',
    lifetime: 604_800,
    versions: [],
    opaque: { alphabet: 'alphanumeric', length: 32 },
  },
  claims: {
    '': {
      iss: '{issuer}',
      iat: '{iat}',
      exp: '{exp}',
      sub: '{sub}',
      aud: '{declared_aud|or:sub_list|one}',
      scope: '{scope}',
      roles: '{roles|nonempty}',
    },
  },
  header: { '': { alg: '{key.alg}', kid: '{key.kid}' } },
  // The real document names neither the introspection endpoint nor PKCE: clients know the path.
  metadata: {
    '': {
      omit: [
        'introspection_endpoint',
        'introspection_endpoint_auth_methods_supported',
        'introspection_endpoint_auth_signing_alg_values_supported',
        'introspection_signing_alg_values_supported',
      ],
    },
  },
  bodies: {
    // What is left of the lifetime, not the lifetime: the real service answers 604799 for a week.
    token: {
      '': { access_token: '{access_token}', token_type: 'Bearer', expires_in: '{expires_in|plus:-1}' },
    },
    introspection: {
      '': {
        active: '{active}',
        sub: '{sub}',
        clientId: '{client.client_id}',
        exp: '{exp}',
        iat: '{iat}',
        iss: '{claims.iss}',
        aud: '{claims.aud}',
        scope: '{scope}',
        token_type: '{active|map:true=Bearer}',
      },
    },
  },
})
