/** What the provider remembers between requests. Asynchronous and take-once, so that a shared store can replace memory. */

/**
 * An opaque access token's content, the revocation of a JWT, an assertion's `jti` that was used; what a login leaves:
 * an interaction that waits for a person, a session, a consent; what a grant leaves: a code and its use, a refresh
 * token and its use, the grant behind a JWT access token, a grant's revocation, a session's end; a registered client; that
 * a declared client was taken away; a device code, the user code that stands for it, and how many of those were typed in
 * a minute.
 */
export type Kind =
  | 'access_token'
  | 'revoked_token'
  | 'assertion_jti'
  | 'interaction'
  | 'session'
  | 'ended_session'
  | 'consent'
  | 'code'
  | 'used_code'
  | 'refresh_token'
  | 'used_refresh_token'
  | 'token_grant'
  | 'revoked_grant'
  | 'client'
  | 'removed_client'
  | 'device_code'
  | 'user_code'
  | 'user_code_guesses'

export interface Store {
  /** Keeps the record until `expires` (seconds since the epoch) unless the id is there already; says whether it was new. */
  add(kind: Kind, id: string, record: unknown, expires: number): Promise<boolean>
  get(kind: Kind, id: string): Promise<unknown>
  /** Replaces a record by what `change` makes of it, in one step, and gives that back; its time stays. Undefined where there is none. */
  update<T>(kind: Kind, id: string, change: (record: T) => T): Promise<T | undefined>
  /** Reads and removes in one step: of any number of takers exactly one gets the record. */
  take(kind: Kind, id: string): Promise<unknown>
  /** Every live record of a kind with its id, oldest first. */
  list(kind: Kind): Promise<readonly Listed[]>
  /**
   * Time is about to go back. What has run out by now is gone for good, whether anybody asked for it or not: also a
   * record that is only kept to tell why it is worth nothing, which says in its own `expires` until when it was. What
   * was used or revoked stays so.
   */
  beforeBack(): void
}

export interface Listed {
  readonly id: string
  readonly record: unknown
  /** Seconds since the epoch. */
  readonly expires: number
}
