import type { ClaimsRequest } from '../protocol/claims_request.ts'
import type { Challenge } from '../tokens/code.ts'
import type { UserGrant } from '../tokens/user_grant.ts'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account' | 'create'

/** How to answer: known as soon as the client and its redirect URI are, before anything else is looked at. */
export interface Reply {
  readonly client_id: string
  readonly redirect_uri: string
  readonly response_mode: string
  /** As it came, byte for byte. */
  readonly state?: string | undefined
  /** Parameters of the request that the dialect makes its answer of. */
  readonly kept?: Readonly<Record<string, string>> | undefined
}

/** What a client asks of a person, whatever way the answer takes. */
export interface SignInRequest {
  readonly client_id: string
  readonly scopes: readonly string[]
  readonly prompt: readonly Prompt[]
  /** Seconds. */
  readonly max_age?: number | undefined
  readonly login_hint?: string | undefined
  /** The subject that the id_token_hint names. */
  readonly hinted_sub?: string | undefined
  /** The tenant that issued it, where users of several sign in: they may have the same subjects. */
  readonly hinted_home?: string | undefined
  readonly acr_values: readonly string[]
  readonly claims: ClaimsRequest
  readonly targets: UserGrant['targets']
}

/**
 * An authorization request that passed every check. It is JSON: it waits in the store while a person signs in.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export interface AuthorizationRequest extends SignInRequest, Reply {
  /** Of `code`, `id_token` and `token`; empty for `none`. */
  readonly response_types: readonly string[]
  readonly nonce?: string | undefined
  readonly challenge?: Challenge | undefined
  /** Whether the request said where to send the answer; then the token request must say so too. */
  readonly redirect_uri_sent: boolean
}

/** The request of a device, which comes for its answer by itself. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.3 */
export interface DeviceRequest extends SignInRequest {
  readonly device_code: string
  readonly user_code: string
}

export function isOfDevice(request: AuthorizationRequest | DeviceRequest): request is DeviceRequest {
  return 'device_code' in request
}
