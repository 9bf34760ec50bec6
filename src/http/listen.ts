import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Connections, track } from './connections.ts'

/** Slow or silent clients are let go. @see https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
const LIMITS = {
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

export interface Listening {
  readonly port: number
  /** Stops listening at once, lets what is in flight finish for so long, then cuts it off. */
  close(graceMs: number): Promise<void>
}

/**
 * Listens on the host, and makes the listener once the port is known, before the first request; on a loopback name or 127.0.0.1 also on ::1 at the same port, for `localhost` may be either.
 */
export async function listen(
  listenerAt: (port: number) => RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const loopback = host === '127.0.0.1' || host === 'localhost'
  let listener: RequestListener | undefined
  const once = (actual: number) => (listener ??= listenerAt(actual))
  const first = await start(once, loopback ? '127.0.0.1' : host, port)
  const actual = portOf(first.server)
  const second = loopback ? await start(once, '::1', actual).catch(() => undefined) : undefined
  const started = second === undefined ? [first] : [first, second]
  return {
    port: actual,
    close: async (graceMs) => void (await Promise.all(started.map((each) => stop(each, graceMs)))),
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

interface Started {
  readonly server: Server
  readonly connections: Connections
}

function start(listenerAt: (port: number) => RequestListener, host: string, port: number): Promise<Started> {
  return new Promise((resolve, reject) => {
    const server = createServer(LIMITS)
    const connections = track(server)
    server.maxConnections = MOST_CONNECTIONS
    server.maxHeadersCount = MOST_HEADERS
    server.on('clientError', refuseMessage)
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.removeListener('error', reject)
      const listener = listenerAt(portOf(server))
      server.on('request', listener)
      // Node would answer 417 itself, without saying who did; an expectation may as well be ignored, RFC 9110 §10.1.1.
      server.on('checkExpectation', listener)
      resolve({ server, connections })
    })
  })
}

function stop({ server, connections }: Started, graceMs: number): Promise<void> {
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
function refuseMessage(error: NodeJS.ErrnoException, socket: Duplex): void {
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

const MESSAGE_ERRORS: Readonly<Record<string, readonly [status: string, text: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    `the headers have more than ${LIMITS.maxHeaderSize} bytes`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not arrive in time'],
}
