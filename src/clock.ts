/** The one source of time. Nothing else in the provider may ask the machine what time it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Whole seconds since the epoch: a NumericDate. @see https://www.rfc-editor.org/rfc/rfc7519.html#section-2 */
  seconds(): number
  /** Moves this clock, and only this one, by so many seconds (negative moves it back). */
  advance(seconds: number): void
}

/** A clock that runs with `base` and can be moved on its own. */
export function createClock(base: () => number = Date.now): Clock {
  let offset = 0
  const now = () => base() + offset
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    advance(seconds) {
      if (!Number.isFinite(seconds)) throw new TypeError(`advance takes a number of seconds, got ${seconds}`)
      offset += seconds * 1000
    },
  }
}

/** Milliseconds that only ever grow, for measuring how long something took. */
export function monotonic(): number {
  return performance.now()
}

/** The moment that an ISO 8601 text names. */
export function instant(text: string): Date {
  return new Date(text)
}

/** `2026-01-31 08:15:00Z`. */
export function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/** `2026-01-31T08:15:00.123Z`, for logs. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
