/** Microsoft Entra ID: the v1 and the v2 endpoints of one tenant. @see https://learn.microsoft.com/entra/identity-platform/ */
import type { Situation } from '../hooks.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { first, type Params, withParam } from '../protocol/params.ts'
import { type Description, describe } from './describe.ts'
import { AADSTS_ERRORS, AADSTS_VARS } from './entra_errors.ts'
import { STANDARD } from './standard.ts'
import type { Template } from './template.ts'

const DEFAULT_SCOPE = '/.default'

/** Real tokens say they were issued five minutes ago, for clocks that run behind. */
const COMMON = {
  iat: '{iat|plus:-300}',
  nbf: '{iat|plus:-300}',
  exp: '{exp}',
  aio: '{rand:44}',
} satisfies Record<string, Template>

const TAIL = {
  oid: '{sub}',
  rh: '1.A{rand:60}.',
  roles: '{roles|nonempty}',
  sub: '{sub}',
  tid: '{tenant.id}',
  uti: '{rand:22}',
} satisfies Record<string, Template>

const PROOF = '{client.proof|map:none=0,secret=1,assertion=2}'

/** v1 tells the resource in `resource`, v2 in `scope` as `{resource}/.default`. */
function resourceOf(params: Params, { endpoint, face }: Situation): Params {
  if (endpoint !== 'token' || first(params, 'grant_type') !== 'client_credentials') return params
  if (face === 'v1') return v1Resource(params)
  const scope = first(params, 'scope')
  if (scope === undefined)
    throw new OAuthError('param.missing', `scope is missing; send scope={resource}${DEFAULT_SCOPE}`, {
      detail: { name: 'scope' },
    })
  if (!scope.endsWith(DEFAULT_SCOPE) || scope.includes(' ')) {
    throw new OAuthError(
      'scope.invalid',
      `scope is ${shown(scope)}, expected one resource with ${DEFAULT_SCOPE} behind it`,
      { detail: { scope } },
    )
  }
  return withParam(withParam(params, 'audience', scope.slice(0, -DEFAULT_SCOPE.length)), 'scope')
}

function v1Resource(params: Params): Params {
  const resource = first(params, 'resource')
  if (resource === undefined)
    throw new OAuthError('resource.missing', 'resource is missing; send the App ID URI of the API')
  return withParam(withParam(withParam(params, 'audience', resource), 'resource'), 'scope')
}

const DOCUMENT = {
  subject_types_supported: ['pairwise'],
  tenant_region_scope: 'EU',
  cloud_instance_name: 'microsoftonline.com',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.com',
} satisfies Record<string, Template>

/** The real documents have neither, whatever is supported. */
const UNTOLD = ['grant_types_supported', 'token_endpoint_auth_signing_alg_values_supported']

const HEADERS = {
  'cache-control': 'no-store, no-cache',
  expires: '-1',
  'x-ms-request-id': '{vars.trace_id}',
  'x-ms-ests-server': '2.1.0 - idp-double',
  'x-ms-clitelem': '1,0,0,,',
} satisfies Record<string, Template>

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
        token: '/oauth2/token',
        jwks: '/discovery/keys',
        userinfo: '/openid/userinfo',
        discovery: '/.well-known/openid-configuration',
      },
    },
  ],
  assertionDates: 'number or string',
  clientSubject: 'uuid',
  accessToken: { ...STANDARD.accessToken, versions: [1, 2] },
  keys: { certificate: true, kid: 'x5t' },
  request: resourceOf,
  claims: {
    1: {
      aud: '{aud|one}',
      iss: '{issuers.v1}',
      ...COMMON,
      appid: '{client.client_id}',
      appidacr: PROOF,
      idp: '{issuers.v1}',
      ...TAIL,
      ver: '1.0',
    },
    2: {
      aud: '{resource.id}',
      iss: '{issuers.v2}',
      ...COMMON,
      azp: '{client.client_id}',
      azpacr: PROOF,
      ...TAIL,
      ver: '2.0',
    },
  },
  header: {
    1: { typ: 'JWT', alg: '{key.alg}', x5t: '{key.x5t}', kid: '{key.kid}' },
    2: { typ: 'JWT', alg: '{key.alg}', kid: '{key.kid}' },
  },
  metadata: {
    v1: { omit: UNTOLD, add: { ...DOCUMENT, microsoft_multi_refresh_token: true } },
    v2: { omit: UNTOLD, add: { ...DOCUMENT, rbac_url: 'https://pas.windows.net' } },
  },
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
        expires_in: '{expires_in|plus:-1|str}',
        ext_expires_in: '{expires_in|plus:-1|str}',
        expires_on: '{exp|str}',
        not_before: '{iat|plus:-300|str}',
        resource: '{aud|one}',
        access_token: '{access_token}',
      },
      v2: {
        token_type: 'Bearer',
        expires_in: '{expires_in|plus:-1}',
        ext_expires_in: '{expires_in|plus:-1}',
        access_token: '{access_token}',
      },
    },
  },
  headers: { token: HEADERS },
  errorHeaders: HEADERS,
  vars: AADSTS_VARS,
  errors: AADSTS_ERRORS,
}

export const entra = describe(DESCRIPTION)
