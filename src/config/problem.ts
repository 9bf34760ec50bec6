/** One thing that is wrong with a configuration, and where. */
export interface Problem {
  /** The file, or the flag or environment variable that gave the value. */
  readonly file: string
  readonly line?: number
  readonly col?: number
  /** `clients[0].grant_types`; empty for the whole. */
  readonly path: string
  readonly message: string
  readonly got?: string
  readonly expected?: string
  readonly nearest?: string
}

/** A configuration that cannot be used: every problem at once. Its message lists them for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(
    message: string,
    { problems, ...options }: { readonly problems: readonly Problem[]; cause?: unknown },
  ) {
    super(message, options)
    this.problems = problems
  }
}

export type PathKey = string | number

/** A problem before it is placed in its file and worded. */
export interface Finding {
  readonly path: readonly PathKey[]
  /** Whether the key itself or its value is wrong. */
  readonly at?: 'key'
  readonly message: string
  readonly got?: string
  readonly expected?: string
  /** A name that is not among these: the nearest of them is proposed. */
  readonly name?: string
  readonly among?: Iterable<string>
  /** What to call `among`, as in `(allowed here: a, b)`; without it they are not listed. */
  readonly list?: string
  /** Where it is, when that is known already: offsets in the text. */
  readonly range?: Range
}

/** Start and end offset in a text. */
export type Range = readonly [start: number, end: number]

/** The text a configuration came from, as far as positions in it are known. */
export interface Source {
  readonly file: string
  readonly text?: string
  readonly locate?: (path: readonly PathKey[], at: 'key' | 'value') => Range | undefined
  /** Where secrets stand in the text. Without it no line of the text is shown. */
  readonly secrets?: readonly Range[]
}
