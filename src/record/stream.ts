/** The entries to come, one after the other. Nothing is queued: who reads slowly reads what is still remembered. */
import type { Recorded } from './entry.ts'

export type Matches = (entry: Recorded) => boolean

/** Hears of each new entry; of undefined when no more will come. */
export type Listener = (entry: Recorded | undefined) => void

/** What a stream reads. */
export interface Source {
  /** Number of the oldest entry that is remembered, or of the next where none is. */
  readonly oldest: number
  readonly isClosed: boolean
  /** The remembered entries with a greater number, oldest first. */
  since(seq: number): Iterable<Recorded>
  /** Gives back what ends it. */
  subscribe(listener: Listener): () => void
}

export interface Streamed {
  readonly entry: Recorded
  /** How many entries before it were forgotten before they could be looked at, whether they match or not. */
  readonly skipped: number
}

type Result = IteratorResult<Streamed, undefined>

const DONE: Result = { done: true, value: undefined }

/** Reads a source from a number on. It listens only while somebody waits for its next entry. */
export class EntryStream implements AsyncIterableIterator<Streamed, undefined> {
  readonly #source: Source
  readonly #matches: Matches
  readonly #waiting: ((result: Result) => void)[] = []
  #after: number
  #skipped = 0
  #isDone = false
  #unsubscribe: (() => void) | undefined

  constructor(source: Source, matches: Matches, after: number) {
    this.#source = source
    this.#matches = matches
    this.#after = after
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    const ready = this.#take()
    if (ready !== undefined) return Promise.resolve(ready)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#unsubscribe ??= this.#source.subscribe(() => this.#wake())
    })
  }

  /** Ends it, also for who waits for its next entry at this moment. */
  return(): Promise<Result> {
    this.#isDone = true
    this.#wake()
    return Promise.resolve(DONE)
  }

  #wake(): void {
    while (this.#waiting.length > 0) {
      const result = this.#take()
      if (result === undefined) return
      this.#waiting.shift()?.(result)
    }
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }

  #take(): Result | undefined {
    if (this.#isDone) return DONE
    const { oldest } = this.#source
    if (oldest - 1 > this.#after) {
      this.#skipped += oldest - 1 - this.#after
      this.#after = oldest - 1
    }
    for (const entry of this.#source.since(this.#after)) {
      this.#after = entry.seq
      if (this.#matches(entry)) return this.#found(entry)
    }
    return this.#source.isClosed ? DONE : undefined
  }

  #found(entry: Recorded): Result {
    const skipped = this.#skipped
    this.#skipped = 0
    return { done: false, value: { entry, skipped } }
  }
}
