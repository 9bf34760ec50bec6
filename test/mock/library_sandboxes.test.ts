import { describe, expect, it } from 'vitest'
import { decode, get, requestToken } from '../support/http.ts'
import { TRANSPORTS } from '../support/transports.ts'

const ORDERS = { client_id: 'orders', client_secret: 's3cret' }
const CONFIG = { clients: [ORDERS], users: [{ username: 'alice' }] }

describe.each(TRANSPORTS)('a sandbox, %s', (_name, start) => {
  it('is the same object for a tenant of its own', async () => {
    await using idp = await start(CONFIG)
    await using box = await idp.sandbox({ users: [{ username: 'carol' }] })
    expect(box.url).toBe(`${idp.url}/${box.id}`)
    expect([box.issuer, box.issuerOf(box.id), idp.issuerOf('default')]).toEqual([box.url, box.url, idp.url])
    expect((await box.users.list()).map(({ username }) => username)).toEqual(['alice', 'carol'])
    expect((await idp.users.list()).map(({ username }) => username)).toEqual(['alice'])
    expect(decode(await box.token({ client: 'orders' })).claims['iss']).toBe(box.issuer)
    expect((await box.tokens({ client: 'orders' })).claims['iss']).toBe(box.issuer)
    expect(box.env('generic')).toMatchObject({ OIDC_ISSUER: box.issuer, OIDC_CLIENT_ID: 'orders' })
    expect(await requestToken(box.issuer, ['orders', 's3cret'])).toMatch(/^ey/)
    expect(await box.requests()).toHaveLength(1)
    expect(await idp.requests()).toEqual([])
  })

  it('has a time of its own, changes of its own and a reset of its own', async () => {
    await using idp = await start(CONFIG)
    await using one = await idp.sandbox()
    await using two = await idp.sandbox()
    await one.clock.advance('2h')
    await one.clients.put({ client_id: 'own', client_secret: 'x' })
    expect((await one.clock.now()).epoch - (await two.clock.now()).epoch).toBeGreaterThan(7000)
    expect(one.env('generic', { client: 'own' })['OIDC_CLIENT_ID']).toBe('own')
    await expect(two.clients.get('own')).rejects.toThrow(TypeError)
    await idp.reset()
    expect(await one.clients.list()).toHaveLength(2)
    await one.reset()
    expect(await one.clients.list()).toHaveLength(1)
    expect((await one.clock.now()).epoch - (await two.clock.now()).epoch).toBeLessThan(7000)
  })

  it('is dropped by its stop, twice without harm, and when the block ends', async () => {
    await using idp = await start(CONFIG)
    const box = await idp.sandbox()
    const status = async () => (await get(`${box.issuer}/jwks.json`)).status
    expect(await status()).toBe(200)
    await box.stop()
    await box.stop()
    await box[Symbol.asyncDispose]()
    expect(await status()).toBe(404)
    await expect(box.token({ client: 'orders' })).rejects.toThrow(
      `there is no tenant ${box.id}; configured: default; a sandbox may have been dropped`,
    )
  })

  it('can be a copy of any tenant, and of another sandbox', async () => {
    await using idp = await start({ tenants: { one: CONFIG, two: { dialect: 'keycloak@26', ...CONFIG } } })
    await using box = await idp.sandbox({ tenant: 'two' })
    expect(box.issuer).toBe(`${idp.url}/realms/${box.id}`)
    await using inner = await box.sandbox({ users: [{ username: 'inner' }] })
    expect(inner.issuer).toBe(`${idp.url}/realms/${inner.id}`)
    expect((await inner.users.list()).map(({ username }) => username)).toEqual(['alice', 'inner'])
    expect(inner.issuerOf('one')).toBe(idp.issuer)
  })

  it('is known by its name to the provider and to other sandboxes, until it is dropped', async () => {
    await using idp = await start(CONFIG)
    await using other = await idp.sandbox()
    const box = await idp.sandbox({ clients: [{ client_id: 'own', client_secret: 'x' }] })
    const found = { tenant: box.id, client: 'own' }
    for (const each of [idp, other, box]) {
      expect(each.issuerOf(box.id)).toBe(box.issuer)
      expect(each.env('generic', found)['OIDC_ISSUER']).toBe(box.issuer)
    }
    expect(box.env('generic', { tenant: undefined })['OIDC_ISSUER']).toBe(box.issuer)
    await box.stop()
    for (const each of [idp, other, box]) {
      expect(() => each.issuerOf(box.id)).toThrow(`there is no tenant ${box.id}`)
      expect(() => each.env('generic', found)).toThrow(`there is no tenant ${box.id}`)
    }
    expect(() => box.env('generic')).toThrow(`there is no tenant ${box.id}`)
  })

  it('is not what a call is about that names another tenant', async () => {
    await using idp = await start(CONFIG)
    await using box = await idp.sandbox({ users: [{ username: 'carol' }] })
    const tenant = 'default'
    await box.users.put({ username: 'bob' }, { tenant })
    expect((await box.users.list({ tenant })).map(({ username }) => username)).toEqual(['alice', 'bob'])
    expect((await box.users.list()).map(({ username }) => username)).toEqual(['alice', 'carol'])
    const issued = [await box.token({ client: 'orders', tenant })]
    issued.push((await box.tokens({ client: 'orders', tenant })).access_token)
    expect(issued.map((token) => decode(token).claims['iss'])).toEqual([idp.issuer, idp.issuer])
    await requestToken(idp.issuer, ['orders', 's3cret'])
    expect([await box.requests({ tenant }), await box.requests()].map(({ length }) => length)).toEqual([1, 0])
  })

  it('is reached where the provider is, whatever its issuer is called', async () => {
    await using idp = await start({ ...CONFIG, issuer: { url: 'https://id.example.test/op' } })
    await using box = await idp.sandbox()
    expect(box.issuer).toBe(`https://id.example.test/op/${box.id}`)
    const { body } = await get(`${box.url}/.well-known/openid-configuration`)
    expect([new URL(box.url).host, body['issuer']]).toEqual([new URL(idp.url).host, box.issuer])
  })
})
