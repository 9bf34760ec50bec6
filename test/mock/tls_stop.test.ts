import { once } from 'node:events'
import { createServer } from 'node:http'
import { Agent, request } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { listen } from '../../src/http/listen.ts'
import { makeAuthority } from '../../src/tls/authority.ts'
import { serverCertificate } from '../../src/tls/server_certificate.ts'
import { startSecure } from '../support/tls.ts'

/** So long that a stop which waits for it ends the test instead. */
const NEVER_MS = 24 * 60 * 60 * 1000

const authority = await makeAuthority()
const certificate = await serverCertificate(['localhost'], authority)

const portOf = (url: string) => Number(new URL(url).port)

/** A port that is in use. */
async function taken() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: async () => void server.close() }
}

describe('a stop', () => {
  it('does not wait for connections to https that sent no request, or not even a handshake', async () => {
    const secure = await startSecure()
    const port = portOf(secure.httpsUrl)
    const silent = connect(port, '127.0.0.1')
    await once(silent, 'connect')
    const idle = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: secure.ca })
    idle.on('error', () => undefined)
    await once(idle, 'secureConnect')
    const closed = Promise.all([once(silent, 'close'), once(idle, 'close')])
    await secure.idp.stop()
    await closed
  })

  it('lets a kept connection to https finish its request, and then ends it', async () => {
    const listening = await listen(
      () => (message, response) => {
        message.resume().on('end', () => response.end('done'))
      },
      { host: '127.0.0.1', port: 0, secure: { port: 0, certificate } },
    )
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.cert })
    const options = { agent, host: 'localhost', port: listening.ports.https, method: 'POST' }
    const first = request(options).end()
    const [answer] = await once(first, 'response')
    answer.resume()
    await once(answer, 'end')
    const half = request({ ...options, headers: { expect: '100-continue', 'content-length': '2' } })
    half.flushHeaders()
    await once(half, 'continue')
    expect(half.reusedSocket).toBe(true)
    const stopped = listening.close(NEVER_MS)
    half.end('a=')
    const [response] = await once(half, 'response')
    response.resume()
    expect(response.statusCode).toBe(200)
    await stopped
    agent.destroy()
  })

  it('cuts off what is still in flight after its time', async () => {
    const listening = await listen(() => () => undefined, {
      host: '127.0.0.1',
      port: null,
      secure: { port: 0, certificate },
    })
    const sent = request({ host: 'localhost', port: listening.ports.https, ca: authority.cert, agent: false })
    const failed = once(sent.end(), 'error')
    await once(sent, 'finish')
    await listening.close(0)
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('two ports', () => {
  it('are both closed again when the second cannot be opened, which the error names', async () => {
    await using used = await taken()
    const free = await taken()
    await free[Symbol.asyncDispose]()
    const place = { host: '127.0.0.1', port: free.port, secure: { port: used.port, certificate } }
    await expect(listen(() => () => undefined, place)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: used.port,
      scheme: 'https',
    })
    const again = await listen(() => () => undefined, { host: '127.0.0.1', port: free.port })
    expect(again.ports).toEqual({ http: free.port })
    await again.close(0)
  })
})
