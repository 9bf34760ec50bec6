/** What a tenant remembers of the requests that it answered: the newest of them, within bounds. */
import type { Transaction } from '../context.ts'
import { Budget } from './budget.ts'
import type { Recorded } from './entry.ts'
import { sizeOf } from './size.ts'
import { EntryStream, type Listener, type Matches, type Source, type Streamed } from './stream.ts'

export type { Recorded } from './entry.ts'
export type { Matches, Streamed } from './stream.ts'

const MOST_ENTRIES = 1000
const MOST_BYTES = 8 * 1024 * 1024

export interface JournalOptions {
  /** Random text that is never shown: the marks by which masked values can be compared are made with it. */
  readonly salt: string
  /** Shared by all journals of a server. */
  readonly budget?: Budget
  readonly mostEntries?: number
  readonly mostBytes?: number
}

interface Kept {
  readonly entry: Recorded
  readonly bytes: number
}

interface Limits {
  readonly entries: number
  readonly bytes: number
  readonly budget: Budget
}

export interface Wait {
  /** Only entries with a greater number; absent: any that is remembered. */
  readonly after?: number | undefined
  readonly timeoutMs: number
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined
}

export class Journal implements Source {
  readonly salt: string
  readonly #limits: Limits
  /** A ring: an entry stands where its number modulo the length says, and the numbers are without gaps. */
  readonly #ring: (Kept | undefined)[]
  #size = 0
  readonly #listeners = new Set<Listener>()
  #last = 0
  #bytes = 0
  #dropped = 0
  #isClosed = false

  constructor({ salt, budget = new Budget(), mostEntries, mostBytes }: JournalOptions) {
    this.salt = salt
    this.#limits = { entries: mostEntries ?? MOST_ENTRIES, bytes: mostBytes ?? MOST_BYTES, budget }
    // One place more than there are entries: the newest comes before the oldest goes.
    this.#ring = new Array(this.#limits.entries + 1)
  }

  add({ at, ms, url, request, response, exchange }: Transaction): Recorded {
    this.#last += 1
    const entry: Recorded = { at, ms, url, request, response, exchange, seq: this.#last }
    // A request can outlive its tenant.
    if (this.#isClosed) return entry
    const bytes = sizeOf(entry)
    this.#ring[this.#place(entry.seq)] = { entry, bytes }
    this.#size += 1
    this.#take(bytes)
    // The newest stays, however large it is and whatever others have taken.
    while (this.#size > 1 && this.#isOver()) this.#dropOldest()
    for (const listener of this.#listeners) listener(entry)
    return entry
  }

  /** Those that are remembered, oldest first. */
  get entries(): readonly Recorded[] {
    return [...this.since(0)]
  }

  /** Number of the newest entry that ever was; 0 before the first. */
  get last(): number {
    return this.#last
  }

  get oldest(): number {
    return this.#last - this.#size + 1
  }

  /** How many were forgotten for want of room since the last clear. */
  get dropped(): number {
    return this.#dropped
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  *since(seq: number): Generator<Recorded, void> {
    for (let next = Math.max(seq + 1, this.oldest); next <= this.#last; next += 1) {
      const kept = this.#ring[this.#place(next)]
      if (kept !== undefined) yield kept.entry
    }
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The first entry that matches, a remembered one or the next to come; undefined when none came in time. */
  next(matches: Matches, { after = 0, timeoutMs, signal }: Wait): Promise<Recorded | undefined> {
    for (const entry of this.since(after)) if (matches(entry)) return Promise.resolve(entry)
    if (this.#isClosed || signal?.aborted === true || timeoutMs <= 0) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const settle = (entry?: Recorded) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', give)
        unsubscribe()
        resolve(entry)
      }
      const give = () => settle()
      const timer = setTimeout(give, timeoutMs)
      signal?.addEventListener('abort', give)
      const unsubscribe = this.subscribe((entry) => {
        if (entry === undefined || (entry.seq > after && matches(entry))) settle(entry)
      })
    })
  }

  /** The entries that match as they come, those after a number first; ends when the journal is closed. */
  stream(
    matches: Matches,
    { after = this.#last }: Pick<Wait, 'after'> = {},
  ): AsyncIterableIterator<Streamed> {
    return new EntryStream(this, matches, after)
  }

  /** Forgets all; numbers go on, so that who knows one can go on from there. */
  clear(): void {
    this.#ring.fill(undefined)
    this.#size = 0
    this.#take(-this.#bytes)
    this.#dropped = 0
  }

  /** Forgets all, and ends every wait and stream; for the stop, and for a sandbox that is dropped. */
  close(): void {
    this.#isClosed = true
    this.clear()
    for (const listener of this.#listeners) listener(undefined)
  }

  #place(seq: number): number {
    return seq % this.#ring.length
  }

  #isOver(): boolean {
    const { entries, bytes, budget } = this.#limits
    return this.#size > entries || this.#bytes > bytes || budget.used > budget.most
  }

  #dropOldest(): void {
    const at = this.#place(this.oldest)
    this.#take(-(this.#ring[at]?.bytes ?? 0))
    this.#ring[at] = undefined
    this.#size -= 1
    this.#dropped += 1
  }

  #take(bytes: number): void {
    this.#bytes += bytes
    this.#limits.budget.used += bytes
  }
}
