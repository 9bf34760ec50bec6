/** Watches what clients send, and says what a reviewer would. */
import type { Context, EndpointName, Transaction } from '../context.ts'
import { later } from '../protocol/later.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { Finding } from './finding.ts'
import type { CodeOrigin } from './flow.ts'
import { createFlows, type Flows } from './flows.ts'
import { withoutSecrets } from './hidden.ts'
import { type Judged, Ledger } from './ledger.ts'
import { Recent } from './recent.ts'
import { relaxedBy } from './relaxed.ts'
import type { Rule, Watch } from './rule.ts'
import { RULES } from './rules/index.ts'
import { Seen } from './seen.ts'

export interface Judge {
  /** Looks at a request and its answer; gives back what is new in it. */
  judge(transaction: Transaction & { readonly seq?: number }, cx: Context): readonly Finding[]
  /** All that was found, in the order in which it was first seen. */
  readonly findings: readonly Finding[]
  clear(): void
}

interface JudgeOptions {
  readonly rules?: readonly Rule[]
  /** Where the codes of all tenants of a server come from; absent: the judge knows its own alone. */
  readonly origins?: Recent<CodeOrigin>
}

const NOTHING: readonly Finding[] = []

/** How severe findings are follows the `findings` of the tenant's configuration at that moment. */
export function createJudge({ rules = RULES, origins = new Recent() }: JudgeOptions = {}): Judge {
  const ledger = new Ledger()
  // Most sandboxes see few requests, and many see none.
  let memory: Memory | undefined
  return {
    judge(transaction, cx) {
      const { exchange, seq } = transaction
      memory ??= new Memory(rules, origins)
      const mistakes = mistakesIn(transaction, cx, memory)
      if (mistakes.length === 0) return NOTHING
      const { client_id } = exchange
      const clean = (text: string) => withoutSecrets(text, transaction, cx)
      const sight = { client_id, seq, clean, levels: cx.tenant.config.findings }
      const found: Finding[] = []
      for (const mistake of mistakes) {
        const fresh = ledger.add(mistake, sight)
        if (fresh !== undefined) found.push(fresh)
      }
      return found
    },
    get findings() {
      return ledger.findings
    },
    clear() {
      memory = undefined
      ledger.clear()
    },
  }
}

const NONE: readonly Judged[] = []

function mistakesIn(transaction: Transaction, cx: Context, memory: Memory): readonly Judged[] {
  const { exchange, request } = transaction
  const watching = memory.watching(exchange)
  if (watching === undefined || request.method === 'HEAD') return relaxedIn(exchange)
  const { flows } = memory
  const seen = new Seen(transaction, cx, flows)
  let found: Judged[] | undefined
  for (const { rule, watch } of watching) {
    const verdict = isNoted(rule, exchange) ? undefined : watch(seen)
    if (verdict === undefined) continue
    found ??= []
    found.push({ lesson: rule, verdict })
  }
  flows.note(seen)
  const relaxed = relaxedIn(exchange)
  if (found === undefined) return relaxed
  return relaxed.length === 0 ? found : [...relaxed, ...found]
}

/** Each check once, however often it was let pass in one request. */
function relaxedIn({ notes }: Outcome): readonly Judged[] {
  if (notes.length === 0) return NONE
  const byCheck = new Map(notes.toReversed().map((note) => [note.check, note]))
  return [...byCheck.values()].map((note) => ({ lesson: relaxedBy(note), verdict: note.text }))
}

interface Watching {
  readonly rule: Rule
  readonly watch: Watch
}

type Outcome = Pick<Transaction['exchange'], 'endpoint' | 'reason' | 'notes'>

/** The rules that look at one endpoint: at every request, and at those refused for a reason. */
interface Place {
  readonly always: readonly Rule[]
  readonly refused: ReadonlyMap<Reason, readonly Rule[]>
}

interface Made {
  readonly always: Rule[]
  readonly refused: Map<Reason, Rule[]>
}

type Places = ReadonlyMap<EndpointName, Place>

/** The same for every judge. */
const placesOfAll = later(() => placesOf(RULES))

function placesOf(rules: readonly Rule[]): Places {
  const places = new Map<EndpointName, Made>()
  const placeOf = (name: EndpointName): Made => {
    const place = places.get(name) ?? { always: [], refused: new Map() }
    places.set(name, place)
    return place
  }
  for (const rule of rules) {
    for (const name of rule.at) {
      const { always, refused } = placeOf(name)
      if (rule.refusals === undefined) always.push(rule)
      for (const reason of rule.refusals ?? []) refused.set(reason, [...(refused.get(reason) ?? []), rule])
    }
  }
  // Only looked at for what follows.
  for (const name of ['login', 'consent', 'registration'] as const) placeOf(name)
  return places
}

/** What the rules remember: each begins when the first request comes that it looks at, for most see few. */
class Memory {
  readonly flows: Flows
  readonly #places: Places
  readonly #begun = new Map<Rule, Watching>()
  readonly #always = new Map<string, readonly Watching[]>()

  constructor(rules: readonly Rule[], origins: Recent<CodeOrigin>) {
    this.flows = createFlows(origins)
    this.#places = rules === RULES ? placesOfAll() : placesOf(rules)
  }

  /** The rules that look at a request; undefined at an endpoint that no rule looks at. */
  watching({ endpoint, reason }: Outcome): readonly Watching[] | undefined {
    const place = this.#places.get(endpoint as EndpointName)
    if (place === undefined) return undefined
    const always = this.#always.get(endpoint) ?? place.always.map((rule) => this.#watching(rule))
    this.#always.set(endpoint, always)
    const more = reason === undefined ? undefined : place.refused.get(reason as Reason)
    return more === undefined ? always : [...always, ...more.map((rule) => this.#watching(rule))]
  }

  #watching(rule: Rule): Watching {
    const begun = this.#begun.get(rule) ?? { rule, watch: rule.watch() }
    this.#begun.set(rule, begun)
    return begun
  }
}

/** Whether a note of a relaxed check says the same. */
function isNoted({ check }: Rule, { notes }: Outcome): boolean {
  return check !== undefined && notes.length > 0 && notes.some((note) => note.check === check)
}
