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
  /** Seconds: the end of its refresh tokens, however often they are used. */
  readonly refresh_until?: number | undefined
  /** Outlives the session. @see https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess */
  readonly offline: boolean
  /** Thumbprint of the certificate without which a public client cannot refresh. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-4 */
  readonly certificate?: string | undefined
  /** The user flow in which the user signed in: it is redeemed there alone. */
  readonly flow?: string | undefined
}

/** The parameters that name whom the tokens of a grant are for. */
export function targetParams({
  targets: { resource = [], audience = [] },
}: Pick<UserGrant, 'targets'>): Params {
  const named = [['resource', resource] as const, ['audience', audience] as const]
  return new Map(named.filter(([, values]) => values.length > 0))
}
