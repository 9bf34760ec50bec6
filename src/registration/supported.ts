import type { Context } from '../context.ts'
import { signingAlgs } from '../keys/algorithms.ts'

/** What a client may register for, beside what every tenant has. */
export interface Supported {
  readonly grants: readonly string[]
  readonly clientAuthMethods: readonly string[]
}

/** The algorithms of each kind of object. */
export interface Algs {
  /** What the provider signs for the client, with a key of the tenant or the client's secret. */
  readonly ours: readonly string[]
  /** What the client signs. */
  readonly theirs: readonly string[]
}

/** Algorithms whose key is the client secret. @see https://openid.net/specs/openid-connect-core-1_0.html#Signing */
const SECRET_ALGS: readonly string[] = ['HS256', 'HS384', 'HS512']

/** What the tenant's keys, the client's keys and its secret can sign with. */
export function algsOf({ keys }: Context['tenant']): Algs {
  return { ours: [...keys.algs(), ...SECRET_ALGS], theirs: [...signingAlgs, ...SECRET_ALGS] }
}

/** RS256, as the specification has it, unless the tenant has no key for it. */
export function defaultAlg({ keys }: Context['tenant']): string {
  const [first = 'RS256'] = keys.algs()
  return keys.algs().includes('RS256') ? 'RS256' : first
}
