/** Follows the files of a configuration while the provider runs: a good one is served, a bad one is told. */

import { statSync } from 'node:fs'
import { asksForCertificates } from '../../config/asks_for_certificates.ts'
import { ConfigError } from '../../config/problem.ts'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { KeyError } from '../../keys/key_error.ts'
import { prefixesOf } from '../../site.ts'
import type { World } from '../../world/world.ts'

/** Each file that was read or should have been, with how it was just before. */
export type Seen = ReadonlyMap<string, string>

/** Notes files as they are read, so that no change is missed that comes right after. */
export function noting(): { readonly seen: Seen; readonly tried: (file: string) => void } {
  const seen = new Map<string, string>()
  // The first look counts: a file that is named twice is read once, and may change before it is named again.
  const tried = (file: string) => {
    if (!seen.has(file)) seen.set(file, stateOf(file))
  }
  return { seen, tried }
}

/** What differs once a file was changed, replaced, removed or made. */
function stateOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch (error) {
    // No file, a link that leads nowhere, a folder that may not be entered: reading it says what is wrong.
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}

export interface WatchOptions {
  readonly world: World
  readonly seen: Seen
  /** Reads the configuration again. @param tried hears of each file before it is read @throws ConfigError */
  readonly read: (tried: (file: string) => void) => Promise<ResolvedConfig>
  readonly told: (text: string) => void
  readonly warned: (text: string) => void
}

/** Asked for by looking: what tells of changes is silent on mounted folders, and forgets a file that is replaced. */
const EVERY_MS = 250

/** Serves what the files say from now on. Gives back how to end it. */
export function watch({ world, seen: first, read, told, warned }: WatchOptions): () => void {
  let seen = first
  let isReading = false
  let last = ''
  const reload = async () => {
    const { seen: now, tried } = noting()
    // Those of before too: a configuration that cannot be read names no other files.
    for (const file of seen.keys()) tried(file)
    seen = now
    try {
      told(apply(await read(tried), world, warned))
    } catch (error) {
      warned(`the configuration was not loaded again, the last good one stays:\n${textOf(error)}`)
    }
  }
  const look = () => {
    const before = last
    last = [...seen.keys()].map(stateOf).join()
    // Twice the same, or somebody may still be writing: the first half of a file is mostly a good one.
    if (isReading || last !== before || last === [...seen.values()].join()) return
    isReading = true
    void reload().finally(() => {
      isReading = false
    })
  }
  const timer = setInterval(look, EVERY_MS).unref()
  return () => clearInterval(timer)
}

/** Whatever went wrong, what is served goes on; a fault of ours with its stack, for whoever reports it. */
function textOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof KeyError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** What is decided when the provider starts, by how the configuration calls it. */
const AT_START: Readonly<Record<string, (config: ResolvedConfig) => unknown>> = {
  server: ({ server }) => server,
  keys: ({ keys }) => keys,
  'control.enabled': ({ control }) => control.enabled,
  'the path of issuer.url': (config) => prefixesOf(config),
  'the first client with a certificate': (config) => asksForCertificates(config),
}

function apply(next: ResolvedConfig, world: World, warned: (text: string) => void): string {
  const { config: now } = world
  const late = Object.keys(AT_START).filter(
    (name) => JSON.stringify(AT_START[name]?.(next)) !== JSON.stringify(AT_START[name]?.(now)),
  )
  if (late.length > 0) warned(`not changed before the next start: ${late.join(', ')}`)
  const isMoved = late.includes('the path of issuer.url')
  world.replace({
    ...next,
    server: now.server,
    keys: now.keys,
    issuer: isMoved ? now.issuer : next.issuer,
    control: { ...next.control, enabled: now.control.enabled },
  })
  const count = (what: 'clients' | 'users') =>
    next.tenants.reduce((sum, tenant) => sum + tenant[what].length, 0)
  return `configuration loaded again: ${next.tenants.length} tenants, ${count('clients')} clients, ${count('users')} users`
}
