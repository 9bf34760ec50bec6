/** Environment variables with which programs find this provider. */
import type { Facts } from './environment/facts.ts'
import * as registry from './environment/index.ts'
import type { EnvironmentOptions, EnvKind, Variables } from './environment/kind.ts'
import { oneOf } from './protocol/errors.ts'

export { type Facts, factsOf } from './environment/facts.ts'
export type { EnvironmentOptions } from './environment/kind.ts'

const KINDS: readonly EnvKind[] = Object.values(registry)

/** The names of the kinds. */
export const kinds: readonly string[] = KINDS.map(({ name }) => name)

interface Place {
  readonly facts: Facts
  /** The file of the CA, for whoever reads the variables. */
  readonly caFile: string | undefined
}

/** The variables of a kind. @throws TypeError for an unknown one, and for what is not configured */
export function environment(kind: string, options: EnvironmentOptions, { facts, caFile }: Place): Variables {
  const found = KINDS.find(({ name }) => name === kind)
  if (found === undefined)
    throw new TypeError(`env has variables for ${oneOf(kinds)}, not for ${String(kind)}`)
  const ca = caFile === undefined ? [] : found.ca.map((name) => [name, caFile])
  return { ...found.variables(options, facts), ...Object.fromEntries(ca) }
}
