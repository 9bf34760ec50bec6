/** `idp-double doctor` in this process, and providers with something wrong. */
import { generateKeyPairSync } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { commandIn } from './command.ts'

export interface Line {
  readonly check: string
  readonly level: 'ok' | 'info' | 'warn' | 'fail'
  readonly text: string
  readonly change?: string
}

/** Runs the command; gives back its exit code and what it printed. */
export const command = (...argv: string[]) => commandIn(import.meta.dirname, 'doctor', ...argv)

/** What the doctor says about a provider; what is wrong and what is warned of as `check: text`. */
export async function doctor(...argv: string[]) {
  const { code, stdout, stderr } = await command('--json', ...argv)
  if (stderr !== '') throw new Error(stderr)
  const report = JSON.parse(stdout) as { ok: boolean; checks: Line[]; change_first?: string }
  const at = (level: Line['level']) =>
    report.checks.filter((line) => line.level === level).map(({ check, text }) => `${check}: ${text}`)
  return { code, ...report, failed: at('fail'), warned: at('warn'), informed: at('info') }
}

type Answerer = (request: IncomingMessage, response: ServerResponse, url: string) => void

/** A server of one's own on a free port; over https where a certificate for it is given. */
export async function listening(
  answer: Answerer,
  create: (listener: RequestListener) => Server = createServer,
) {
  const server = create((asked, response) => answer(asked, response, url()))
  const scheme = create === createServer ? 'http' : 'https'
  const url = () => `${scheme}://localhost:${(server.address() as AddressInfo).port}`
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: url(),
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Passes requests on to a provider under the host that was called, without this prefix of the path. */
export function passingTo(target: () => string, prefix = ''): Answerer {
  return (asked, response) => {
    if (asked.url?.startsWith(prefix) !== true) return void response.writeHead(404).end()
    const path = asked.url.slice(prefix.length)
    const { hostname, port } = new URL(target())
    const options = {
      hostname,
      port,
      path: path || '/',
      method: asked.method,
      headers: asked.headers,
      agent: false,
    }
    const passed = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    asked.pipe(passed)
  }
}

type Members = Record<string, unknown>

export interface Faults {
  /** Changes the metadata. */
  readonly metadata?: (metadata: Members) => unknown
  /** Changes the keys of the JWKS. */
  readonly keys?: (key: Members) => unknown
  /** Headers of every answer. */
  readonly headers?: Record<string, string>
  /** Answers in place of the path. */
  readonly at?: Readonly<Record<string, Answerer>>
}

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const KEY = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }

function metadataAt(url: string): Members {
  return {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    userinfo_endpoint: `${url}/userinfo`,
    jwks_uri: `${url}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

/** A provider of somebody else, with nothing wrong but this. */
export function provider({ metadata, keys, headers = {}, at = {} }: Faults = {}) {
  const send = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
  const answers: Record<string, Answerer> = {
    '/.well-known/openid-configuration': (_, response, url) =>
      send(response, 200, metadata?.(metadataAt(url)) ?? metadataAt(url)),
    '/jwks': (_, response) => send(response, 200, { keys: keys?.(KEY) ?? [KEY] }),
    '/authorize': (_, response) => send(response, 400, {}),
    '/token': (_, response) => send(response, 400, { error: 'invalid_request' }),
    '/userinfo': (_, response) => send(response, 401, {}),
    ...at,
  }
  return listening((asked, response, url) => {
    const answer = answers[asked.url ?? '']
    if (answer === undefined) send(response, 404, { error: 'not_found' })
    else answer(asked, response, url)
  })
}
