/** The one source of time. Nothing else in the provider may ask the machine what time it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Whole seconds since the epoch: a NumericDate. @see https://www.rfc-editor.org/rfc/rfc7519.html#section-2 */
  seconds(): number
  /** Whether time stands still, here or where this clock has it from. */
  readonly frozen: boolean
  /** Moves this clock, and only this one, by so many seconds (negative moves it back). @throws RangeError out of its range */
  advance(seconds: number): void
  /** Moves it to this moment, in milliseconds since the epoch. @throws RangeError out of its range */
  set(milliseconds: number): void
  /** Stops time at this moment; it can still be advanced and set. */
  freeze(): void
  /** Lets time run on from where it stands. */
  release(): void
  /** Back to how it began. */
  reset(): void
  /** Hears of each time that somebody moves it back, while it still shows the later time. */
  beforeBack(listener: () => void): void
}

/** The years that tokens, cookies and certificates can be dated with. */
const EARLIEST = Date.UTC(1980, 0)
const LATEST = Date.UTC(9000, 0)

// As it is now: the fake timers of a test runner put another in its place.
const machine = Date.now

/** The time of whatever is called Date when it is asked: also of the fake timers of a test runner. */
export function followed(): number {
  return Date.now()
}

/**
 * A clock that runs with `base` and can be moved on its own.
 * @param standsStill whether that does not run
 */
export function createClock(base: () => number = machine, standsStill = () => false): Clock {
  let offset = 0
  let stopped: number | undefined
  const listeners: (() => void)[] = []
  const now = () => stopped ?? base() + offset
  const tell = (next: number) => {
    if (next < now()) for (const listener of listeners) listener()
  }
  const set = (milliseconds: number) => {
    // Also NaN.
    if (!(milliseconds >= EARLIEST && milliseconds <= LATEST))
      throw new RangeError(
        `the clock goes from the year 1980 to 9000, ${milliseconds} ms since 1970 is not in it`,
      )
    tell(milliseconds)
    if (stopped === undefined) offset = milliseconds - base()
    else stopped = milliseconds
  }
  const release = () => {
    if (stopped === undefined) return
    offset = stopped - base()
    stopped = undefined
  }
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    get frozen() {
      return stopped !== undefined || standsStill()
    },
    advance(seconds) {
      if (!Number.isFinite(seconds)) throw new TypeError(`advance takes a number of seconds, got ${seconds}`)
      set(now() + seconds * 1000)
    },
    set,
    freeze() {
      stopped ??= now()
    },
    release,
    reset() {
      tell(base())
      stopped = undefined
      offset = 0
    },
    beforeBack(listener) {
      listeners.push(listener)
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
