/** The names a configuration may use, taken from the registries by the caller, so that they cannot drift. */
export interface Names {
  readonly dialects: readonly string[]
  readonly grants: readonly string[]
  readonly clientAuthMethods: readonly string[]
  readonly signingAlgs: readonly string[]
  /** `alg` values with which a JWT can be encrypted for a client. */
  readonly encryptionAlgs: readonly string[]
  /** `enc` values. */
  readonly contentEncryptions: readonly string[]
  /** The checks whose strictness can be set one by one. */
  readonly checks: readonly string[]
  /** The rules of the findings, whose weight can be set one by one. */
  readonly findings: readonly string[]
  /** Dialect to the access token versions it knows; a dialect without versions is absent. */
  readonly versions: Readonly<Record<string, readonly number[]>>
  /** Dialect to what there is though nobody declares it; one whose provider has no APIs of its own is absent. */
  readonly undeclared?: Readonly<Record<string, Undeclared>>
  /** The dialects whose providers register no grant types. */
  readonly withoutGrantTypes?: readonly string[]
  /** The dialects in which clients can register themselves. */
  readonly registering: readonly string[]
}

/** Names that a configuration may refer to without declaring them. */
interface Undeclared {
  isResource(name: string): boolean
  isScope(name: string): boolean
}
