/** A signed token without a flow: for tests, the command line and `explain`. */
import type { ClientConfig, Context } from './context.ts'
import { oneOf } from './protocol/errors.ts'
import type { Json } from './protocol/json.ts'
import type { Params } from './protocol/params.ts'
import {
  type AccessToken,
  type AccessTokenPlan,
  issueAccessToken,
  planAccessToken,
} from './tokens/access_token.ts'
import type { AccessTokenRequest } from './tokens/request.ts'

export interface MintRequest {
  readonly client: string
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

/** What the token endpoint is asked for, by parameter. */
export interface PlanRequest {
  readonly client: string
  readonly resource?: string | readonly string[] | undefined
  readonly audience?: string | readonly string[] | undefined
  readonly scope?: string | undefined
}

/**
 * What the client itself would get, without issuing it; what is relaxed is noted in the context's exchange.
 * @throws TypeError for an unknown client
 * @throws OAuthError where the client would be refused
 */
export function plan({ client, ...params }: PlanRequest, cx: Context): AccessTokenPlan {
  return planAccessToken(
    { ...tokenRequest({ client }, cx), params: paramsOf({ ...params }), traced: true },
    cx,
  )
}

function tokenRequest({ client, resource, audience, ...over }: MintRequest, cx: Context): AccessTokenRequest {
  const found = findClient(client, cx)
  return {
    client: found,
    proof: found.secrets.length > 0 ? 'secret' : 'assertion',
    grant_type: 'client_credentials',
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
