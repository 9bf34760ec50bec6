import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, decode, post } from '../support/http.ts'

const GRANT = { grant_type: 'client_credentials' }
const ME = basic('orders', 's3cret')
const client = (scope?: string) => ({
  client_id: 'orders',
  client_secret: 's3cret',
  ...(scope !== undefined && { scope }),
})

describe('RFC 6749 §3.3 Access Token Scope', () => {
  it('gives what was asked for, in that order, each once', async () => {
    await using idp = await startIdp({ clients: [client('read write delete')] })
    const form = { ...GRANT, scope: 'write  read write ' }
    const { body } = await post(`${idp.issuer}/token`, form, ME)
    expect(body.scope).toBe('write read')
    expect(decode(String(body.access_token)).claims.scope).toBe('write read')
  })

  it('gives what is registered when nothing was asked for, and says so', async () => {
    await using idp = await startIdp({ clients: [client('read write')] })
    const { body } = await post(`${idp.issuer}/token`, GRANT, ME)
    expect(body.scope).toBe('read write')
    expect(decode(String(body.access_token)).claims.scope).toBe('read write')
  })

  it.each(['admin', 'read admin', 'READ', 'rea', 'read,write'])(
    'refuses the scope %s that is not registered with invalid_scope',
    async (scope) => {
      await using idp = await startIdp({ clients: [client('read write')] })
      const answer = await post(`${idp.issuer}/token`, { ...GRANT, scope }, ME)
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
      expect(answer.body.error_description).toMatch(/expected read or write/)
    },
  )

  it.each(['a"b', 'a\\b', 'a\tb', 'a\nb', 'grün', '\u0007', 'a\u00a0b'])(
    'refuses %j, which is no scope token, whatever the strictness',
    async (scope) => {
      for (const strictness of ['strict', 'lax'] as const) {
        await using idp = await startIdp({ strictness, clients: [client()] })
        const answer = await post(`${idp.issuer}/token`, { ...GRANT, scope }, ME)
        expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
      }
    },
  )

  it('compares with what the resources declare, for a client that registered no scope', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: 'https://api.example.test', scopes: ['orders:read'] }],
      clients: [client()],
    })
    const url = `${idp.issuer}/token`
    const declared = await post(url, { ...GRANT, scope: 'orders:read' }, ME)
    expect(declared).toMatchObject({ status: 200, body: { scope: 'orders:read' } })
    const other = await post(url, { ...GRANT, scope: 'orders:write' }, ME)
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  it('gives none by default to a client that registered none', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: 'https://api.example.test', scopes: ['orders:read'] }],
      clients: [client()],
    })
    const { body } = await post(`${idp.issuer}/token`, GRANT, ME)
    expect(body).not.toHaveProperty('scope')
    expect(decode(String(body.access_token)).claims).not.toHaveProperty('scope')
  })

  it('refuses every scope to a client that registered the empty one', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: 'https://api.example.test', scopes: ['orders:read'] }],
      clients: [client('')],
    })
    const answer = await post(`${idp.issuer}/token`, { ...GRANT, scope: 'orders:read' }, ME)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  it('takes any scope where nothing is declared that it could be compared with', async () => {
    await using idp = await startIdp({ clients: [client()] })
    const { status, body } = await post(
      `${idp.issuer}/token`,
      { ...GRANT, scope: 'https://x.example/.default a:b' },
      ME,
    )
    expect({ status, scope: body.scope }).toEqual({ status: 200, scope: 'https://x.example/.default a:b' })
  })

  it('drops an unknown scope where strictness lets it pass, and the answer says so', async () => {
    await using idp = await startIdp({ strictness: { scope: 'lax' }, clients: [client('read')] })
    const { status, body } = await post(`${idp.issuer}/token`, { ...GRANT, scope: 'read admin' }, ME)
    expect({ status, scope: body.scope }).toEqual({ status: 200, scope: 'read' })
    expect(decode(String(body.access_token)).claims.scope).toBe('read')
  })
})
