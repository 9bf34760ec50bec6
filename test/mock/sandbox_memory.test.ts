import v8 from 'node:v8'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type Running, startProvider } from '../../src/provider.ts'
import { configured } from '../support/configured.ts'
import { requestToken } from '../support/http.ts'

const MIB = 2 ** 20
const ORDERS = { client_id: 'orders', client_secret: 's3cret' }

v8.setFlagsFromString('--expose-gc')
const gc = vm.runInNewContext('gc') as () => void

/** What is held once nothing is to be collected any more. */
async function held(): Promise<number> {
  for (let n = 0; n < 3; n += 1) {
    gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}

const start = async (clients: readonly (typeof ORDERS)[] = [ORDERS]) =>
  startProvider(
    await configured({
      clients: [...clients],
      keys: [{ alg: 'EdDSA' }],
      server: { port: 0 },
      control: { sandboxes: { most: 10_000 } },
    }),
  )

async function open(running: Running, body?: object): Promise<{ id: string; issuer: string }> {
  const answered = await running.control.answer({ method: 'POST', path: '/sandboxes', query: {}, body })
  return ('json' in answered ? answered.json : {}) as { id: string; issuer: string }
}

const drop = (running: Running, id: string) =>
  running.control.answer({ method: 'DELETE', path: `/sandboxes/${id}`, query: {} })

describe('the memory of sandboxes', () => {
  it('is given back when they are dropped: 20,000 of them, some used', async () => {
    const running = await start()
    const own = { users: [{ username: 'carol' }], clients: [{ client_id: 'own', client_secret: 'own' }] }
    const cycles = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        const { id, issuer } = await open(running, n % 10 === 0 ? own : undefined)
        if (n % 100 === 0) await requestToken(issuer, ['orders', 's3cret'])
        await drop(running, id)
      }
    }
    await cycles(4_000)
    const before = await held()
    await cycles(16_000)
    expect((await held()) - before).toBeLessThan(2 * MIB)
    await running.stop()
  })

  it('is a few KiB each while nobody uses them, also where 1,000 clients are configured', async () => {
    const clients = Array.from({ length: 1_000 }, (_, n) => ({ ...ORDERS, client_id: `client-${n}` }))
    const running = await start(clients)
    for (let n = 0; n < 100; n += 1) await open(running)
    const before = await held()
    for (let n = 0; n < 2_000; n += 1) await open(running)
    expect(((await held()) - before) / 2_000).toBeLessThan(8 * 1024)
    await running.stop()
  })
})
