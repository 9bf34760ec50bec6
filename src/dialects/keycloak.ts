/** Keycloak, by the versions that its clients tell apart. @see https://www.keycloak.org/securing-apps/oidc-layers */
import type { Facts } from '../hooks.ts'
import { describe } from './describe.ts'
import type { ByKey, Description, ObjectTemplate } from './description.ts'
import { CLAIMS_9, CLAIMS_16, CLAIMS_26, REFRESH } from './keycloak_claims.ts'
import { ERRORS_16, ERRORS_26 } from './keycloak_errors.ts'
import { STANDARD } from './standard.ts'

const OIDC = '/protocol/openid-connect'

function keycloakFacts({ scopes, refresh_token, refresh_expires_in }: Facts): Facts {
  return {
    session_kind: (scopes as readonly string[] | undefined)?.includes('offline_access') ? 'of' : 'on',
    refresh_expires_in: refresh_token === undefined ? 0 : refresh_expires_in,
  }
}

/** The templates of every version and face. */
function claims(tables: Readonly<Record<keyof typeof CLAIMS_26, ObjectTemplate>>) {
  const always = (template: ObjectTemplate): ByKey<ObjectTemplate> => ({ '': template })
  return {
    claims: always(tables.claims),
    userClaims: always(tables.userClaims),
    idTokenClaims: always(tables.idTokenClaims),
  }
}

const NOT_IN_26 = [
  'display_values_supported',
  'ui_locales_supported',
  'introspection_signing_alg_values_supported',
]
const NOT_IN_16 = [
  ...NOT_IN_26,
  'prompt_values_supported',
  'acr_values_supported',
  'authorization_response_iss_parameter_supported',
]
const NOT_IN_9 = [
  ...NOT_IN_16,
  'introspection_endpoint_auth_methods_supported',
  'introspection_endpoint_auth_signing_alg_values_supported',
  'require_request_uri_registration',
  'mtls_endpoint_aliases',
  'userinfo_encryption_alg_values_supported',
  'userinfo_encryption_enc_values_supported',
  'frontchannel_logout_supported',
  'frontchannel_logout_session_supported',
  'backchannel_logout_supported',
  'backchannel_logout_session_supported',
]

/** Keycloak 26. */
const KEYCLOAK_26: Description = {
  ...STANDARD,
  name: 'keycloak@26',
  mount: { only: '/realms/:tenant', named: '/realms/:tenant' },
  faces: [
    {
      name: '',
      issuer: '{mount}',
      endpoints: {
        authorization: `${OIDC}/auth`,
        login: '/login-actions/authenticate',
        consent: '/login-actions/consent',
        token: `${OIDC}/token`,
        introspection: `${OIDC}/token/introspect`,
        userinfo: `${OIDC}/userinfo`,
        end_session: `${OIDC}/logout`,
        end_session_confirmation: `${OIDC}/logout/logout-confirm`,
        jwks: `${OIDC}/certs`,
        registration: '/clients-registrations/openid-connect',
        revocation: `${OIDC}/revoke`,
        device_authorization: `${OIDC}/auth/device`,
        device: '/device',
        discovery: '/.well-known/openid-configuration',
      },
    },
  ],
  // keycloak-connect sends its secret in the header and in the form when it introspects.
  credentials: 'header first',
  clientSubject: 'uuid',
  defaultAudience: 'role owners',
  // ID tokens have no roles unless a mapper of the realm puts them there.
  rolesIn: ['access_token'],
  defaultScopes: ['email', 'profile'],
  lifetimes: { code: 60, id_token: 300, refresh_token: 1800, device_code: 600 },
  accessToken: { ...STANDARD.accessToken, lifetime: 300, marks: ['scope'] },
  keys: { certificate: true, kid: 'own' },
  derive: keycloakFacts,
  ...claims(CLAIMS_26),
  header: { '': { alg: '{key.alg}', typ: 'JWT', kid: '{key.kid}' } },
  refreshToken: { alg: 'HS512', claims: { ...REFRESH, sid: '{login.sid}' } },
  metadata: { '': { omit: NOT_IN_26 } },
  reply: { '': { add: { session_state: '{login.sid}' } } },
  bodies: {
    token: {
      '': {
        access_token: '{access_token}',
        expires_in: '{expires_in}',
        refresh_expires_in: '{refresh_expires_in}',
        refresh_token: '{refresh_token}',
        token_type: 'Bearer',
        id_token: '{id_token}',
        'not-before-policy': 0,
        session_state: '{login.sid}',
        scope: '{scope|default:}',
      },
    },
    introspection: {
      '': {
        '*': '{claims|filled}',
        client_id: '{client.client_id}',
        username: '{claims.preferred_username|or:login.username}',
        token_type: '{claims.typ}',
        active: '{active}',
      },
    },
  },
  errors: ERRORS_26,
}

/** Keycloak 16, the last of the WildFly distribution: below /auth, older words. */
const KEYCLOAK_16: Description = {
  ...KEYCLOAK_26,
  name: 'keycloak@16',
  mount: { only: '/auth/realms/:tenant', named: '/auth/realms/:tenant' },
  ...claims(CLAIMS_16),
  refreshToken: { alg: 'HS256', claims: { ...REFRESH, session_state: '{login.sid}' } },
  metadata: { '': { omit: NOT_IN_16 } },
  reply: { '': { omit: ['iss'], add: { session_state: '{login.sid}' } } },
  errors: ERRORS_16,
}

/** Keycloak 9: neither revocation nor devices yet, every token belongs to a session. */
export const KEYCLOAK_9: Description = {
  ...KEYCLOAK_16,
  name: 'keycloak@9',
  faces: KEYCLOAK_16.faces.map(({ endpoints, ...face }) => {
    const { revocation: _12, device_authorization: _13, device: _page, ...served } = endpoints
    return { ...face, endpoints: served }
  }),
  ...claims(CLAIMS_9),
  metadata: {
    '': {
      rename: { introspection_endpoint: 'token_introspection_endpoint' },
      omit: NOT_IN_9,
      add: { claims_parameter_supported: false },
    },
  },
  bodies: {
    ...KEYCLOAK_16.bodies,
    token: {
      '': {
        ...KEYCLOAK_26.bodies?.token?.[''],
        token_type: 'bearer',
        session_state: '{claims.session_state}',
      },
    },
  },
}

export const keycloak26 = describe(KEYCLOAK_26)
export const keycloak16 = describe(KEYCLOAK_16)
export const keycloak9 = describe(KEYCLOAK_9)
