/** A port for https. Loaded only where it is served. */
import { createServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { track } from './connections.ts'
import { LIMITS, type Made, refuseMessage, SPOKEN_HTTP } from './server.ts'

/** What a server needs for TLS, in PEM. */
export interface Secure {
  /** The certificate to serve with, and its chain. */
  readonly certificate: { readonly cert: string; readonly key: string }
  /** The CAs whose client certificates are trusted; absent: nobody is asked for a certificate. */
  readonly clientCas?: readonly string[] | undefined
}

const HANDSHAKE_MS = 10_000

/** A server for https; a client may come without a certificate, and with one that nobody trusts. */
export function secureServer({ certificate: { cert, key }, clientCas }: Secure): Made {
  const server = createServer({
    ...LIMITS,
    cert,
    key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_MS,
    // An empty list trusts nobody; without one it would be all CAs that Node knows.
    ...(clientCas && { requestCert: true, rejectUnauthorized: false, ca: [...clientCas] }),
  })
  const arriving = new Map<string, Socket>()
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    arriving.set(peer, socket)
    socket.once('close', () => arriving.delete(peer))
  })
  server.on('secureConnection', (socket) => arriving.delete(peerOf(socket)))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const below = arriving.get(peerOf(socket as Socket))
    if (below === undefined) refuseMessage(error, socket)
    else if (SPOKEN_HTTP.includes(error.code ?? '')) refuseMessage(error, below)
    else below.destroySoon()
  })
  const connections = track(server, 'secureConnection')
  return {
    server,
    connections: {
      end() {
        connections.end()
        for (const socket of arriving.values()) socket.destroy()
      },
    },
  }
}

/** Who is connected: the one thing that a TLS connection and the TCP connection below it both say. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
