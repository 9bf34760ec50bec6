/** The last line of defence: refusals repeat what came, and a client may have put a secret in the wrong place. */
import { printable } from '../protocol/errors.ts'

const HIDDEN = '***'

/** A JWT, or the beginning of one that was cut. */
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*)*(?:\.\.\.)?/g

/** Shorter secrets are ordinary words too often. */
const SHORTEST = 6
const START = 4

type ByStart = ReadonlyMap<string, ReadonlySet<string>>

/** What is secret, and another revision each time that this has changed. */
export interface Secrets {
  readonly revision: unknown
  all(): Iterable<string>
}

/** Hides tokens and these secrets in a text, at a cost that does not grow with the number of secrets. */
export function createRedactor(secrets: Secrets): (text: string) => string {
  let made: { readonly revision: unknown; readonly known: ByStart } | undefined
  return (text) => {
    const { revision } = secrets
    // Made when it is needed: a start with many clients shall not wait for it.
    if (made === undefined || made.revision !== revision) made = { revision, known: byStart(secrets.all()) }
    const { known } = made
    let clean = text.replace(JWT, HIDDEN)
    for (let at = 0; at + START <= clean.length; at += 1) {
      for (const secret of known.get(clean.slice(at, at + START)) ?? []) {
        if (clean.startsWith(secret, at))
          clean = `${clean.slice(0, at)}${HIDDEN}${clean.slice(at + secret.length)}`
      }
    }
    return clean
  }
}

/** Secrets by how they begin, also in the form in which an error_description repeats them. */
function byStart(secrets: Iterable<string>): ByStart {
  const groups = new Map<string, Set<string>>()
  const known = [...secrets].filter(({ length }) => length >= SHORTEST)
  // The longest first: one may be how another begins, whose end would be left.
  for (const secret of known.sort((one, other) => other.length - one.length)) {
    for (const form of [secret, printable(secret)]) {
      const start = form.slice(0, START)
      const group = groups.get(start)
      if (group === undefined) groups.set(start, new Set([form]))
      else group.add(form)
    }
  }
  return groups
}
