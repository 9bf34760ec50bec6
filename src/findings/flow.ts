/** What was asked when a login began. */
export interface Asked {
  /** Whether there was a code_challenge. */
  readonly isChallenged: boolean
  readonly scopes: readonly string[]
}

/** A login that came as far as its code. */
export interface Flow extends Asked {
  /** When the code was sent, in milliseconds. */
  readonly at: number
  isRedeemed: boolean
}

/** Who sent a code. */
export interface CodeOrigin {
  readonly tenant: string
  readonly issuer: string
}

export interface KnownFlows {
  /** Where this code comes from; absent where nobody saw it leave. */
  of(code: string): Flow | undefined
  /** Which tenant of the server this code comes from. */
  originOf(code: string): CodeOrigin | undefined
  /** Whether a client was seen to register itself as one without credentials. */
  registeredPublic(client_id: string): boolean
}
