import type { KeyConfig } from '../../config/resolve.ts'
import { KeyError } from '../../keys/key_error.ts'
import { createKeySet } from '../../keys/keys.ts'
import { openKeyFile } from '../../keys/state.ts'
import type { Terminal } from '../command.ts'
import { configure, configureFrom } from '../shell/configuration.ts'

/** What there is to say about a configuration: that it is valid, or what is wrong with its keys. @throws ConfigError with all else */
export async function check(file: string | undefined, terminal: Terminal): Promise<Verdict> {
  const taken =
    file === undefined ? await configure({}, terminal) : { config: await configureFrom(file, terminal), file }
  const { keys, tenants, server } = taken.config
  if (server.state_dir !== null) await openKeyFile(server.state_dir).check()
  // Keys are read when a provider starts, so what is wrong with one would else show there first.
  const problems = [keys, ...tenants.map((tenant) => tenant.keys)]
    .flat()
    .flatMap((key) => problemOf(key) ?? [])
  if (problems.length > 0) return { isValid: false, text: problems.join('\n') }
  const counts = [
    counted(tenants.length, 'tenant'),
    counted(sum(tenants.map(({ clients }) => clients.length)), 'client'),
    counted(sum(tenants.map(({ resources }) => resources.length)), 'resource'),
  ]
  const name = taken.file ?? 'no configuration was found; the built-in demo'
  return { isValid: true, text: `${name} is valid: ${counts.join(', ')}` }
}

export interface Verdict {
  readonly isValid: boolean
  readonly text: string
}

function problemOf(key: KeyConfig): string | undefined {
  try {
    createKeySet([key], { slot: 'validate' })
    return undefined
  } catch (error) {
    if (error instanceof KeyError) return error.message
    throw error
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
