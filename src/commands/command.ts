/** What a command is, and the terminal it is given: no command knows the process. */

export interface Output {
  write(text: string): void
}

export interface Terminal {
  /** The arguments behind the program's name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Output
  /** Calls back at each signal that asks the process to end, which then no longer ends by itself. */
  onSignal(listener: () => void): void
}

/** An option as `parseArgs` takes it, with what the help says about it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  readonly required?: boolean
  /** What stands for the value in the usage: `FILE`. */
  readonly value?: string
  readonly help: string
}

export type Options = Readonly<Record<string, Option>>

type Value<O extends Option> = O extends { readonly type: 'boolean' }
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : string

export interface Arguments<O extends Options = Options> {
  readonly values: { readonly [K in keyof O]?: Value<O[K]> }
  readonly positionals: readonly string[]
}

export interface Command<O extends Options = Options> {
  readonly name: string
  readonly summary: string
  /** An argument without a name, as the usage shows it: `[FILE]`. */
  readonly argument?: string
  readonly options: O
  /** Gives the exit code. What it needs it loads when it runs, for `serve` shall not wait for the others. */
  run(args: Arguments<O>, terminal: Terminal): Promise<number>
}

/** Types a command's arguments by its own options. */
export function command<const O extends Options>(definition: Command<O>): Command<O> {
  return definition
}

export const EXIT = { done: 0, failure: 1, usage: 2, cannotListen: 3 } as const

/** A command that cannot be understood, for the one who typed it: becomes exit code 2 and the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
