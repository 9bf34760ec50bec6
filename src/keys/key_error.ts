/** A key, certificate or key file that cannot be used. `at` names where it comes from: `keys[0]`, or a file. */
export class KeyError extends Error {
  readonly at: string
  constructor(problem: string, { at, ...options }: { readonly at: string; readonly cause?: unknown }) {
    super(`${at}: ${problem}`, options)
    this.name = 'KeyError'
    this.at = at
  }
}
