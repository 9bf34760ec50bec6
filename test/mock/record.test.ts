import { describe, expect, it } from 'vitest'
import { validateInput } from '../../src/config/validate.ts'
import type { Exchange } from '../../src/context.ts'
import { names } from '../../src/names.ts'
import { startProvider } from '../../src/provider.ts'
import { post } from '../support/http.ts'

describe('the record', () => {
  it('has what happened in each request under its tenant, and the reason of a refusal', async () => {
    const client = { client_id: 'orders', client_secret: 'top-s3cret' }
    const input = { server: { port: 0 }, tenants: { a: { clients: [client] }, b: { clients: [client] } } }
    const config = await validateInput(input, { names, directory: '.', readFile: () => '' })
    const record: Exchange[] = []
    const running = await startProvider(config, { record: ({ exchange }) => record.push(exchange) })
    const form = { grant_type: 'client_credentials', client_id: 'orders' }
    await post(`${running.url}/a/token`, { ...form, client_secret: 'top-s3cret' })
    await post(`${running.url}/b/token`, { ...form, client_secret: 'wrong-s3cret' })
    await running.stop()
    expect(record).toMatchObject([
      { tenant: 'a', endpoint: 'token', client_id: 'orders', grant_type: 'client_credentials', notes: [] },
      { tenant: 'b', endpoint: 'token', client_id: 'orders', reason: 'client.secret_wrong' },
    ])
  })
})
