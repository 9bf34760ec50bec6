import { type Description, describe } from './describe.ts'

/** What the RFCs say, without a provider's manners. @see https://www.rfc-editor.org/rfc/rfc9068.html */
export const STANDARD: Description = {
  name: 'standard',
  mount: { only: '', named: '/:tenant' },
  tenantIsGuid: false,
  faces: [
    {
      name: '',
      issuer: '{mount}',
      endpoints: {
        token: '/token',
        introspection: '/introspect',
        revocation: '/revoke',
        userinfo: '/userinfo',
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
  defaultAudience: 'provider',
  accessToken: { format: 'jwt', lifetime: 3600, versions: [], opaque: { alphabet: 'base64url', length: 43 } },
  keys: { certificate: false, kid: 'own' },
}

export const standard = describe(STANDARD)
