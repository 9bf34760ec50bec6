import { existsSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { urlOf } from '../protocol/url.ts'
import { command, EXIT, type Terminal, UsageError } from './command.ts'

/** Below the three seconds that container engines are usually told to wait. */
const TIMEOUT_MS = 2_500

const FILES = ['idp-double.yaml', 'idp-double.yml', 'idp-double.json']

export const healthcheck = command({
  name: 'healthcheck',
  summary: 'Asks a running provider whether it is ready: exit code 0 when it is, else 1.',
  options: {
    url: { type: 'string', value: 'BASE', help: 'where it is; default: where serve would be here' },
  },
  async run({ values }, terminal) {
    const url = values.url === undefined ? await placeOf(terminal) : readyUrl(values.url)
    if (url === undefined) {
      terminal.stderr.write('not ready: the port is 0, so nobody knows which one it is; give --url\n')
      return EXIT.failure
    }
    const problem = await problemAt(url)
    if (problem === undefined) terminal.stdout.write(`ready: ${url}\n`)
    else terminal.stderr.write(`not ready: ${url} ${problem}\n`)
    return problem === undefined ? EXIT.done : EXIT.failure
  },
})

function readyUrl(base: string): string {
  if (!/^http:\/\//i.test(base) || urlOf(base) === undefined)
    throw new UsageError(`--url is ${base}, expected an http URL such as http://127.0.0.1:8080`)
  return `${base.replace(/\/+$/, '')}/readyz`
}

/** A configuration is read only where there is one: asking shall cost no more than a request. */
async function placeOf(terminal: Terminal): Promise<string | undefined> {
  const { env, cwd } = terminal
  const isConfigured =
    env['IDP_DOUBLE_CONFIG'] ||
    env['IDP_DOUBLE_CONFIG_FILE'] ||
    FILES.some((file) => existsSync(join(cwd, file)))
  const { host, port, base_path } = isConfigured
    ? await configuredServer(terminal)
    : { host: env['IDP_DOUBLE_HOST'] || '127.0.0.1', port: env['IDP_DOUBLE_PORT'] || '8080', base_path: '' }
  return Number(port) === 0 ? undefined : `http://${reachable(host)}:${port}${base_path}/readyz`
}

async function configuredServer(terminal: Terminal) {
  const { configure } = await import('./shell/configuration.ts')
  return (await configure({}, terminal)).config.server
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** What keeps the provider from being ready; undefined where nothing does. */
function problemAt(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume()
      const isOurs = answer.headers['x-mock-idp'] === 'idp-double'
      if (!isOurs) resolve('is not answered by idp-double')
      else resolve(answer.statusCode === 200 ? undefined : `answers ${answer.statusCode}`)
    })
    request.on('timeout', () => request.destroy(new Error(`gives no answer in ${TIMEOUT_MS} ms`)))
    request.on('error', (error: NodeJS.ErrnoException) => resolve(REASONS[error.code ?? ''] ?? error.message))
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection: nothing listens there',
}
