import type { Clock } from '../clock.ts'
import type { Kind, Listed, Store } from './store.ts'

interface Entry {
  readonly record: unknown
  readonly expires: number
}

/** The entries of one kind, oldest first. */
interface Shelf {
  readonly entries: Map<string, Entry>
  /** Goes round and round, so that those which stay long do not hide the expired ones behind them. */
  round: Iterator<[string, Entry]>
  /** When all entries were last looked at, in seconds. */
  sweptAt?: number
}

/** At the limit the oldest entry goes; `evicted` hears of each so that nobody wonders where it went. */
export interface Limits {
  readonly entries: number
  /** Fewer of a kind whose records are large. */
  readonly of?: Readonly<Partial<Record<Kind, number>>>
  readonly evicted?: (kind: Kind) => void
}

const LOOKED_AT_PER_ADD = 2

/**
 * What says that something was used or revoked, or whose it is, beside tokens that nobody keeps: as long as there is
 * room it is remembered when its time is over, for time can go back.
 */
const AGAINST: ReadonlySet<Kind> = new Set(['revoked_token', 'assertion_jti', 'token_grant'])

const ROOM_AGAINST = 10_000

/** Keeps everything in the process, each kind up to its limit; what has expired is gone when it is asked for. */
export class MemoryStore implements Store {
  readonly #shelves = new Map<Kind, Shelf>()
  readonly #clock: Clock
  readonly #limits: Limits

  constructor(clock: Clock, limits: Limits = { entries: 100_000 }) {
    this.#clock = clock
    this.#limits = limits
  }

  /** How many entries are held, with those that have expired and were not looked at since. */
  get size(): number {
    return [...this.#shelves.values()].reduce((sum, { entries }) => sum + entries.size, 0)
  }

  add(kind: Kind, id: string, record: unknown, expires: number): Promise<boolean> {
    const shelf = this.#shelf(kind)
    if (this.#live(kind, id) !== undefined) return Promise.resolve(false)
    shelf.entries.delete(id)
    this.#makeRoom(kind, shelf)
    shelf.entries.set(id, { record, expires })
    return Promise.resolve(true)
  }

  get(kind: Kind, id: string): Promise<unknown> {
    return Promise.resolve(this.#live(kind, id)?.record)
  }

  update<T>(kind: Kind, id: string, change: (record: T) => T): Promise<T | undefined> {
    const entry = this.#live(kind, id)
    if (entry === undefined) return Promise.resolve(undefined)
    const record = change(entry.record as T)
    this.#shelf(kind).entries.set(id, { ...entry, record })
    return Promise.resolve(record)
  }

  take(kind: Kind, id: string): Promise<unknown> {
    const entry = this.#live(kind, id)
    this.#shelves.get(kind)?.entries.delete(id)
    return Promise.resolve(entry?.record)
  }

  list(kind: Kind): Promise<readonly Listed[]> {
    const now = this.#clock.seconds()
    const entries = [...(this.#shelves.get(kind)?.entries ?? [])]
    return Promise.resolve(
      entries.flatMap(([id, { record, expires }]) => (expires > now ? { id, record, expires } : [])),
    )
  }

  beforeBack(): void {
    const now = this.#clock.seconds()
    for (const [kind, { entries }] of this.#shelves) {
      if (AGAINST.has(kind)) continue
      for (const [id, entry] of entries) if (!(endOf(entry) > now)) entries.delete(id)
    }
  }

  #shelf(kind: Kind): Shelf {
    let shelf = this.#shelves.get(kind)
    if (shelf === undefined) {
      const entries = new Map<string, Entry>()
      shelf = { entries, round: entries.entries() }
      this.#shelves.set(kind, shelf)
    }
    return shelf
  }

  #live(kind: Kind, id: string): Entry | undefined {
    const entries = this.#shelves.get(kind)?.entries
    const entry = entries?.get(id)
    if (entry === undefined || entry.expires > this.#clock.seconds()) return entry
    if (!AGAINST.has(kind)) entries?.delete(id)
    return undefined
  }

  /** A few are looked at for each that comes, so that expired ones leave without a timer. */
  #makeRoom(kind: Kind, shelf: Shelf): void {
    const { entries } = shelf
    const most = this.#limits.of?.[kind] ?? this.#limits.entries
    const now = this.#clock.seconds()
    if (!AGAINST.has(kind) || entries.size > ROOM_AGAINST) this.#look(shelf, LOOKED_AT_PER_ADD, now)
    if (entries.size < most) return
    // No live entry goes while an expired one is there; one look at all of them in a second is enough to know.
    if (shelf.sweptAt !== now) this.#look(shelf, entries.size + 1, now)
    shelf.sweptAt = now
    for (const id of entries.keys()) {
      if (entries.size < most) return
      entries.delete(id)
      this.#limits.evicted?.(kind)
    }
  }

  #look(shelf: Shelf, count: number, now: number): void {
    for (let looked = 0; looked < count; looked += 1) {
      const next = shelf.round.next()
      if (next.done) shelf.round = shelf.entries.entries()
      else if (!(next.value[1].expires > now)) shelf.entries.delete(next.value[0])
    }
  }
}

/** When it was over that a record was worth something. */
function endOf({ record, expires }: Entry): number {
  const { expires: own } = (record ?? {}) as { readonly expires?: unknown }
  return typeof own === 'number' ? Math.min(own, expires) : expires
}
