import type { ClaimsRequest } from '../protocol/claims_request.ts'
import type { Params } from '../protocol/params.ts'
import type { Login } from '../users/login.ts'

/**
 * What a user let a client have; codes, refresh tokens and the tokens made of them carry it.
 * It is JSON, so that any store can keep it.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-1.3
 */
export interface UserGrant {
  readonly id: string
  readonly client_id: string
  readonly login: Login
  readonly scopes: readonly string[]
  /** Whom access tokens are for. @see https://www.rfc-editor.org/rfc/rfc8707.html */
  readonly targets: {
    readonly resource?: readonly string[] | undefined
    readonly audience?: readonly string[] | undefined
  }
  /** @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter */
  readonly claims: ClaimsRequest
  /** Outlives the session. @see https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess */
  readonly offline: boolean
}

/** The parameters that name whom the tokens of a grant are for. */
export function targetParams({
  targets: { resource = [], audience = [] },
}: Pick<UserGrant, 'targets'>): Params {
  const named = [['resource', resource] as const, ['audience', audience] as const]
  return new Map(named.filter(([, values]) => values.length > 0))
}
