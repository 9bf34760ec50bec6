/** A store that takes a while and keeps nothing but JSON, as one behind a network does. */
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'
import type { Kind, Listed, Store } from '../../src/store/store.ts'

interface Entry {
  readonly record: string
  readonly expires: number
}

/** Each operation is one step somewhere between the call and its answer: others get their turn before and after it. */
export class SlowStore implements Store {
  /** By kind and id, as JSON. */
  readonly records = new Map<string, Entry>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(kind: Kind, id: string, record: unknown, expires: number): Promise<boolean> {
    return this.#step(() => {
      if (this.#live(kind, id) !== undefined) return false
      this.records.set(`${kind} ${id}`, { record: JSON.stringify(record), expires })
      return true
    })
  }

  get(kind: Kind, id: string): Promise<unknown> {
    return this.#step(() => parsed(this.#live(kind, id)))
  }

  update<T>(kind: Kind, id: string, change: (record: T) => T): Promise<T | undefined> {
    return this.#step(() => {
      const entry = this.#live(kind, id)
      if (entry === undefined) return undefined
      const changed = { ...entry, record: JSON.stringify(change(parsed(entry) as T)) }
      this.records.set(`${kind} ${id}`, changed)
      return parsed(changed) as T
    })
  }

  take(kind: Kind, id: string): Promise<unknown> {
    return this.#step(() => {
      const entry = this.#live(kind, id)
      this.records.delete(`${kind} ${id}`)
      return parsed(entry)
    })
  }

  list(kind: Kind): Promise<readonly Listed[]> {
    const ids = [...this.records.keys()].filter((key) => key.startsWith(`${kind} `))
    return this.#step(() =>
      ids.flatMap((key) => {
        const id = key.slice(kind.length + 1)
        const entry = this.#live(kind, id)
        return entry === undefined ? [] : { id, record: parsed(entry), expires: entry.expires }
      }),
    )
  }

  /** At once: the clock moves as soon as this is done. */
  beforeBack(): void {
    const now = this.#clock.seconds()
    for (const [key, { record, expires }] of this.records) {
      const { expires: own = expires } = (JSON.parse(record) ?? {}) as { expires?: number }
      const isAgainst = /^(revoked_token|assertion_jti|token_grant) /.test(key)
      if (!isAgainst && own <= now) this.records.delete(key)
    }
  }

  #live(kind: Kind, id: string): Entry | undefined {
    const entry = this.records.get(`${kind} ${id}`)
    if (entry === undefined || entry.expires > this.#clock.seconds()) return entry
    this.records.delete(`${kind} ${id}`)
    return undefined
  }

  async #step<T>(work: () => T): Promise<T> {
    await setImmediate()
    const result = work()
    await setImmediate()
    return result
  }
}

function parsed(entry: Entry | undefined): unknown {
  return entry === undefined ? undefined : JSON.parse(entry.record)
}
