/** A signed token without a flow: for tests, the command line and `explain`. */
import type { ClientConfig, Context } from './context.ts'
import { NO_CLAIMS } from './protocol/claims_request.ts'
import { oneOf } from './protocol/errors.ts'
import type { Json, Members } from './protocol/json.ts'
import type { Params } from './protocol/params.ts'
import { parseScope } from './protocol/scope.ts'
import {
  type AccessToken,
  type AccessTokenPlan,
  issueAccessToken,
  planAccessToken,
} from './tokens/access_token.ts'
import { issueIdToken, planIdToken } from './tokens/id_token.ts'
import type { TokenDraft } from './tokens/jwt.ts'
import type { AccessTokenRequest } from './tokens/request.ts'
import { userScope } from './tokens/scope.ts'
import type { UserGrant } from './tokens/user_grant.ts'
import { claimsFor } from './users/claims.ts'
import { accountOf } from './users/home.ts'
import { userOf } from './users/user.ts'

export interface MintRequest {
  readonly client: string
  /** Username of a declared user; without one the token is the client's own. */
  readonly user?: string | undefined
  readonly resource?: string | readonly string[] | undefined
  readonly audience?: string | readonly string[] | undefined
  readonly scope?: string | undefined
  readonly roles?: readonly string[] | undefined
  readonly claims?: Readonly<Record<string, Json>> | undefined
  /** Seconds. */
  readonly lifetime?: number | undefined
}

/** Issues what the client would get, changed as asked; nothing that is asked for is refused. @throws TypeError for an unknown client */
export function mint(request: MintRequest, cx: Context): Promise<AccessToken> {
  return issueAccessToken(tokenRequest(request, cx), permissive(cx))
}

/** The same as a token endpoint answers it: with an ID token, where a user signs in with `openid`. */
export async function mintAll(
  request: MintRequest,
  cx: Context,
): Promise<{ readonly access_token: AccessToken; readonly id_token?: string }> {
  const asked = tokenRequest(request, cx)
  const access_token = await issueAccessToken(asked, permissive(cx))
  const { client, grant } = asked
  if (grant?.scopes.includes('openid') !== true) return { access_token }
  return {
    access_token,
    id_token: await issueIdToken({ client, grant, access_token: access_token.text }, cx),
  }
}

/** What the token endpoint is asked for, by parameter. */
export interface PlanRequest {
  readonly client: string
  readonly user?: string | undefined
  readonly resource?: string | readonly string[] | undefined
  readonly audience?: string | readonly string[] | undefined
  readonly scope?: string | undefined
}

/** What a client would get: an access token, and with a user the rest too. */
export interface Plan {
  readonly access_token: AccessTokenPlan
  readonly id_token?: TokenDraft | undefined
  readonly userinfo?: Members | undefined
}

/**
 * What the client would get, for itself or for a user, without issuing it; what is relaxed is noted in the context's
 * exchange.
 * @throws TypeError for an unknown client or user
 * @throws OAuthError where the client would be refused
 */
export function plan({ client, user, ...params }: PlanRequest, cx: Context): Plan {
  const asked = tokenRequest({ client, user, scope: user === undefined ? undefined : params.scope }, cx)
  const { grant } = asked
  const scopes = grant === undefined ? undefined : userScope(grant.scopes.join(' '), asked.client, cx)
  const request = { ...asked, over: {}, scopes, params: paramsOf({ ...params }) }
  const access_token = planAccessToken(request, cx)
  if (grant === undefined || !grant.scopes.includes('openid')) return { access_token }
  const release = { scopes: grant.scopes, claims: grant.claims, scopeClaims: true }
  return {
    access_token,
    id_token: planIdToken({ client: asked.client, grant }, cx),
    userinfo: claimsFor('userinfo', userOf(grant.login, cx), release, cx),
  }
}

/** The grant of a login that nobody made: the usual one. */
function grantFor(username: string, { client, scope }: MintRequest, cx: Context): UserGrant {
  const { tenant } = cx
  if (!tenant.registry.users.has(username))
    throw new TypeError(
      `user ${username} is not declared in tenant ${tenant.name}; declared: ${oneOf(tenant.registry.users.keys())}`,
    )
  const login = {
    ...accountOf(username, cx),
    auth_time: tenant.clock.seconds(),
    acr: tenant.config.login.acr_values[0],
    amr: ['user'],
  }
  const asked = parseScope(scope ?? ['openid', ...(findClient(client, cx).scopes ?? [])].join(' '))
  const scopes = [...new Set([...asked, ...tenant.dialect.defaultScopes])]
  return {
    id: tenant.random.token(32),
    client_id: client,
    login,
    scopes,
    targets: {},
    claims: NO_CLAIMS,
    offline: true,
  }
}

function tokenRequest(request: MintRequest, cx: Context): AccessTokenRequest {
  const { client, user, resource, audience, ...over } = request
  const found = findClient(client, cx)
  const grant = user === undefined ? undefined : grantFor(user, request, cx)
  return {
    client: found,
    proof: found.secrets.length > 0 ? 'secret' : 'assertion',
    // No connection, no certificate; a test that wants one names it among the claims, as cnf.
    confirmation: undefined,
    grant_type: grant === undefined ? 'client_credentials' : 'authorization_code',
    grant,
    scopes: grant?.scopes,
    // As audience, which takes any name: what a test asks for need not be a URI.
    params: paramsOf({ audience: resource === undefined ? audience : [resource, audience ?? []].flat() }),
    over,
  }
}

function findClient(client_id: string, { tenant }: Context): ClientConfig {
  const client = tenant.registry.clients.get(client_id)
  if (client !== undefined) return client
  throw new TypeError(
    `client ${client_id} is not declared in tenant ${tenant.name}; declared: ${oneOf(tenant.registry.clients.keys())}`,
  )
}

function paramsOf(given: Readonly<Record<string, string | readonly string[] | undefined>>): Params {
  const pairs = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat()] as const],
  )
  return new Map(pairs)
}

/** A test says what it wants, so an undeclared audience is no mistake here. */
function permissive(cx: Context): Context {
  return {
    ...cx,
    tenant: { ...cx.tenant, config: { ...cx.tenant.config, strictness: { default: 'lax', checks: {} } } },
  }
}
