/** Azure AD B2C: the addresses of each user flow of a tenant. @see https://learn.microsoft.com/azure/active-directory-b2c/openid-connect */
import type { Facts } from '../hooks.ts'
import { first, type Params, withParam } from '../protocol/params.ts'
import { describe } from './describe.ts'
import type { Description, ObjectTemplate } from './description.ts'
import type { Dialect, Face } from './dialect.ts'
import { B2C_ERRORS } from './entra_b2c_errors.ts'

const ENDPOINTS: Face['endpoints'] = {
  authorization: '/oauth2/v2.0/authorize',
  login: '/login',
  consent: '/consent',
  end_session: '/oauth2/v2.0/logout',
  end_session_confirmation: '/oauth2/v2.0/logoutsession',
  token: '/oauth2/v2.0/token',
  jwks: '/discovery/v2.0/keys',
  userinfo: '/openid/v2.0/userinfo',
  discovery: '/v2.0/.well-known/openid-configuration',
}

/** The issuers of user flows: one for all of a tenant, or with the policy in it. @see https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview#compatibility */
const MOUNTS: readonly Dialect['mount'][] = [
  { only: '/:tenant/:policy', named: '/:tenant/:policy', issuer: '/:tenant' },
  { only: '/tfp/:tenant/:policy', named: '/tfp/:tenant/:policy' },
]

const TIMES = { iss: '{issuer}', exp: '{exp}', nbf: '{iat}' } satisfies ObjectTemplate

/** What user flows let applications know of a user, whatever the scope is. */
const PERSON = {
  oid: '{local_sub}',
  sub: '{sub}',
  name: '{person.name|or:person.username}',
  given_name: '{person.given_name}',
  family_name: '{person.family_name}',
  emails: '{person.email|list}',
  tfp: '{tenant.policy}',
} satisfies ObjectTemplate

const TOKENS: Pick<Description, 'claims' | 'userClaims' | 'idTokenClaims' | 'header'> = {
  claims: {
    '': { ...TIMES, aud: '{api}', sub: '{sub}', azp: '{client.client_id}', ver: '1.0', iat: '{iat}' },
  },
  userClaims: {
    '': {
      ...TIMES,
      aud: '{api}',
      ...PERSON,
      scp: '{scp|nonempty}',
      azp: '{client.client_id}',
      ver: '1.0',
      iat: '{iat}',
    },
  },
  idTokenClaims: {
    '': {
      ...TIMES,
      ver: '1.0',
      aud: '{client.client_id}',
      nonce: '{nonce}',
      iat: '{iat}',
      auth_time: '{login.auth_time}',
      ...PERSON,
      at_hash: '{front.at_hash}',
      c_hash: '{front.c_hash}',
    },
  },
  header: { '': { alg: '{key.alg}', kid: '{key.kid}', typ: 'JWT' } },
}

const TOKEN_ANSWER = {
  access_token: '{access_token}',
  id_token: '{id_token}',
  token_type: 'Bearer',
  not_before: '{iat}',
  expires_in: '{expires_in}',
  expires_on: '{exp}',
  scope: '{granted|nonempty}',
  client_info: '{client_info}',
  refresh_token: '{shown_refresh_token}',
  refresh_token_expires_in: '{refresh_token_expires_in}',
} satisfies ObjectTemplate

const METADATA = {
  response_types_supported: ['code', 'code id_token', 'code token', 'id_token', 'id_token token', 'token'],
  scopes_supported: ['openid'],
  subject_types_supported: ['pairwise'],
  claims_supported: ['oid', 'emails', 'name', 'sub', 'tfp', 'iss', 'iat', 'exp', 'aud', 'nonce', 'auth_time'],
} satisfies ObjectTemplate

/** The manners of Entra ID at the addresses of user flows, in both forms of these. */
export function b2cFlows({ extraClaims: _none, ...entra }: Description): readonly Dialect[] {
  return MOUNTS.map((mount) =>
    describe({
      ...entra,
      ...TOKENS,
      mount,
      faces: [{ name: 'b2c', issuer: '{mount}/v2.0/', endpoints: ENDPOINTS }],
      userSubject: 'public',
      accessToken: { ...entra.accessToken, marks: ['azp'] },
      request: (params, at) => entra.request?.(itself(params), at) ?? params,
      derive: (facts, at) => ({ ...entra.derive?.(facts, at), ...flowFacts(facts) }),
      metadata: { '': { omit: entra.metadata?.['v2']?.omit ?? [], add: METADATA } },
      jwk: { '': { omit: ['alg', 'x5t#S256'] } },
      bodies: { token: { '': TOKEN_ANSWER } },
      errors: [...B2C_ERRORS, ...(entra.errors ?? [])],
    }),
  )
}

/** A client that asks for itself as an API names its own id as the scope. @see https://learn.microsoft.com/azure/active-directory-b2c/access-tokens#openid-connect-scopes */
function itself(params: Params): Params {
  const [client_id, scope] = [first(params, 'client_id'), first(params, 'scope')]
  if (client_id === undefined || scope === undefined) return params
  const words = scope.split(' ').map((word) => (word === client_id ? `${client_id}/.default` : word))
  return withParam(params, 'scope', words.join(' '))
}

/** What stands among the facts of user and ID tokens. */
type Typed = Facts & {
  readonly client: { readonly client_id: string }
  readonly resource?: { readonly id: string }
  readonly tenant: { readonly id: string; readonly policy: string }
  readonly param?: Readonly<Record<string, string | undefined>>
}

function flowFacts(facts: Facts): Facts {
  const { client, resource, tenant, param, local_sub } = facts as Typed
  const known = { uid: `${local_sub}-${tenant.policy.toLowerCase()}`, utid: tenant.id }
  const asks = param?.['client_info'] === '1' && local_sub !== undefined
  return {
    // Without an API a token is for the client itself.
    api: facts['declared_aud'] === undefined || resource === undefined ? client?.client_id : resource.id,
    ...(asks && { client_info: Buffer.from(JSON.stringify(known)).toString('base64url') }),
  }
}
