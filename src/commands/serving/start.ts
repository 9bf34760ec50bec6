/** Serves until a signal comes. */
import type { ResolvedConfig } from '../../config/resolve.ts'
import type { ListenError } from '../../http/listen.ts'
import { createRequestLog, type RequestLog } from '../../logging/request_log.ts'
import { type Running, startProvider } from '../../provider.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { type ConfigValues, configure } from '../shell/configuration.ts'
import { banner, firstIssuer, readyEvent } from './banner.ts'
import { listenFailure } from './listen_failure.ts'
import { exposure } from './network.ts'

export interface ServeValues extends ConfigValues {
  readonly log?: string
  readonly quiet?: boolean
  readonly 'print-config'?: boolean
}

/** Resolve at the first and the second signal to stop. */
export interface StopRequests {
  readonly first: Promise<void>
  readonly second: Promise<void>
}

export async function start(values: ServeValues, terminal: Terminal, stop: StopRequests): Promise<number> {
  const { log: format = 'text', quiet = false, 'print-config': prints = false, ...flags } = values
  if (format !== 'text' && format !== 'json')
    throw new UsageError(`--log is ${format}, expected text or json`)
  const { config, file } = await configure(flags, terminal)
  const { stdout, stderr } = terminal
  if (prints) {
    const { printedConfig } = await import('./print_config.ts')
    stdout.write(printedConfig(config))
    return EXIT.done
  }
  const log = createRequestLog({
    format,
    quiet,
    secrets: secretsOf(config),
    out: stdout.write,
    err: stderr.write,
  })
  const running = await listening(config, log, terminal)
  if (running === undefined) return EXIT.cannotListen
  await keysReady(running)
  if (format === 'json') stdout.write(`${readyEvent(running)}\n`)
  else stdout.write(quiet ? `idp-double is ready: ${firstIssuer(running)}\n` : banner(running, file))
  for (const warning of warnings(running, file, flags)) log.warn(warning)
  await stop.first
  await Promise.race([running.stop(), stop.second])
  log.flush()
  return EXIT.done
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

function* secretsOf({ tenants }: ResolvedConfig): Generator<string> {
  for (const { clients, managed_identity } of tenants) {
    for (const { secrets } of clients) yield* secrets
    for (const secret of [managed_identity.header, managed_identity.arc_key?.content])
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
