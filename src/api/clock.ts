/** Time, as a test moves it. */

/** What time it is for the provider. */
export interface Time {
  /** ISO 8601. */
  readonly now: string
  /** Seconds since 1970. */
  readonly epoch: number
  readonly frozen: boolean
}

/** The time by which the provider issues and validates; of all configured tenants, in a sandbox of that alone. */
export interface IdpClock {
  now(): Promise<Time>
  /** Moves it on, or back where negative: `61m`, or seconds. @throws TypeError for no duration, and beyond the years 1980 to 9000 */
  advance(by: string | number): Promise<Time>
  /** An ISO 8601 time, a Date, or seconds since 1970. */
  set(to: string | number | Date): Promise<Time>
  freeze(): Promise<Time>
  /** Lets it run on from where it stands. */
  release(): Promise<Time>
  /** Back to the time of the machine. */
  reset(): Promise<Time>
}
