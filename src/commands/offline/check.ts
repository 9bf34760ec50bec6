import type { ResolvedConfig } from '../../config/resolve.ts'
import { KeyError } from '../../keys/key_error.ts'
import { createKeySet } from '../../keys/keys.ts'
import { openKeyFile } from '../../keys/state.ts'
import type { Terminal } from '../command.ts'
import { configure, configureFrom } from '../shell/configuration.ts'

/** What there is to say about a configuration: that it is valid, or what is wrong with its keys. @throws ConfigError with all else */
export async function check(file: string | undefined, terminal: Terminal): Promise<Verdict> {
  const taken =
    file === undefined ? await configure({}, terminal) : { config: await configureFrom(file, terminal), file }
  const { tenants, server } = taken.config
  if (server.state_dir !== null) await openKeyFile(server.state_dir).check()
  const problems = (await readings(taken.config)).flatMap((read) => problemOf(read) ?? [])
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

/** What a start reads, so that what is wrong with one would else show there first. */
async function readings({ keys, tenants, server: { tls } }: ResolvedConfig): Promise<(() => unknown)[]> {
  const all = [keys, ...tenants.map((tenant) => tenant.keys)].flat()
  const readKeys = all.map((key) => () => createKeySet([key], { slot: 'validate' }))
  if (tls === undefined) return readKeys
  const { checkFiles } = await import('../../tls/own_certificate.ts')
  return [...readKeys, () => checkFiles(tls)]
}

function problemOf(read: () => unknown): string | undefined {
  try {
    read()
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
