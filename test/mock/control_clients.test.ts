import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { basic, decode, post, requestToken } from '../support/http.ts'

const CONFIG = {
  resources: [
    { identifier: 'https://api.test/orders', scopes: ['read', 'write'], roles: ['admin'] },
    { identifier: 'stock' },
  ],
  clients: [
    { client_id: 'batch', client_secret: 'hush', audience: ['https://api.test/orders'], scope: 'read' },
    { client_id: 'two', secrets: ['one', 'other'] },
  ],
  users: [{ username: 'alice' }],
}

const start = async () => {
  const idp = await startIdp(CONFIG)
  const at = (kind: string, id = '', query = '') =>
    `${idp.url}/_mock/${kind}${id === '' ? '' : `/${encodeURIComponent(id)}`}${query}`
  return { idp, at, [Symbol.asyncDispose]: () => idp.stop() }
}

const ORDERS = 'https://api.test/orders'

describe('the clients of a provider that runs', () => {
  it('are listed as the configuration has them, without secrets', async () => {
    await using op = await start()
    expect((await ask('GET', op.at('clients', '', '?secrets=show'))).body).toEqual({ items: CONFIG.clients })
    expect((await ask('GET', op.at('clients'))).body).toEqual({
      items: [
        { ...CONFIG.clients[0], client_secret: '***' },
        { client_id: 'two', secrets: ['***', '***'] },
      ],
    })
  })

  it('can be added, and get tokens from the very next request', async () => {
    await using op = await start()
    const client = { client_secret: 's', audience: ['stock'], roles: ['keeper'] }
    const put = await ask('PUT', op.at('clients', 'a b'), client)
    expect([put.status, put.body]).toEqual([201, { client_id: 'a b', ...client, client_secret: '***' }])
    const { claims } = decode(await requestToken(op.idp.issuer, ['a b', 's']))
    expect(claims).toMatchObject({ aud: 'stock', roles: ['keeper'] })
  })

  it('can be changed in part, and the new secret is the one that counts', async () => {
    await using op = await start()
    const { status, body } = await ask('PATCH', op.at('clients', 'batch', '?secrets=show'), {
      client_secret: 'new',
      scope: 'read write',
    })
    expect([status, body]).toEqual([200, { ...CONFIG.clients[0], client_secret: 'new', scope: 'read write' }])
    await expect(requestToken(op.idp.issuer, ['batch', 'hush'])).rejects.toThrow(/invalid_client/)
    const { claims } = decode(await requestToken(op.idp.issuer, ['batch', 'new']))
    expect(claims['scope']).toBe('read write')
  })

  it('have one kind of secrets: that which a change names', async () => {
    await using op = await start()
    const first = await ask('PATCH', op.at('clients', 'batch', '?secrets=show'), { secrets: ['a', 'b'] })
    expect(first.body).toEqual({ ...CONFIG.clients[0], client_secret: undefined, secrets: ['a', 'b'] })
    const second = await ask('PATCH', op.at('clients', 'two', '?secrets=show'), { client_secret: 'a' })
    expect(second.body).toEqual({ client_id: 'two', client_secret: 'a' })
    const masked = (await ask('GET', op.at('clients', 'batch'))).body
    const put = await ask('PUT', op.at('clients', 'batch', '?secrets=show'), masked)
    expect(put.body).toEqual(first.body)
  })

  it('use the grants of their redirect URIs, where they name none', async () => {
    await using op = await start()
    await ask('PATCH', op.at('clients', 'two'), { redirect_uris: ['http://localhost/cb'] })
    const form = { grant_type: 'client_credentials' }
    const refused = await post(`${op.idp.issuer}/token`, form, basic('two', 'one'))
    expect(refused.body['error']).toBe('unauthorized_client')
  })

  it('cannot authenticate any more once they are taken away', async () => {
    await using op = await start()
    expect((await ask('DELETE', op.at('clients', 'batch'))).status).toBe(204)
    await expect(requestToken(op.idp.issuer, ['batch', 'hush'])).rejects.toThrow(/401.*invalid_client/)
  })

  it('show no certificate to a server that does not ask for one', async () => {
    await using op = await start()
    const client = {
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks_uri: 'http://localhost/jwks',
    }
    const refused = await ask('PUT', op.at('clients', 'tls'), client)
    expect([refused.status, refused.body['detail']]).toEqual([422, expect.stringMatching(/needs https/)])
    await using secure = await startIdp({ server: { tls: {} } })
    const other = await ask('PUT', `${secure.url}/_mock/clients/tls`, client)
    expect([other.status, other.body['detail']]).toEqual([422, expect.stringMatching(/server.tls.client_ca/)])
  })

  it('read no file', async () => {
    await using op = await start()
    const { status, body } = await ask('PUT', op.at('clients', 'x'), { client_secret_file: '/etc/passwd' })
    expect([status, body['detail']]).toEqual([
      422,
      expect.stringMatching(/^client_secret_file: a change reads no file/),
    ])
  })
})

describe('the resources of a provider that runs', () => {
  it('are listed, read and replaced by their URI', async () => {
    await using op = await start()
    expect((await ask('GET', op.at('resources'))).body).toEqual({ items: CONFIG.resources })
    expect((await ask('GET', op.at('resources', ORDERS))).body).toEqual(CONFIG.resources[0])
    const put = await ask('PUT', op.at('resources', ORDERS), { scopes: ['read'], claims: { region: 'eu' } })
    expect([put.status, put.body]).toEqual([
      200,
      { identifier: ORDERS, scopes: ['read'], claims: { region: 'eu' } },
    ])
    expect(decode(await requestToken(op.idp.issuer, ['batch', 'hush'])).claims).toMatchObject({
      region: 'eu',
    })
  })

  it('can be added, and asked for from the very next request', async () => {
    await using op = await start()
    const put = await ask('PUT', op.at('resources', 'https://new.test'), {
      access_token: { lifetime: '90s' },
    })
    expect([put.status, put.body]).toEqual([
      201,
      { identifier: 'https://new.test', access_token: { lifetime: 90 } },
    ])
    const { claims } = decode(
      await requestToken(op.idp.issuer, ['two', 'one'], { resource: 'https://new.test' }),
    )
    expect(claims['aud']).toBe('https://new.test')
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(90)
  })

  it('stay while a client has them as its audience', async () => {
    await using op = await start()
    const refused = await ask('DELETE', op.at('resources', ORDERS))
    const detail = `${ORDERS} is the audience of client batch: change it first`
    expect(refused).toMatchObject({ status: 409, body: { detail } })
    await ask('PATCH', op.at('clients', 'batch'), { audience: null, scope: null })
    expect((await ask('DELETE', op.at('resources', ORDERS))).status).toBe(204)
    const form = { grant_type: 'client_credentials', resource: ORDERS }
    const unknown = await post(`${op.idp.issuer}/token`, form, basic('batch', 'hush'))
    expect([unknown.status, unknown.body['error']]).toEqual([400, 'invalid_target'])
  })
})
