/** Microsoft Entra ID: the v1 and the v2 endpoints of one tenant. @see https://learn.microsoft.com/entra/identity-platform/ */
import { AADSTS_VARS } from './aadsts.ts'
import { describe } from './describe.ts'
import type { Description, ObjectTemplate } from './description.ts'
import { ENTRA_TOKENS } from './entra_claims.ts'
import { AADSTS_ERRORS } from './entra_errors.ts'
import { entraFacts } from './entra_facts.ts'
import { ENTRA_METADATA } from './entra_metadata.ts'
import { entraRequest } from './entra_request.ts'
import { STANDARD } from './standard.ts'

/** Standard claims that Graph's userinfo has not. */
const NOT_AT_GRAPH =
  'preferred_username,middle_name,nickname,profile,website,gender,birthdate,zoneinfo,locale,updated_at,email_verified,address,phone_number,phone_number_verified'

/** What a token answer has beside the access token where a user signed in. */
const OF_USER = {
  refresh_token: '{shown_refresh_token}',
  id_token: '{id_token}',
  client_info: '{client_info}',
} satisfies ObjectTemplate

const HEADERS = {
  'cache-control': 'no-store, no-cache',
  expires: '-1',
  'x-ms-request-id': '{vars.trace_id}',
  'x-ms-ests-server': '2.1.0 - idp-double',
  'x-ms-clitelem': '1,0,0,,',
} satisfies ObjectTemplate

const DESCRIPTION: Description = {
  ...STANDARD,
  name: 'entra',
  mount: { only: '/:tenant', named: '/:tenant' },
  tenantIsGuid: true,
  faces: [
    {
      name: 'v2',
      issuer: '{mount}/v2.0',
      endpoints: {
        authorization: '/oauth2/v2.0/authorize',
        login: '/login',
        consent: '/Consent/Set',
        end_session: '/oauth2/v2.0/logout',
        end_session_confirmation: '/oauth2/v2.0/logoutsession',
        token: '/oauth2/v2.0/token',
        jwks: '/discovery/v2.0/keys',
        // lenient: the real one is Graph's, on a host of its own.
        userinfo: '/oidc/userinfo',
        discovery: '/v2.0/.well-known/openid-configuration',
      },
    },
    {
      name: 'v1',
      issuer: '{mount}/',
      endpoints: {
        authorization: '/oauth2/authorize',
        login: '/oauth2/login',
        consent: '/oauth2/Consent/Set',
        end_session: '/oauth2/logout',
        end_session_confirmation: '/oauth2/logoutsession',
        token: '/oauth2/token',
        jwks: '/discovery/keys',
        userinfo: '/openid/userinfo',
        discovery: '/.well-known/openid-configuration',
      },
    },
  ],
  assertionDates: 'number or string',
  clientSubject: 'uuid',
  userSubject: 'pairwise',
  rolesIn: ['id_token', 'access_token'],
  refreshScope: 'allowed',
  lifetimes: { id_token: 3600, refresh_token: 90 * 86_400 },
  accessToken: { ...STANDARD.accessToken, versions: [1, 2], marks: ['appid', 'azp'] },
  keys: { certificate: true, kid: 'x5t' },
  request: entraRequest,
  derive: entraFacts,
  ...ENTRA_TOKENS,
  metadata: ENTRA_METADATA,
  reply: { '': { omit: ['iss'], add: { session_state: '{login.sid}' } } },
  jwk: {
    v1: { omit: ['alg', 'x5t#S256'] },
    v2: {
      omit: ['alg', 'x5t#S256'],
      add: { cloud_instance_name: 'microsoftonline.com', issuer: '{issuer}' },
    },
  },
  bodies: {
    token: {
      // v1 writes numbers as text.
      v1: {
        token_type: 'Bearer',
        scope: '{scp|nonempty}',
        expires_in: '{expires_in|plus:-1|str}',
        ext_expires_in: '{expires_in|plus:-1|str}',
        expires_on: '{exp|str}',
        not_before: '{iat|plus:-300|str}',
        resource: '{target|or:aud|one}',
        access_token: '{access_token}',
        ...OF_USER,
      },
      v2: {
        token_type: 'Bearer',
        scope: '{granted|nonempty}',
        expires_in: '{expires_in|plus:-1}',
        ext_expires_in: '{expires_in|plus:-1}',
        access_token: '{access_token}',
        ...OF_USER,
      },
    },
    userinfo: { '': { '*': `{body|without:${NOT_AT_GRAPH}}` } },
  },
  headers: { token: HEADERS },
  errorHeaders: HEADERS,
  vars: AADSTS_VARS,
  errors: AADSTS_ERRORS,
}

export const entra = describe(DESCRIPTION)
