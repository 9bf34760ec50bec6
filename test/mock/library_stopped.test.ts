import { describe, expect, it } from 'vitest'
import { type Idp, startIdp } from '../../src/index.ts'

const CONFIG = { clients: [{ client_id: 'orders', client_secret: 's3cret' }], users: [{ username: 'alice' }] }

/** Those whose answer could be taken for that of a provider that runs. */
const CALLS: readonly (readonly [name: string, call: (idp: Idp) => Promise<unknown>])[] = [
  ['token', (idp) => idp.token({ client: 'orders' })],
  ['tokens', (idp) => idp.tokens({ client: 'orders' })],
  ['clock', (idp) => idp.clock.now()],
  ['users', (idp) => idp.users.list()],
  ['nextLogin', (idp) => idp.nextLogin({ user: 'alice' })],
  ['requests', (idp) => idp.requests()],
  ['nextRequest', (idp) => idp.nextRequest({}, { timeout: 1 })],
  ['findings', (idp) => idp.findings()],
  ['sandbox', (idp) => idp.sandbox()],
  ['reset', (idp) => idp.reset()],
]

describe('a provider that was stopped', () => {
  it.each(CALLS)('says so instead of an answer, and so do its sandboxes: %s', async (_name, call) => {
    const idp = await startIdp(CONFIG)
    const box = await idp.sandbox()
    await idp.stop()
    for (const each of [idp, box])
      await expect(call(each)).rejects.toThrow(`the provider at ${idp.url} was stopped: ask it before`)
  })

  it('says so to who waits for a request', async () => {
    const idp = await startIdp(CONFIG)
    const waiting = idp.nextRequest({ endpoint: 'token' }, { timeout: '60s' })
    const told = expect(waiting).rejects.toThrow('was stopped')
    // The wait has begun once another call is answered.
    await idp.requests()
    await idp.stop()
    await told
  })

  it('can be stopped again, and its sandboxes after it', async () => {
    const idp = await startIdp(CONFIG)
    const box = await idp.sandbox()
    await Promise.all([idp.stop(), idp.stop()])
    await idp[Symbol.asyncDispose]()
    await box.stop()
    await expect(fetch(`${idp.url}/healthz`)).rejects.toThrow('fetch failed')
  })
})
