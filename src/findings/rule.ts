/** What is looked for in the requests of clients. A rule is a value; what it remembers begins with `watch`. */
import type { EndpointName } from '../context.ts'
import type { Check } from '../protocol/checks.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { Lesson, Severity } from './finding.ts'
import type { Seen } from './seen.ts'

/** What the client did, in words; undefined: nothing. */
export type Verdict = string | Mistake | undefined

export interface Mistake {
  readonly text: string
  /** It is found beside other variants of the same rule. */
  readonly variant?: string
  /** Where it weighs less than the rule mostly does. */
  readonly severity?: Severity
}

export type Watch = (seen: Seen) => Verdict

export interface Rule extends Lesson {
  /** Where it looks: at nothing else, so that a request costs a few rules only. */
  readonly at: readonly EndpointName[]
  /** It looks only at requests that were refused for one of these; absent: at all. */
  readonly refusals?: readonly Reason[]
  /** The check that says the same where strictness let the request pass; then the rule keeps silent. */
  readonly check?: Check
  /** Begins to look, with nothing remembered. */
  watch(): Watch
}

/** For rules that look at one request alone. */
export function always(look: Watch): () => Watch {
  return () => look
}

/** For rules about refusals: the description says what came and what was expected. */
export const refused: () => Watch = always(({ transaction }) => transaction.exchange.description ?? 'refused')

/** Where clients authenticate. */
export const BACK_CHANNEL: readonly EndpointName[] = [
  'token',
  'introspection',
  'revocation',
  'device_authorization',
]
