/** The provider that runs beside a command: where it is, and what it answers. */
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Terminal } from '../command.ts'

const FILES = ['idp-double.yaml', 'idp-double.yml', 'idp-double.json']

/** The URL where serve would be here; undefined where its port is any. A configuration is read only where there is one: asking shall cost no more than a request. */
export async function urlHere(terminal: Terminal, config?: string): Promise<string | undefined> {
  const { env, cwd } = terminal
  const isConfigured =
    config !== undefined ||
    env['IDP_DOUBLE_CONFIG'] ||
    env['IDP_DOUBLE_CONFIG_FILE'] ||
    FILES.some((file) => existsSync(join(cwd, file)))
  const { host, port, base_path, tls } = isConfigured
    ? await configuredServer(terminal, config)
    : { host: env['IDP_DOUBLE_HOST'] || '127.0.0.1', port: env['IDP_DOUBLE_PORT'] || '8080', base_path: '' }
  const [scheme, at] = port === null ? ['https', tls?.port] : ['http', port]
  return Number(at) === 0 ? undefined : `${scheme}://${reachable(host)}:${at}${base_path}`
}

async function configuredServer(
  terminal: Terminal,
  file: string | undefined,
): Promise<{ host: string; port: number | string | null; base_path: string; tls?: { port: number } }> {
  const [{ configure }, { HTTPS_PORT }] = await Promise.all([
    import('./configuration.ts'),
    import('../../config/port.ts'),
  ])
  const { config } = await configure({ ...(file && { config: file }), tls: 'maybe' }, terminal)
  const { tls, ...server } = config.server
  return { ...server, tls: { port: tls?.port ?? HTTPS_PORT } }
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Below the three seconds that container engines are usually told to wait. */
const TIMEOUT_MS = 2_500

/** What came back, or why nothing did. */
export type Reply = { readonly status: number; readonly text: string } | { readonly problem: string }

/** Asks the provider. */
export async function ask(url: string): Promise<Reply> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  return await new Promise((resolve) => {
    // Whoever it is says so by a header; nothing is told to it, and what the CA is may be the very question. So its
    // certificate need not be one that this machine trusts.
    const options = { agent: false, timeout: TIMEOUT_MS, rejectUnauthorized: false }
    const request = get(url, options, (answer) => resolve(replyOf(answer)))
    request.on('timeout', () => request.destroy(new Error(`gives no answer in ${TIMEOUT_MS} ms`)))
    request.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve({ problem: REASONS[code ?? ''] ?? message }),
    )
  })
}

async function replyOf(answer: IncomingMessage): Promise<Reply> {
  let text = ''
  try {
    for await (const chunk of answer.setEncoding('utf8')) text += chunk
  } catch {
    return { problem: 'breaks off its answer' }
  }
  if (answer.headers['x-mock-idp'] !== 'idp-double') return { problem: 'is not answered by idp-double' }
  return { status: answer.statusCode ?? 0, text }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection: nothing listens there',
  EPROTO: 'speaks no https',
}
