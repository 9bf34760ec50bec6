import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { startProvider } from '../../src/provider.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { configured } from '../support/configured.ts'
import { ask } from '../support/control_calls.ts'
import { basic, get, post, requestToken } from '../support/http.ts'

const REDIRECT = 'https://app.test/cb'
const WEB = basic('web', 's3cret')
const web = {
  client_id: 'web',
  client_secret: 's3cret',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}
const users = [{ username: 'alice' }]
type Tenants = NonNullable<ConfigInput['tenants']>
const shop = { clients: [web], users } as unknown as Tenants[string]

/** A provider that is given other configurations while it runs. */
async function start(input: ConfigInput) {
  const resolved = (next: ConfigInput) => configured({ server: { port: 0 }, ...next })
  const running = await startProvider(await resolved(input))
  const { url, world } = running
  const mock = (path: string) => `${url}/_mock${path}`
  return {
    url,
    running,
    replace: async (next: ConfigInput) => world.replace(await resolved(next)),
    get: async (path: string) => (await get(mock(path))).body,
    ask: (method: string, path: string, body?: unknown) => ask(method, mock(path), body),
    status: async (path: string) => (await get(`${url}${path}`)).status,
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

async function loginAt(issuer: string) {
  const browser = new Browser(issuer)
  const params = { client_id: 'web', redirect_uri: REDIRECT, scope: 'openid offline_access' }
  const code = async () => answerAt(await signIn(browser, authorizeUrl(issuer, params))).get('code') ?? ''
  const { body } = await redeem(issuer, { code: await code(), redirect_uri: REDIRECT }, WEB)
  return {
    code: await code(),
    refresh_token: String(body['refresh_token']),
    access_token: String(body['access_token']),
    silent: async () =>
      answerAt(await browser.open(authorizeUrl(issuer, { ...params, prompt: 'none' }))).get('error'),
  }
}

const kidsOf = async (issuer: string) =>
  ((await get(`${issuer}/jwks.json`)).body['keys'] as { kid: string }[]).map(({ kid }) => kid)

describe('another configuration while the provider runs', () => {
  it('is what the very next request sees: clients, users, lifetimes', async () => {
    await using at = await start({ clients: [web], users } as ConfigInput)
    await at.replace({
      clients: [{ client_id: 'new', client_secret: 'x' }],
      users: [{ username: 'bob' }],
      lifetimes: { access_token: '1m' },
    })
    const { body } = await post(`${at.url}/token`, { grant_type: 'client_credentials' }, basic('new', 'x'))
    expect(body['expires_in']).toBe(60)
    await expect(requestToken(at.url, ['web', 's3cret'])).rejects.toThrow(/invalid_client/)
    expect((await at.get('/users'))['items']).toEqual([{ username: 'bob' }])
  })

  it('leaves tenants that stay their logins, codes, tokens, keys, clock and record', async () => {
    await using at = await start({ tenants: { shop, other: shop } })
    const issuer = `${at.url}/shop`
    await at.ask('POST', '/clock?tenant=shop', { advance: '5m' })
    const login = await loginAt(issuer)
    await at.ask('POST', '/keys/rotate?tenant=shop', {})
    const [kids, count] = [await kidsOf(issuer), (await at.get('/requests?tenant=shop'))['items']]
    const longer = { ...shop, users: [...users, { username: 'bob' }] } as Tenants[string]
    await at.replace({ tenants: { first: shop, other: shop, shop: longer } })
    expect(await kidsOf(issuer)).toEqual(kids)
    expect((await at.get('/requests?tenant=shop'))['items']).toHaveLength((count as unknown[]).length + 1)
    expect(Number((await at.get('/clock?tenant=shop'))['epoch']) - Date.now() / 1000).toBeGreaterThan(200)
    expect(await login.silent()).toBeNull()
    expect((await redeem(issuer, { code: login.code, redirect_uri: REDIRECT }, WEB)).status).toBe(200)
    const refreshed = { grant_type: 'refresh_token', refresh_token: login.refresh_token }
    expect((await post(`${issuer}/token`, refreshed, WEB)).status).toBe(200)
    const { body } = await post(`${issuer}/introspect`, { token: login.access_token }, WEB)
    expect(body['active']).toBe(true)
  })

  it('makes and ends tenants: those that are gone answer 404, with their streams closed', async () => {
    await using at = await start({ tenants: { shop, old: shop } })
    const stream = await fetch(`${at.url}/_mock/requests/stream?tenant=old`)
    await at.replace({ tenants: { shop, young: shop } })
    expect(await stream.text()).not.toContain('data:')
    expect([await at.status('/old/jwks.json'), await at.status('/young/jwks.json')]).toEqual([404, 200])
    expect((await at.ask('GET', '/users?tenant=old')).status).toBe(404)
    expect((await at.ask('GET', '/users?tenant=young')).status).toBe(200)
    expect((await at.get('/provider'))['tenants']).toMatchObject([{ name: 'shop' }, { name: 'young' }])
  })

  it('serves a dialect that nobody spoke before, and no longer one that nobody speaks', async () => {
    await using at = await start({ tenants: { shop } })
    const path = '/realms/realm/.well-known/openid-configuration'
    expect(await at.status(path)).toBe(404)
    await at.replace({ tenants: { shop, realm: { dialect: 'keycloak@26', ...shop } } })
    expect([await at.status(path), await at.status('/shop/jwks.json')]).toEqual([200, 200])
    await at.replace({ tenants: { shop } })
    expect([await at.status(path), await at.status('/shop/jwks.json')]).toEqual([404, 200])
  })

  it('begins anew with a tenant whose dialect is another', async () => {
    await using at = await start({ tenants: { shop } })
    const login = await loginAt(`${at.url}/shop`)
    await at.ask('POST', '/clock?tenant=shop', { advance: '1d' })
    await at.replace({ tenants: { shop: { dialect: 'keycloak@26', ...shop } } })
    expect(await at.status('/shop/jwks.json')).toBe(404)
    const token = `${at.url}/realms/shop/protocol/openid-connect/token`
    const refreshed = { grant_type: 'refresh_token', refresh_token: login.refresh_token }
    expect((await post(token, refreshed, WEB)).body['error']).toBe('invalid_grant')
    expect((await at.get('/requests?tenant=shop'))['items']).toHaveLength(1)
    expect(Math.abs(Number((await at.get('/clock?tenant=shop'))['epoch']) - Date.now() / 1000)).toBeLessThan(
      60,
    )
  })

  it('leaves sandboxes as they are, with what they were made of', async () => {
    await using at = await start({ clients: [web], users } as ConfigInput)
    const { body } = await at.ask('POST', '/sandboxes', { users: [{ username: 'carol' }] })
    const issuer = String(body['issuer'])
    const login = await loginAt(issuer)
    await at.replace({ tenants: { shop: { dialect: 'keycloak@26', ...shop, users: [] } } })
    expect(await login.silent()).toBeNull()
    expect((await at.get(`/users?tenant=${body['id']}`))['items']).toHaveLength(2)
    await at.ask('POST', `/reset?tenant=${body['id']}`)
    expect(await login.silent()).toBe('login_required')
    expect(await requestToken(issuer, ['web', 's3cret'])).toMatch(/\./)
    expect((await at.ask('POST', '/sandboxes')).body['issuer']).toMatch(/\/realms\/sandbox-/)
  })

  it('keeps what the tenants of a cloud know, whoever comes to them and goes', async () => {
    const entra = { dialect: 'entra' as const, ...shop }
    await using at = await start({ tenants: { one: entra, two: entra } })
    await at.ask('POST', '/clock?tenant=one', { advance: '1d' })
    const kid = async () => (await at.get('/keys?tenant=two'))['items']
    await at.ask('POST', '/keys/rotate?tenant=two', {})
    const before = await kid()
    await at.replace({ tenants: { three: entra, two: { ...entra, users: [] } } })
    expect(await kid()).toEqual(before)
    expect(Number((await at.get('/clock?tenant=three'))['epoch']) - Date.now() / 1000).toBeGreaterThan(86_000)
    expect((await at.ask('GET', '/clock?tenant=one')).status).toBe(404)
  })

  it('undoes what a test changed where the tenant is another now, and leaves it where it is not', async () => {
    await using at = await start({ tenants: { shop, other: shop } })
    for (const tenant of ['shop', 'other']) await at.ask('PUT', `/users/late?tenant=${tenant}`, {})
    await at.replace({
      tenants: { shop: { ...shop, users: [{ username: 'bob' }] } as Tenants[string], other: shop },
    })
    const names = async (tenant: string) => (await at.get(`/users?tenant=${tenant}`))['items']
    expect(await names('shop')).toEqual([{ username: 'bob' }])
    expect(await names('other')).toEqual([{ username: 'alice' }, { username: 'late' }])
    await at.ask('POST', '/reset')
    expect([await names('shop'), await names('other')]).toEqual([
      [{ username: 'bob' }],
      [{ username: 'alice' }],
    ])
  })

  it('makes new keys only where the configuration asks for others', async () => {
    const keyed = (alg: 'ES256' | 'EdDSA') => ({ ...shop, keys: [{ alg }] }) as Tenants[string]
    await using at = await start({ tenants: { shop: keyed('ES256') } })
    const issuer = `${at.url}/shop`
    const kids = await kidsOf(issuer)
    await at.replace({ tenants: { shop: { ...keyed('ES256'), users: [] } as Tenants[string] } })
    expect(await kidsOf(issuer)).toEqual(kids)
    await at.replace({ tenants: { shop: keyed('EdDSA') } })
    expect(await kidsOf(issuer)).not.toEqual(kids)
  })

  it('changes nothing at all where it has a key that is none', async () => {
    await using at = await start({
      tenants: { shop, keyed: { ...shop, keys: [{ alg: 'ES256' }] } as Tenants[string] },
    })
    const next = await configured({ server: { port: 0 }, tenants: { shop: {}, keyed: shop } })
    const [first, last] = next.tenants
    const keys = [{ alg: 'RS256', status: 'active' as const, at: 'keys[0]', pem: 'no key' }]
    const bad = { ...next, tenants: [first, { ...last, keys }] as typeof next.tenants }
    expect(() => at.running.world.replace(bad)).toThrow(/keys\[0\]/)
    expect(await requestToken(`${at.url}/shop`, ['web', 's3cret'])).toMatch(/\./)
    expect(at.running.world.config.tenants[0]?.clients).toHaveLength(1)
  })
})
