/** What is remembered of requests: bounded, and nothing in it that would open a door. */
import { hash } from 'node:crypto'

const MOST = 1_000

/** A map of the latest entries; at its limit the oldest goes. */
export class Recent<V> {
  readonly #entries = new Map<string, V>()

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= MOST) return
    const [oldest] = this.#entries.keys()
    this.#entries.delete(oldest as string)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}

/** Stands for a value that is not to be kept. */
export function fingerprint(value: string): string {
  return hash('sha256', value, 'base64url').slice(0, 22)
}

/** A value, and what came beside it. */
interface Sighting {
  readonly beside: string
  times: number
}

/**
 * Finds values that come again where each request has to have its own. The very same request may come twice: people go
 * back, and browsers load again; with another value beside it, or thrice, nobody but the client can have done it.
 */
export class Repeats {
  readonly #seen = new Recent<Sighting>()

  came(key: string, beside: string): 'with others' | 'thrice' | undefined {
    const before = this.#seen.get(key)
    if (before === undefined) {
      this.#seen.set(key, { beside, times: 1 })
      return undefined
    }
    if (before.beside !== beside) return 'with others'
    before.times += 1
    return before.times > 2 ? 'thrice' : undefined
  }
}

/** What was not drawn at random mostly has fewer; the shortest random values that libraries make have more. */
export const FEW_BITS = 48

/**
 * Whether a value can hardly have so many random bits: its length times the bits of the different characters in it.
 * A generous guess: what is random passes.
 */
export function isGuessable(value: string, bits: number): boolean {
  const enough = 2 ** (bits / value.length)
  const different = new Set<string>()
  for (const character of value) {
    different.add(character)
    if (different.size >= enough) return false
  }
  return true
}

/** How many came within a time. */
export class Rate {
  readonly #milliseconds: number
  readonly #windows = new Recent<{ readonly since: number; times: number }>()

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
  }

  /** Counts one more, and says how many there are; time that went back begins anew. */
  count(key: string, now: number): number {
    const window = this.#windows.get(key)
    const age = now - (window?.since ?? 0)
    if (window === undefined || age < 0 || age >= this.#milliseconds) {
      this.#windows.set(key, { since: now, times: 1 })
      return 1
    }
    window.times += 1
    return window.times
  }

  clear(key: string): void {
    this.#windows.delete(key)
  }
}
