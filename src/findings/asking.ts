/** What rules about authorization requests share. */
import type { Watch } from './rule.ts'
import type { Seen } from './seen.ts'

/** Looks at the requests of known clients whose parameters are all known: those of a request object too. */
export function asking(look: Watch): Watch {
  return (seen) => (isWhole(seen) ? look(seen) : undefined)
}

function isWhole({ client_id, reason, raw, transaction }: Seen): boolean {
  if (client_id === undefined) return false
  // Of an object that does not hold nothing is known.
  const hasObject = raw.has('request') || raw.has('request_uri')
  return !hasObject || (transaction.exchange.params !== undefined && reason === undefined)
}

/** Whether a parameter that is a list of words has this one. */
export function hasWord(seen: Seen, name: 'response_type' | 'scope', word: string): boolean {
  return seen.param(name)?.split(' ').includes(word) === true
}

/**
 * What protects a request where `state` does not: PKCE a code, the nonce an ID token.
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1
 */
export function protection(seen: Seen): 'code_challenge' | 'nonce' | undefined {
  const has = (name: string) => seen.param(name) !== undefined
  if (has('code_challenge') && hasWord(seen, 'response_type', 'code')) return 'code_challenge'
  return has('nonce') && hasWord(seen, 'scope', 'openid') ? 'nonce' : undefined
}
