/** What the provider remembers between requests. Asynchronous and take-once, so that a shared store can replace memory. */

/** An opaque access token's content, the revocation of a JWT, an assertion's `jti` that was used. */
export type Kind = 'access_token' | 'revoked_token' | 'assertion_jti'

export interface Store {
  /** Keeps the record until `expires` (seconds since the epoch) unless the id is there already; says whether it was new. */
  add(kind: Kind, id: string, record: unknown, expires: number): Promise<boolean>
  get(kind: Kind, id: string): Promise<unknown>
  /** Reads and removes in one step: of any number of takers exactly one gets the record. */
  take(kind: Kind, id: string): Promise<unknown>
}
