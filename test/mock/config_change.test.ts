// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment look like this
import { describe, expect, it } from 'vitest'
import { changeTenant, put, removeFrom } from '../../src/config/change.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import type { TenantConfig } from '../../src/config/resolve.ts'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'

const OPTIONS = { names, algs: ['RS256'], clientTls: 'not served' } as const

const noFile = (path: string): string => {
  throw new Error(`${path} was read`)
}

const BASE: ConfigInput = {
  strictness: { scope: 'warn' },
  lifetimes: { code: 30, session: 60 },
  resources: [
    { identifier: 'orders', scopes: ['read'], roles: ['admin'] },
    { identifier: 'stock', scopes: ['count'] },
  ],
  clients: [
    { client_id: 'web', client_secret: 'hush', redirect_uris: ['http://localhost/cb'], audience: 'orders' },
    { client_id: 'batch', secrets: ['one', 'two'], scope: 'read' },
  ],
  users: [
    { username: 'alice', email: 'alice@example.test', password: 'wonderland', sub: '1' },
    { username: 'bob' },
  ],
  scopes: { loyalty: ['points'] },
  registration: { initial_access_token: 'hush' },
  login: { acr_values: ['1', '2'] },
}

async function tenantOf(input: ConfigInput): Promise<TenantConfig> {
  const { tenants } = await validateInput(input, { names, directory: '/', readFile: noFile })
  return tenants[0] as TenantConfig
}

const base = await tenantOf(BASE)

describe('a change', () => {
  it('of nothing changes nothing', async () => {
    expect(await changeTenant(base, {}, OPTIONS)).toStrictEqual(base)
  })

  it('is what the configuration would be that says both', async () => {
    const change: ConfigInput = {
      strictness: { redirect_uri: 'lax' },
      lifetimes: { code: '2m' },
      resources: [{ identifier: 'stock', scopes: ['count', 'move'] }, { identifier: 'bills' }],
      clients: [
        { client_id: 'app', redirect_uris: ['com.example:/cb'], audience: 'bills' },
        { client_id: 'batch', client_secret: 's', scope: 'read move vip' },
      ],
      users: [{ username: 'carol' }, { username: 'alice', roles: ['admin'] }],
      scopes: { vip: ['tier'] },
      login: { mode: 'form' },
      registration: { enabled: true, allowed_origins: ['HTTP://localhost:80'] },
    }
    const both: ConfigInput = {
      ...BASE,
      ...change,
      strictness: { scope: 'warn', redirect_uri: 'lax' },
      lifetimes: { code: 120, session: 60 },
      resources: [...(BASE.resources ?? []).slice(0, 1), ...(change.resources ?? [])],
      clients: [...(BASE.clients ?? []).slice(0, 1), ...(change.clients ?? []).toReversed()],
      users: [{ username: 'alice', roles: ['admin'] }, { username: 'bob' }, { username: 'carol' }],
      scopes: { ...BASE.scopes, ...change.scopes },
      login: { ...BASE.login, ...change.login },
      registration: { ...BASE.registration, ...change.registration },
    }
    expect(await changeTenant(base, change, OPTIONS)).toStrictEqual(await tenantOf(both))
  })

  it('leaves what it does not touch the same object, and the tenant before as it was', async () => {
    const before = structuredClone(base)
    const after = await changeTenant(base, { users: [{ username: 'bob', roles: ['r'] }] }, OPTIONS)
    expect(after.users[0]).toBe(base.users[0])
    expect(after.clients).toBe(base.clients)
    expect(after.users[1]).toMatchObject({ username: 'bob', roles: ['r'] })
    expect(structuredClone(base)).toStrictEqual(before)
  })

  it('has keys that take the place of those that are there', async () => {
    const first = await changeTenant(base, { keys: [{ alg: 'ES256' }, { alg: 'RS256' }] }, OPTIONS)
    expect(first.keys).toMatchObject([{ alg: 'ES256' }, { alg: 'RS256' }])
    expect((await changeTenant(first, { users: [] }, OPTIONS)).keys).toBe(first.keys)
    expect((await changeTenant(first, { keys: [] }, OPTIONS)).keys).toEqual([])
  })

  it('may ask for an algorithm of the keys that are there, or that it brings', async () => {
    const clients = [{ client_id: 'web', client_secret: 's', access_token: { signing_alg: 'ES256' } }]
    const now = changeTenant(base, { clients }, { ...OPTIONS, algs: ['RS256', 'ES256'] })
    await expect(now).resolves.toMatchObject({ clients: [{ access_token: { signing_alg: 'ES256' } }, {}] })
    await expect(changeTenant(base, { clients, keys: [{ alg: 'ES256' }] }, OPTIONS)).resolves.toBeDefined()
    await expect(changeTenant(base, { clients }, OPTIONS)).rejects.toThrow(/no active key signs with ES256/)
  })

  it('does not read the environment', async () => {
    const [user] = (
      await changeTenant(base, { users: [{ username: 'dave', name: '${HOME}' }] }, OPTIONS)
    ).users.slice(-1)
    expect(user?.standard).toEqual({ name: '${HOME}' })
  })

  it('fills in what its dialect has for clients that say nothing', async () => {
    const entra = await tenantOf({ dialect: 'entra' })
    const { clients } = await changeTenant(
      entra,
      { clients: [{ client_id: 'a', client_secret: 's' }] },
      OPTIONS,
    )
    expect(clients).toEqual(
      (await tenantOf({ dialect: 'entra', clients: [{ client_id: 'a', client_secret: 's' }] })).clients,
    )
    expect(clients[0]?.grant_types.length).toBeGreaterThan(1)
  })

  it('is refused as a whole', async () => {
    const change = { users: [{ username: 'eve' }], clients: [{ client_id: 'x', scope: 'nope' }] }
    await expect(changeTenant(base, change, OPTIONS)).rejects.toThrow()
    expect(base.users.map(({ username }) => username)).toEqual(['alice', 'bob'])
  })

  it('costs what it changes, not what is there', async () => {
    const clients = Array.from({ length: 100_000 }, (_, at) => untouched(at))
    const many = { ...base, clients: clients.with(5, base.clients[0] as TenantConfig['clients'][number]) }
    const item = { client_id: 'web', client_secret: 's' }
    const after = await put(many, { kind: 'clients', item }, OPTIONS)
    expect(after.clients).toHaveLength(100_000)
    expect(after.clients[5]).toMatchObject({ client_id: 'web', secrets: ['s'] })
  })
})

/** A client of which nobody may ask more than its name. */
function untouched(at: number): TenantConfig['clients'][number] {
  const client = { client_id: `c${at}` }
  return new Proxy(client, {
    get(_, key) {
      if (key === 'client_id') return client.client_id
      throw new Error(`${String(key)} of an untouched client was looked at`)
    },
  }) as TenantConfig['clients'][number]
}

describe('what is taken away', () => {
  it('is gone, and the rest is as it was', async () => {
    const after = await removeFrom(base, { kind: 'users', id: 'alice' }, names)
    expect(after.users.map(({ username }) => username)).toEqual(['bob'])
    expect(after.clients).toBe(base.clients)
    expect(
      (await removeFrom(base, { kind: 'clients', id: 'web' }, names)).clients.map(
        ({ client_id }) => client_id,
      ),
    ).toEqual(['batch'])
    expect((await removeFrom(base, { kind: 'resources', id: 'stock' }, names)).resources).toHaveLength(1)
  })

  it('has to be there', async () => {
    await expect(removeFrom(base, { kind: 'users', id: 'alise' }, names)).rejects.toMatchObject({
      problems: [{ path: '', message: 'there is no user alise; did you mean alice? (declared: alice, bob)' }],
    })
  })

  it('is no resource that a client has as its audience, by whichever name', async () => {
    const message = 'orders is the audience of client web: change it first'
    await expect(removeFrom(base, { kind: 'resources', id: 'orders' }, names)).rejects.toMatchObject({
      problems: [{ message }],
    })
    const clients = Array.from({ length: 7 }, (_, at) => ({
      client_id: `c${at}`,
      client_secret: 's',
      audience: 'guid',
    }))
    const byId = await tenantOf({ resources: [{ identifier: 'api', id: 'guid' }], clients })
    const problem = /api is the audience of clients c0, c1, c2, c3, c4 and 2 more: change them first/
    await expect(removeFrom(byId, { kind: 'resources', id: 'api' }, names)).rejects.toThrow(problem)
  })
})
