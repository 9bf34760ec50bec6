/** Which connections are busy, so that a stop can end the others at once and these as soon as they are done. */
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Ends every connection without a request in flight now, and the others after their answer. */
  end(): void
}

/**
 * Keeps count of a server's connections. Node itself forgets those that never sent a request.
 * @param event what the server calls a connection that requests come over
 */
export function track(server: Server, event: 'connection' | 'secureConnection' = 'connection'): Connections {
  const inFlight = new Map<Socket, number>()
  let ending = false
  server.on(event, (socket: Socket) => {
    inFlight.set(socket, 0)
    socket.once('close', () => inFlight.delete(socket))
    // Its handshake may have been under way when the stop came.
    if (ending) socket.destroy()
  })
  server.on('request', ({ socket }, response: ServerResponse) => {
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = (inFlight.get(socket) ?? 1) - 1
      if (inFlight.has(socket)) inFlight.set(socket, left)
      if (ending && left === 0) socket.end()
    })
  })
  return {
    end() {
      ending = true
      for (const [socket, requests] of inFlight) if (requests === 0) socket.destroy()
    },
  }
}
