import { describe } from './describe.ts'
import type { Description } from './description.ts'

/** What the RFCs say, without a provider's manners. @see https://www.rfc-editor.org/rfc/rfc9068.html */
export const STANDARD: Description = {
  name: 'standard',
  mount: { only: '', named: '/:tenant' },
  tenantIsGuid: false,
  grantTypes: 'registered',
  issuerMode: 'fixed',
  home: 'http',
  officialHosts: [],
  faces: [
    {
      name: '',
      issuer: '{mount}',
      endpoints: {
        authorization: '/authorize',
        login: '/login',
        consent: '/consent',
        token: '/token',
        introspection: '/introspect',
        revocation: '/revoke',
        userinfo: '/userinfo',
        end_session: '/logout',
        end_session_confirmation: '/logout/confirm',
        registration: '/register',
        device_authorization: '/device_authorization',
        device: '/device',
        jwks: '/jwks.json',
        discovery: '/.well-known/openid-configuration',
        service_documentation: '/',
      },
    },
  ],
  accepts: {},
  credentials: 'one place',
  assertionDates: 'number',
  clientSubject: 'client_id',
  userSubject: 'public',
  rolesIn: ['id_token', 'access_token', 'userinfo'],
  groupsIn: ['id_token', 'access_token', 'userinfo'],
  idTokenRoles: 'all',
  defaultScopes: [],
  refreshScope: 'granted',
  jwtBearer: 'assertion',
  refreshTokens: 'used once',
  assignsUsers: false,
  stepUp: 'at login',
  silentHint: 'advice',
  logout: 'confirmed',
  replyParams: [],
  lifetimes: { code: 60, id_token: 3600, refresh_token: 14 * 86_400, device_code: 600 },
  // No vowels, so no words. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-6.1
  userCode: { alphabet: 'BCDFGHJKLMNPQRSTVWXZ', groups: [4, 4] },
  defaultAudience: 'provider',
  accessToken: {
    format: 'jwt',
    lifetime: 3600,
    versions: [],
    opaque: { alphabet: 'base64url', length: 43 },
    marks: ['jti'],
  },
  keys: { certificate: false, kid: 'own' },
}

export const standard = describe(STANDARD)
