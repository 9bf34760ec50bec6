/** Microsoft Entra ID: the v1 and the v2 endpoints of one tenant. @see https://learn.microsoft.com/entra/identity-platform/ */
import { AADSTS_VARS } from './aadsts.ts'
import { describe } from './describe.ts'
import type { Description, ObjectTemplate } from './description.ts'
import { b2cFlows } from './entra_b2c.ts'
import { ENTRA_TOKENS } from './entra_claims.ts'
import { AADSTS_ERRORS } from './entra_errors.ts'
import { entraFacts } from './entra_facts.ts'
import { HOST_NAMES, MICROSOFT_HOSTS } from './entra_hosts.ts'
import { ENTRA_METADATA } from './entra_metadata.ts'
import { extraClaims, graphFacts } from './entra_optional_claims.ts'
import { entraRequest } from './entra_request.ts'
import { ENTRA_RESOURCES } from './entra_resources.ts'
import { ENTRA_CLOUD } from './entra_tenants.ts'
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

const DEVICE_MESSAGE =
  'To sign in, use a web browser to open the page {body.verification_uri} and enter the code {body.user_code} to authenticate.'

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
  mount: { only: '/:tenant', named: '/:tenant', metadataAtRoot: true },
  cloud: ENTRA_CLOUD,
  hostNames: HOST_NAMES,
  tenantIsGuid: true,
  grantTypes: 'any',
  issuerMode: 'request',
  home: 'https',
  officialHosts: MICROSOFT_HOSTS,
  faces: [
    {
      name: 'v2',
      issuer: '{mount}/v2.0',
      official: 'https://login.microsoftonline.com/{tenant}/v2.0',
      endpoints: {
        authorization: '/oauth2/v2.0/authorize',
        login: '/login',
        consent: '/Consent/Set',
        admin_consent: '/v2.0/adminconsent',
        end_session: '/oauth2/v2.0/logout',
        token: '/oauth2/v2.0/token',
        device_authorization: '/oauth2/v2.0/devicecode',
        device: '/oauth2/deviceauth',
        jwks: '/discovery/v2.0/keys',
        // lenient: the real one is Graph's, on a host of its own.
        userinfo: '/oidc/userinfo',
        discovery: '/v2.0/.well-known/openid-configuration',
      },
    },
    {
      name: 'v1',
      issuer: '{mount}/',
      official: 'https://sts.windows.net/{tenant}/',
      endpoints: {
        authorization: '/oauth2/authorize',
        login: '/oauth2/login',
        consent: '/oauth2/Consent/Set',
        admin_consent: '/adminconsent',
        end_session: '/oauth2/logout',
        token: '/oauth2/token',
        device_authorization: '/oauth2/devicecode',
        // A page of its own, whose login is that of v1.
        device: '/oauth2/devicelogin',
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
  groupsIn: [],
  idTokenRoles: 'of the client',
  resources: ENTRA_RESOURCES,
  refreshScope: 'allowed',
  jwtBearer: 'on behalf of',
  refreshTokens: 'used again',
  scripts: { refreshTokens: 86_400 },
  assignsUsers: true,
  stepUp: 'by claims',
  silentHint: 'condition',
  logout: 'at once',
  replyParams: ['client_info', 'client-request-id'],
  lifetimes: { code: 600, id_token: 3600, refresh_token: 90 * 86_400, device_code: 900 },
  // Without those that look alike.
  userCode: { alphabet: 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789', groups: [9] },
  accessToken: { ...STANDARD.accessToken, versions: [1, 2], marks: ['appid', 'azp'] },
  keys: { certificate: true, kid: 'x5t' },
  request: entraRequest,
  derive: entraFacts,
  extraClaims,
  headerFacts: graphFacts,
  ...ENTRA_TOKENS,
  metadata: ENTRA_METADATA,
  reply: { '': { omit: ['iss'], add: { client_info: '{client_info}', session_state: '{login.sid}' } } },
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
        refresh_token_expires_in: '{refresh_token_expires_in}',
      },
    },
    // People are shown where to go by the message; there is no link with the code in it.
    device_authorization: {
      v1: {
        user_code: '{body.user_code}',
        device_code: '{body.device_code}',
        verification_url: '{body.verification_uri}',
        expires_in: '{body.expires_in|str}',
        interval: '{body.interval|str}',
        message: DEVICE_MESSAGE,
      },
      v2: {
        user_code: '{body.user_code}',
        device_code: '{body.device_code}',
        verification_uri: '{body.verification_uri}',
        expires_in: '{body.expires_in}',
        interval: '{body.interval}',
        message: DEVICE_MESSAGE,
      },
    },
    userinfo: { '': { '*': `{body|without:${NOT_AT_GRAPH}}` } },
  },
  headers: { token: HEADERS },
  errorHeaders: HEADERS,
  vars: AADSTS_VARS,
  errors: AADSTS_ERRORS,
}

export const entra = describe({ ...DESCRIPTION, flows: b2cFlows(DESCRIPTION) })
