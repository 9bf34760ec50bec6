import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { type Answer, decode, get, requestToken } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

const ORDERS = { client_id: 'orders', client_secret: 's3cret' }
const CONFIG: ConfigInput = { clients: [ORDERS], users: [{ username: 'alice' }] }
const CREDENTIALS = ['orders', 's3cret'] as const

const open = (url: string, body?: unknown, query = '') => ask('POST', `${url}/_mock/sandboxes${query}`, body)
const issuerAt = async (url: unknown) =>
  (await get(`${String(url)}/.well-known/openid-configuration`)).body['issuer']

describe('where a sandbox stands', () => {
  it('is below the base path', async () => {
    await using idp = await startIdp({ ...CONFIG, server: { base_path: '/auth' } })
    const { body } = await open(idp.url)
    expect(body['url']).toBe(`${idp.url}/${body['id']}`)
    expect(idp.url.endsWith('/auth')).toBe(true)
    expect(await issuerAt(body['url'])).toBe(body['issuer'])
  })

  it('is below the issuer that is configured, and reached where the listener is', async () => {
    await using idp = await startIdp({ ...CONFIG, issuer: { url: 'https://id.example.test/op' } })
    const { body } = await open(idp.url)
    expect(body['issuer']).toBe(`https://id.example.test/op/${body['id']}`)
    const here = `${idp.url}/${body['id']}`
    expect(await issuerAt(here)).toBe(body['issuer'])
    expect(decode(await requestToken(here, CREDENTIALS)).claims['iss']).toBe(body['issuer'])
  })

  it('is where the caller is, where issuers follow the caller', async () => {
    await using idp = await startIdp({ ...CONFIG, issuer: { mode: 'request' }, control: { hosts: ['idp'] } })
    const port = Number(new URL(idp.url).port)
    const headers = { host: 'idp:8080' }
    const opened: Answer = await requestAs({ port, path: '/_mock/sandboxes', headers, method: 'POST' })
    const { id, issuer, url } = opened.body
    expect([issuer, url]).toEqual([`http://idp:8080/${id}`, `http://idp:8080/${id}`])
    const path = `/${id}/.well-known/openid-configuration`
    expect((await requestAs({ port, path, headers })).body['issuer']).toBe(issuer)
    expect(await issuerAt(`${idp.url}/${id}`)).toBe(`${idp.url}/${id}`)
  })

  it('is served over https where its tenant is', async () => {
    await using idp = await startIdp({ ...CONFIG, dialect: 'entra', server: { tls: {} } } as ConfigInput)
    await using box = await idp.sandbox()
    expect(box.issuer).toBe(`${idp.httpsUrl}/${box.id}/v2.0`)
    expect(await issuerAt(`${idp.url}/${box.id}/v2.0`)).toBe(`${idp.url}/${box.id}/v2.0`)
  })

  it('is not the host of the tenant that it is a copy of', async () => {
    const config = { ...CONFIG, hosts: ['login.shop.test'], aliases: ['shop'] }
    await using idp = await startIdp({ tenants: { one: config, two: CONFIG } })
    await using box = await idp.sandbox({ tenant: 'one' })
    const port = Number(new URL(idp.url).port)
    const headers = { host: 'login.shop.test' }
    const path = '/.well-known/openid-configuration'
    expect((await requestAs({ port, path, headers })).body['issuer']).toBe('http://login.shop.test')
    const below = (name: string) => requestAs({ port, path: `/${name}${path}`, headers })
    expect((await below('shop')).body['issuer']).toMatch(/\/one$|login\.shop\.test/)
    expect((await below(box.id)).body['issuer']).toBe(box.issuer)
  })
})

describe('what a sandbox is a copy of', () => {
  const tenants = { one: CONFIG, two: { ...CONFIG, users: [{ username: 'bob' }] } }

  it('is the first tenant, or the one that is named', async () => {
    await using idp = await startIdp({ tenants })
    const names = async (query: string) => {
      const { body } = await open(idp.url, undefined, query)
      const { items } = (await ask('GET', `${idp.url}/_mock/users?tenant=${body['id']}`)).body
      return (items as { username: string }[]).map(({ username }) => username)
    }
    expect([await names(''), await names('?tenant=one'), await names('?tenant=two')]).toEqual([
      ['alice'],
      ['alice'],
      ['bob'],
    ])
    expect((await open(idp.url, undefined, '?tenant=three')).status).toBe(404)
  })

  it('is what is configured, without what a test changed since, and without logins and tokens', async () => {
    await using idp = await startIdp(CONFIG)
    await idp.users.put({ username: 'late' })
    await idp.clock.advance('1d')
    await idp.nextLogin({ user: 'alice' })
    await using box = await idp.sandbox()
    expect((await box.users.list()).map(({ username }) => username)).toEqual(['alice'])
    expect((await idp.clock.now()).epoch - (await box.clock.now()).epoch).toBeGreaterThan(86_000)
    expect(await box.requests()).toEqual([])
  })

  it('has the keys of the body laid over it: lists by their names, the rest by its keys', async () => {
    await using idp = await startIdp({ ...CONFIG, lifetimes: { access_token: '5m', code: '10s' } })
    await using box = await idp.sandbox({
      users: [{ username: 'carol' }, { username: 'alice', name: 'Another Alice' }],
      clients: [{ client_id: 'own', client_secret: 'own' }],
      lifetimes: { access_token: '1m' },
    })
    expect(await box.users.list()).toEqual([
      { username: 'alice', name: 'Another Alice' },
      { username: 'carol' },
    ])
    expect((await box.clients.list()).map(({ client_id }) => client_id)).toEqual(['orders', 'own'])
    const { claims } = decode(await requestToken(box.issuer, ['own', 'own']))
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60)
    expect(await idp.users.list()).toEqual([{ username: 'alice' }])
  })

  it.each([
    ['dialect', { dialect: 'trivore' }, /dialect: unknown key/],
    ['id', { id: 'shop' }, /id: unknown key/],
    ['aliases', { aliases: ['x'] }, /aliases: unknown key/],
    ['hosts', { hosts: ['x.test'] }, /hosts: unknown key/],
    ['tenants', { tenants: {} }, /tenants: unknown key/],
    ['server', { server: {} }, /server: unknown key/],
    ['user', { users: [{ username: 'x', emial: 'x@x.test' }] }, /users\[0\].*emial.*email/],
    ['key', { keys: [{ pem: 'no key' }] }, /keys/],
    ['jwk', { keys: [{ jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB' } }] }, /keys/],
    ['file', { keys: [{ pem_file: '/etc/passwd' }] }, /pem_file/],
  ])(
    'cannot be given another %s: it is told what is wrong, and nothing is made',
    async (_what, body, told) => {
      await using idp = await startIdp(CONFIG)
      const refused = await open(idp.url, body)
      expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json'])
      expect(JSON.stringify(refused.body)).toMatch(told)
      expect((await ask('GET', `${idp.url}/_mock/sandboxes`)).body).toEqual({ items: [] })
    },
  )
})
