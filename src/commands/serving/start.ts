/** Serves until a signal comes. */
import type { ResolvedConfig } from '../../config/resolve.ts'
import { createRequestLog, type RequestLog } from '../../logging/request_log.ts'
import { type Running, startProvider } from '../../provider.ts'
import { EXIT, type Terminal, UsageError } from '../command.ts'
import { type ConfigValues, configure } from '../shell/configuration.ts'
import { banner, firstIssuer, readyEvent } from './banner.ts'
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
  { config, port }: Running,
  file: string | undefined,
  { config: asked }: ConfigValues,
): Generator<string> {
  if (asked !== undefined && file !== asked) yield `${file} stands above --config ${asked}, which is not read`
  const text = exposure(config.server.host, port)
  if (text !== undefined) yield text
}

function* secretsOf({ tenants }: ResolvedConfig): Generator<string> {
  for (const { clients } of tenants) for (const { secrets } of clients) yield* secrets
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
    const { code = '', syscall = '' } = error as NodeJS.ErrnoException
    if (!LISTEN_CALLS.has(syscall)) throw error
    const { host, port } = config.server
    const explain = REASONS[code] ?? (() => `cannot listen on ${host}, port ${port} (${code})`)
    stderr.write(`idp-double: ${explain(host, port)}\n`)
    return undefined
  }
}

const LISTEN_CALLS = new Set(['listen', 'bind', 'getaddrinfo'])

const unknownHost = (host: string) =>
  `${host} is not an address of this machine; choose another with --host, 127.0.0.1 or 0.0.0.0 for example`

/** Why listening failed, and what to do about it. */
const REASONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} on ${host} is in use; stop what listens there (another idp-double?), or choose another with --port (0 takes any free one)`,
  EACCES: (_host, port) =>
    `this user may not listen on port ${port}; choose one above 1023 with --port (0 takes any free one)`,
  EADDRNOTAVAIL: unknownHost,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
}
