import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'
import { startProvider } from '../../src/provider.ts'

/** So long that a stop which waits for it ends the test instead. */
const NEVER_MS = 24 * 60 * 60 * 1000

async function started() {
  const config = await validateInput({ server: { port: 0 } }, { names, directory: '.', readFile: () => '' })
  return await startProvider(config)
}

describe('a stop', () => {
  it('does not wait for a connection that never sent a request', async () => {
    const running = await started()
    const silent = connect(running.port, '127.0.0.1')
    await once(silent, 'connect')
    const closed = once(silent, 'close')
    await running.stop(NEVER_MS)
    await closed
    expect(silent.destroyed).toBe(true)
  })

  it('lets a kept connection finish its request, and then ends it', async () => {
    const running = await started()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const options = { agent, port: running.port, host: '127.0.0.1' }
    const first = request({ ...options, path: '/healthz' }).end()
    const [ready] = await once(first, 'response')
    ready.resume()
    await once(ready, 'end')
    const half = request({
      ...options,
      path: '/token',
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': '2' },
    })
    half.flushHeaders()
    await once(half, 'continue')
    const stopped = running.stop(NEVER_MS)
    half.end('a=')
    const [response] = await once(half, 'response')
    response.resume()
    expect(response.statusCode).toBe(400)
    await stopped
    agent.destroy()
  })
})
