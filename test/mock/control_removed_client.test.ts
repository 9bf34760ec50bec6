/** What a client had for itself, when it is taken away. */
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { basic, post } from '../support/http.ts'

const BATCH = { client_id: 'batch', client_secret: 'hush' }
const OPAQUE = { client_id: 'opaque', client_secret: 'hush', access_token: { format: 'opaque' as const } }
const API = { client_id: 'api', client_secret: 'hush', introspection: 'any' as const }

async function start() {
  const idp = await startIdp({ clients: [BATCH, OPAQUE, API] })
  const token = async (client: string) => {
    const form = { grant_type: 'client_credentials' }
    return String((await post(`${idp.issuer}/token`, form, basic(client, 'hush'))).body['access_token'])
  }
  const isActive = async (text: string) =>
    (await post(`${idp.issuer}/introspect`, { token: text }, basic('api', 'hush'))).body['active']
  const client = (method: string, id: string, body?: object) =>
    ask(method, `${idp.url}/_mock/clients/${id}`, body)
  return { idp, token, isActive, client, [Symbol.asyncDispose]: () => idp.stop() }
}

describe('the own tokens of a client that is taken away', () => {
  it.each(['batch', 'opaque'])('are worth nothing, and those of others stay: %s', async (id) => {
    await using op = await start()
    const [text, other] = [await op.token(id), await op.token('api')]
    expect(await op.isActive(text)).toBe(true)
    expect((await op.client('DELETE', id)).status).toBe(204)
    expect([await op.isActive(text), await op.isActive(other)]).toEqual([false, true])
  })

  it('are good again when it is declared again', async () => {
    await using op = await start()
    const text = await op.token('batch')
    await op.client('DELETE', 'batch')
    await op.client('PUT', 'batch', { client_secret: 'other' })
    expect(await op.isActive(text)).toBe(true)
    await op.client('DELETE', 'batch')
    expect(await op.isActive(text)).toBe(false)
    await op.idp.reset()
    expect(await op.isActive(text)).toBe(true)
  })

  it('that say another name are not taken for those of nobody', async () => {
    await using op = await start()
    const text = await op.idp.token({ client: 'batch', claims: { client_id: 'whoever' } })
    await op.client('DELETE', 'opaque')
    expect(await op.isActive(text)).toBe(true)
  })
})
