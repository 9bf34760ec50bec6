/** Serves until a signal comes. */
import { ConfigError } from '../../config/problem.ts'
import type { ResolvedConfig, TenantConfig } from '../../config/resolve.ts'
import type { ListenError } from '../../http/listen.ts'
import { createRequestLog, type RequestLog } from '../../logging/request_log.ts'
import { type Running, startProvider } from '../../provider.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { type ConfigValues, configure } from '../shell/configuration.ts'
import { banner, firstIssuer, readyEvent } from './banner.ts'
import { summaryEvent, summaryText } from './findings_summary.ts'
import { listenFailure } from './listen_failure.ts'
import { exposure } from './network.ts'
import { noting, type Seen, watch } from './watch.ts'

export interface ServeValues extends ConfigValues {
  readonly log?: string
  readonly quiet?: boolean
  readonly watch?: boolean
  readonly 'print-config'?: boolean
}

/** Resolve at the first and the second signal to stop. */
export interface StopRequests {
  readonly first: Promise<void>
  readonly second: Promise<void>
}

export async function start(values: ServeValues, terminal: Terminal, stop: StopRequests): Promise<number> {
  const {
    log: format = 'text',
    quiet = false,
    'print-config': prints = false,
    watch: follows,
    ...flags
  } = values
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`--log is ${format}, expected text or json`)
  const { seen, tried } = noting()
  const { config, file } = await configure(flags, terminal, tried)
  if (follows && seen.size === 0)
    throw new UsageError(`--watch has no file to follow: the configuration is ${file ?? 'the built-in demo'}`)
  const { stdout, stderr } = terminal
  if (prints) {
    const { printedConfig } = await import('./print_config.ts')
    stdout.write(printedConfig(config))
    return EXIT.done
  }
  let running: Running | undefined
  const log = createRequestLog({
    format,
    quiet,
    secrets: {
      get revision() {
        return running?.world.revision
      },
      all: () => {
        const { control, tenants } = running?.world.config ?? config
        return secretsOf(control, running?.world.everyone.map((tenant) => tenant.config) ?? tenants)
      },
    },
    out: stdout.write,
    err: stderr.write,
  })
  running = await listening(config, log, terminal)
  if (running === undefined) return EXIT.cannotListen
  await keysReady(running)
  if (format === 'json') stdout.write(`${readyEvent(running)}\n`)
  else stdout.write(quiet ? `idp-double is ready: ${firstIssuer(running)}\n` : banner(running, file))
  for (const warning of warnings(running, file, flags)) log.warn(warning)
  const unwatch = follows ? watching(running, { seen, flags, terminal, log }) : undefined
  await stop.first
  unwatch?.()
  await Promise.race([running.stop(), stop.second])
  log.flush()
  if (!quiet) stdout.write((format === 'json' ? summaryEvent : summaryText)(running.world) ?? '')
  return EXIT.done
}

interface Followed {
  readonly seen: Seen
  readonly flags: ConfigValues
  readonly terminal: Terminal
  readonly log: RequestLog
}

function watching({ world }: Running, { seen, flags, terminal, log }: Followed): () => void {
  return watch({
    ...{ world, seen, told: log.tell, warned: log.complain },
    read: async (tried) => {
      const { config, file } = await configure(flags, terminal, tried)
      if (file === undefined) throw removed(seen)
      return config
    },
  })
}

/** Without its file the provider would be the demo, which nobody asked for. */
function removed(seen: Seen): ConfigError {
  const [path = ''] = seen.keys()
  const problem = { file: path, path: '', message: `cannot read ${path}: there is no such file` }
  return new ConfigError(problem.message, { problems: [problem] })
}

/** Who reads that the provider is ready shall find it so, and a key that cannot be made or kept ends the start. */
async function keysReady({ keys, tenants }: Running): Promise<void> {
  if (tenants.some((tenant) => tenant.keys === keys)) await keys.published()
}

function* warnings(
  { config, ports }: Running,
  file: string | undefined,
  { config: asked }: ConfigValues,
): Generator<string> {
  if (asked !== undefined && file !== asked) yield `${file} stands above --config ${asked}, which is not read`
  const text = exposure(config.server.host, ports)
  if (text !== undefined) yield text
}

function* secretsOf(
  { token }: ResolvedConfig['control'],
  tenants: readonly TenantConfig[],
): Generator<string> {
  if (token !== undefined) yield token
  // Sandboxes have the clients of the configuration, most of them in the very same list.
  const known = new Set<object>()
  const isNew = (one: object) => known.size !== known.add(one).size
  for (const { clients, managed_identity, registration } of tenants) {
    for (const client of isNew(clients) ? clients : []) if (isNew(client)) yield* client.secrets
    const { header, arc_key } = managed_identity
    for (const secret of [header, arc_key?.content, registration.initial_access_token])
      if (secret !== undefined) yield secret
  }
}

/** The running provider, or undefined and a line that says why it cannot listen. */
async function listening(
  config: ResolvedConfig,
  log: RequestLog,
  { stderr }: Terminal,
): Promise<Running | undefined> {
  try {
    return await startProvider(config, { log: log.request, warn: log.warn })
  } catch (error) {
    const text = listenFailure(error as ListenError, config.server)
    if (text === undefined) throw error
    stderr.write(`idp-double: ${text}\n`)
    return undefined
  }
}
