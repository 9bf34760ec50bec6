/** One port that is listened on. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Connections, track } from './connections.ts'

/** Slow or silent clients are let go. @see https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
export const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  // Longer than the agents of test suites keep a socket, which would else meet a closed one.
  keepAliveTimeout: 72_000,
  // The application refuses what has no Host, in its own words.
  requireHostHeader: false,
} as const

const MOST_CONNECTIONS = 2_000
const MOST_HEADERS = 100

/** A server that does not listen yet, and its connections. */
export interface Made {
  readonly server: Server
  readonly connections: Connections
}

/** A server for http. */
export function plainServer(): Made {
  const server = createServer(LIMITS)
  server.on('clientError', refuseMessage)
  return { server, connections: track(server) }
}

/** Listens, and gives back the port. */
export function bind(
  { server }: Made,
  listener: RequestListener,
  at: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.maxConnections = MOST_CONNECTIONS
    server.maxHeadersCount = MOST_HEADERS
    server.on('request', listener)
    // Node would answer 417 itself, without saying who did; an expectation may as well be ignored, RFC 9110 §10.1.1.
    server.on('checkExpectation', listener)
    server.once('error', reject)
    server.listen(at, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Stops listening at once, lets what is in flight finish for so long, then cuts it off. */
export function stop({ server, connections }: Made, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    connections.end()
  })
}

/** What is no HTTP message is answered before any application sees it; also that answer says who gave it. */
export function refuseMessage(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, text] = MESSAGE_ERRORS[error.code ?? ''] ?? [
    '400 Bad Request',
    'this is no HTTP/1.1 message',
  ]
  const body = JSON.stringify({ error: 'invalid_request', error_description: text })
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'X-Mock-IdP: idp-double',
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const PLAIN = ['400 Bad Request', 'this port speaks https: write https:// in front of it'] as const

/** What OpenSSL calls http: a message that begins with GET and the like, one with CONNECT, and what is no TLS at all. */
export const SPOKEN_HTTP = [
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]

const MESSAGE_ERRORS: Readonly<Record<string, readonly [status: string, text: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    `the headers have more than ${LIMITS.maxHeaderSize} bytes`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not arrive in time'],
  ...Object.fromEntries(SPOKEN_HTTP.map((code) => [code, PLAIN])),
}
