/** Why a port cannot be listened on, and what to do about it. */
import type { ServerConfig } from '../../config/resolve.ts'
import type { ListenError } from '../../http/listen.ts'

/** A line that says it; undefined for an error that is about something else. */
export function listenFailure(
  { code = '', syscall = '', scheme }: ListenError,
  { host, port, tls }: ServerConfig,
): string | undefined {
  if (!LISTEN_CALLS.has(syscall)) return undefined
  const isSecure = scheme === 'https'
  if (isSecure && port === tls?.port && port !== 0)
    return `http and https cannot both be at port ${port}; choose another for http with --port, or for https with server.tls.port`
  const explain = REASONS[code] ?? ((at) => `cannot listen on ${at.host}, port ${at.port} (${code})`)
  return explain({
    host,
    port: isSecure ? tls?.port : port,
    setting: isSecure ? 'server.tls.port' : '--port',
  })
}

const LISTEN_CALLS = new Set(['listen', 'bind', 'getaddrinfo'])

interface Place {
  readonly host: string
  readonly port: number | null | undefined
  /** What moves the port. */
  readonly setting: string
}

const unknownHost = ({ host }: Place) =>
  `${host} is not an address of this machine; choose another with --host, 127.0.0.1 or 0.0.0.0 for example`

const REASONS: Readonly<Record<string, (at: Place) => string>> = {
  EADDRINUSE: ({ host, port, setting }) =>
    `port ${port} on ${host} is in use; stop what listens there (another idp-double?), or choose another with ${setting} (0 takes any free one)`,
  EACCES: ({ port, setting }) =>
    `this user may not listen on port ${port}; choose one above 1023 with ${setting} (0 takes any free one)`,
  EADDRNOTAVAIL: unknownHost,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
}
