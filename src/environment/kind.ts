/** What a kind of environment is: the variables by which programs of one kind find a provider. */
import type { Facts } from './facts.ts'

export type Variables = Readonly<Record<string, string>>

export interface EnvironmentOptions {
  /** Name of the tenant; without it the first one that fits. */
  readonly tenant?: string | undefined
  /** `client_id`; without it the first client that fits. */
  readonly client?: string | undefined
}

export interface EnvKind {
  readonly name: string
  /** The variables that hold the file of a CA for such programs: each runtime has one of its own. */
  readonly ca: readonly string[]
  /** @throws TypeError for what is not configured */
  variables(options: EnvironmentOptions, facts: Facts): Variables
}

/** The variables that have a value. */
export function given(variables: Readonly<Record<string, string | undefined>>): Variables {
  const entries = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return Object.fromEntries(entries)
}
