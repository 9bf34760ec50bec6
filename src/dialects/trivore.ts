import type { Facts } from '../hooks.ts'
import { describe } from './describe.ts'
import { STANDARD } from './standard.ts'

/** What the real document does not tell: clients know the path of introspection, and that PKCE is served. */
const UNTOLD = [
  'tls_client_certificate_bound_access_tokens',
  'mtls_endpoint_aliases',
  'introspection_endpoint',
  'introspection_endpoint_auth_methods_supported',
  'introspection_endpoint_auth_signing_alg_values_supported',
  'introspection_signing_alg_values_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'code_challenge_methods_supported',
  'prompt_values_supported',
  'acr_values_supported',
  'display_values_supported',
  'request_uri_parameter_supported',
  'request_object_signing_alg_values_supported',
  'userinfo_signing_alg_values_supported',
  'id_token_encryption_alg_values_supported',
  'id_token_encryption_enc_values_supported',
  'userinfo_encryption_alg_values_supported',
  'userinfo_encryption_enc_values_supported',
  'authorization_response_iss_parameter_supported',
]

const GROUPS_SCOPE = 'https://oneportal.trivore.com/scope/groups.readonly'
const GROUPS_CLAIM = 'https://oneportal.trivore.com/claims/groups'

/** Groups have a scope, and scopes stand only in the answers for users. */
function trivoreFacts({ kind, scope, scopes, claims, user, body }: Facts): Facts {
  const inToken = String((claims as Facts | undefined)?.['scope']).split(' ')
  const granted = (scopes as readonly string[] | undefined) ?? inToken
  return {
    granted: kind === 'user' ? scope : undefined,
    groups: granted.includes(GROUPS_SCOPE) ? ((user ?? body) as Facts | undefined)?.['groups'] : undefined,
  }
}

/** Trivore ID Service, as its documentation and public clients show it. @see https://www.trivoreid.com */
export const trivore = describe({
  ...STANDARD,
  name: 'trivore',
  faces: [
    {
      name: '',
      issuer: '{mount}',
      endpoints: {
        authorization: '/openid/auth',
        login: '/openid/login',
        consent: '/openid/consent',
        token: '/openid/token',
        introspection: '/openid/introspect',
        userinfo: '/openid/userinfo',
        end_session: '/openid/logout',
        end_session_confirmation: '/openid/logout/confirm',
        jwks: '/openid/jwks.json',
        discovery: '/.well-known/openid-configuration',
      },
    },
  ],
  accepts: { token: ['form', 'query', 'json'], introspection: ['form', 'query', 'json'] },
  accessToken: {
    ...STANDARD.accessToken,
    format: 'opaque',
    lifetime: 604_800,
    opaque: { alphabet: 'alphanumeric', length: 32 },
    marks: [],
  },
  derive: trivoreFacts,
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
  userClaims: {
    '': {
      iss: '{issuer}',
      iat: '{iat}',
      exp: '{exp}',
      sub: '{sub}',
      aud: '{declared_aud|one|or:client.client_id}',
      scope: '{scope}',
      roles: '{roles|nonempty}',
      [GROUPS_CLAIM]: '{groups|nonempty}',
    },
  },
  idTokenClaims: { '': { '*': '{claims}', [GROUPS_CLAIM]: '{groups|nonempty}' } },
  header: { '': { alg: '{key.alg}', kid: '{key.kid}' } },
  metadata: {
    '': {
      omit: UNTOLD,
      add: {
        response_modes_supported: ['query', 'fragment'],
        subject_types_supported: ['public'],
        request_parameter_supported: false,
        require_request_uri_registration: false,
        frontchannel_logout_session_supported: false,
        backchannel_logout_session_supported: false,
        service_documentation: 'https://redirect.trivore.com/TIS-OpenId-Connect-Doc',
      },
    },
  },
  reply: { '': { omit: ['iss'] } },
  bodies: {
    // What is left of the lifetime, not the lifetime: the real service answers 604799 for a week.
    token: {
      '': {
        access_token: '{access_token}',
        token_type: 'Bearer',
        expires_in: '{expires_in|plus:-1}',
        refresh_token: '{refresh_token}',
        scope: '{granted}',
        id_token: '{id_token}',
      },
    },
    userinfo: { '': { '*': '{body}', [GROUPS_CLAIM]: '{groups|nonempty}' } },
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
        cnf: '{claims.cnf}',
      },
    },
  },
})
