/** What was found, each thing once: the same mistake of the same client is counted. */
import type { Tenant } from '../context.ts'
import type { Level } from '../protocol/checks.ts'
import type { Finding, Lesson, Severity } from './finding.ts'
import type { Mistake } from './rule.ts'

/** Clients that register themselves can be many; what is found is mostly the same. */
const MOST = 1_000
const REQUESTS_KEPT = 5

/** What a level of the configuration makes of a rule. */
const SEVERITY_OF: Readonly<Record<Level, Severity>> = { strict: 'error', warn: 'warning', lax: 'info' }

type Levels = Tenant['config']['findings']

/** A rule that was broken, and how. */
export interface Judged {
  readonly lesson: Lesson
  readonly verdict: string | Mistake
}

/** Where it was seen. */
interface Sight {
  readonly levels: Levels
  readonly client_id: string | undefined
  /** Number of the request in the record. */
  readonly seq: number | undefined
  /** Takes secrets out of its text. */
  clean(text: string): string
}

type Entry = Omit<Finding, 'count' | 'requests'> & { count: number; readonly requests: number[] }

export class Ledger {
  readonly #entries = new Map<string, Entry>()

  /** Writes a mistake down; gives the finding if it is new. */
  add({ lesson, verdict }: Judged, { levels, client_id, seq, clean }: Sight): Finding | undefined {
    const {
      variant = '',
      text,
      severity = lesson.severity,
    } = typeof verdict === 'string' ? { text: verdict } : verdict
    // What weighs less in one place is not to hide where it weighs more.
    const key = `${lesson.id} ${variant} ${severity} ${client_id}`
    const known = this.#entries.get(key)
    if (known === undefined && this.#entries.size >= MOST) return undefined
    const entry =
      known ??
      begun(lesson, { severity: severityOf(lesson.id, severity, levels), client_id, text: clean(text) })
    entry.count += 1
    if (seq !== undefined && entry.requests.length < REQUESTS_KEPT) entry.requests.push(seq)
    if (known !== undefined) return undefined
    this.#entries.set(key, entry)
    return snapshot(entry)
  }

  /** As it is now, in the order in which it was first seen. */
  get findings(): readonly Finding[] {
    return [...this.#entries.values()].map(snapshot)
  }

  clear(): void {
    this.#entries.clear()
  }
}

/** Without what a rule has beside its lesson. */
function begun(
  { id, title, explanation, fix, see }: Lesson,
  first: Pick<Finding, 'severity' | 'client_id' | 'text'>,
): Entry {
  return { id, title, explanation, fix, see, ...first, count: 0, requests: [] }
}

function snapshot(entry: Entry): Finding {
  return { ...entry, requests: [...entry.requests] }
}

/** The configuration decides; what it does not name weighs as much as its rule says. */
function severityOf(id: string, own: Severity, { default: others, rules }: Levels): Severity {
  const level = rules[id] ?? others
  return level === undefined ? own : SEVERITY_OF[level]
}
