import type { Context } from '../context.ts'
import { signingAlgs } from '../keys/algorithms.ts'
import { secretAlgs } from '../keys/sign.ts'

/** What a client may register for, beside what every tenant has. */
export interface Supported {
  readonly grants: readonly string[]
  readonly clientAuthMethods: readonly string[]
  /** Whether anybody is asked for a TLS certificate. */
  readonly certificates: boolean
}

/** The algorithms of each kind of object. */
export interface Algs {
  /** What the provider signs for the client, with a key of the tenant or the client's secret. */
  readonly ours: readonly string[]
  /** What the client signs. */
  readonly theirs: readonly string[]
}

/** What the tenant's keys, the client's keys and its secret can sign with. */
export function algsOf({ keys }: Context['tenant']): Algs {
  return { ours: [...keys.algs(), ...secretAlgs], theirs: [...signingAlgs, ...secretAlgs] }
}
