import type { ClientConfig } from '../context.ts'
import type { Json } from '../protocol/json.ts'
import type { Params } from '../protocol/params.ts'
import type { Confirmation } from './confirmation.ts'
import type { UserGrant } from './user_grant.ts'

/** How the client proved itself, as some providers tell in a claim. */
export type ClientProof = 'none' | 'secret' | 'assertion' | 'certificate'

/** What a test lays over the configuration; nothing of it is checked. */
interface Overrides {
  readonly scope?: string | undefined
  readonly roles?: readonly string[] | undefined
  readonly claims?: Readonly<Record<string, Json>> | undefined
  /** Seconds. */
  readonly lifetime?: number | undefined
}

/** What a grant asks an access token for. */
export interface AccessTokenRequest {
  readonly client: ClientConfig
  readonly proof: ClientProof
  /** The certificate that the token is bound to, if to any. */
  readonly confirmation: Confirmation | undefined
  readonly grant_type: string
  readonly params: Params
  /** What a user let the client have; absent: the client acts for itself. */
  readonly grant?: UserGrant | undefined
  /** The scope, where it was decided before. */
  readonly scopes?: readonly string[] | undefined
  /** What a test lays over the configuration. */
  readonly over?: Overrides
}
