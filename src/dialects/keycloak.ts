/** Keycloak, by the versions that its clients tell apart. @see https://www.keycloak.org/securing-apps/oidc-layers */
import { type Description, describe } from './describe.ts'
import { ERRORS_16, ERRORS_26 } from './keycloak_errors.ts'
import { STANDARD } from './standard.ts'
import type { Template } from './template.ts'

const OIDC = '/protocol/openid-connect'

const SUBJECT = {
  sub: '{sub}',
  typ: 'Bearer',
  azp: '{client.client_id}',
} satisfies Record<string, Template>

const ROLES = {
  realm_access: '{realm_access}',
  resource_access: '{resource_roles|nonempty}',
  scope: '{scope|default:}',
} satisfies Record<string, Template>

const CLIENT = {
  email_verified: false,
  clientHost: '{request.ip}',
  preferred_username: 'service-account-{client.client_id}',
  clientAddress: '{request.ip}',
} satisfies Record<string, Template>

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
        token: `${OIDC}/token`,
        introspection: `${OIDC}/token/introspect`,
        userinfo: `${OIDC}/userinfo`,
        jwks: `${OIDC}/certs`,
        revocation: `${OIDC}/revoke`,
        discovery: '/.well-known/openid-configuration',
      },
    },
  ],
  // keycloak-connect sends its secret in the header and in the form when it introspects.
  credentials: 'header first',
  clientSubject: 'uuid',
  defaultAudience: 'role owners',
  accessToken: { ...STANDARD.accessToken, lifetime: 300 },
  keys: { certificate: true, kid: 'own' },
  claims: {
    '': {
      exp: '{exp}',
      iat: '{iat}',
      jti: 'trrtcc:{uuid}',
      iss: '{issuer}',
      aud: '{declared_aud|nonempty|one}',
      ...SUBJECT,
      acr: '1',
      ...ROLES,
      ...CLIENT,
      client_id: '{client.client_id}',
    },
  },
  header: { '': { alg: '{key.alg}', typ: 'JWT', kid: '{key.kid}' } },
  bodies: {
    token: {
      '': {
        access_token: '{access_token}',
        expires_in: '{expires_in}',
        refresh_expires_in: 0,
        token_type: 'Bearer',
        'not-before-policy': 0,
        scope: '{scope|default:}',
      },
    },
    introspection: {
      '': {
        '*': '{claims|filled}',
        client_id: '{client.client_id}',
        username: '{claims.preferred_username}',
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
  claims: {
    '': {
      exp: '{exp}',
      iat: '{iat}',
      jti: '{uuid}',
      iss: '{issuer}',
      aud: '{declared_aud|nonempty|one}',
      ...SUBJECT,
      acr: '1',
      ...ROLES,
      clientId: '{client.client_id}',
      ...CLIENT,
    },
  },
  errors: ERRORS_16,
}

/** Keycloak 9: no revocation yet, every token belongs to a session. */
export const KEYCLOAK_9: Description = {
  ...KEYCLOAK_16,
  name: 'keycloak@9',
  faces: KEYCLOAK_16.faces.map(({ endpoints: { revocation: _later, ...endpoints }, ...face }) => ({
    ...face,
    endpoints,
  })),
  claims: {
    '': {
      jti: '{uuid}',
      exp: '{exp}',
      nbf: 0,
      iat: '{iat}',
      iss: '{issuer}',
      aud: '{declared_aud|nonempty|one}',
      ...SUBJECT,
      auth_time: 0,
      session_state: '{uuid}',
      acr: '1',
      ...ROLES,
      clientId: '{client.client_id}',
      ...CLIENT,
    },
  },
  metadata: {
    '': {
      rename: { introspection_endpoint: 'token_introspection_endpoint' },
      omit: [
        'introspection_endpoint_auth_methods_supported',
        'introspection_endpoint_auth_signing_alg_values_supported',
        'introspection_signing_alg_values_supported',
      ],
    },
  },
  bodies: {
    ...KEYCLOAK_16.bodies,
    token: {
      '': {
        access_token: '{access_token}',
        expires_in: '{expires_in}',
        refresh_expires_in: 0,
        token_type: 'bearer',
        'not-before-policy': 0,
        session_state: '{claims.session_state}',
        scope: '{scope|default:}',
      },
    },
  },
}

export const keycloak26 = describe(KEYCLOAK_26)
export const keycloak16 = describe(KEYCLOAK_16)
export const keycloak9 = describe(KEYCLOAK_9)
