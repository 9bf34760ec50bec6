import { describe, expect, it } from 'vitest'
import { changeTenant, put } from '../../src/config/change.ts'
import { clientDescriber } from '../../src/config/describe_client.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import { ConfigError } from '../../src/config/problem.ts'
import type { TenantConfig } from '../../src/config/resolve.ts'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'
import { certified } from '../support/tls_client.ts'

const OPTIONS = { names, algs: ['RS256', 'ES256'], clientTls: 'not served' } as const

const noFile = (path: string): string => {
  throw new Error(`${path} was read`)
}

async function tenantOf(input: ConfigInput): Promise<TenantConfig> {
  const { tenants } = await validateInput(input, { names, directory: '/', readFile: noFile })
  return tenants[0] as TenantConfig
}

const base = await tenantOf({
  keys: [{ alg: 'RS256' }, { alg: 'ES256' }],
  resources: [
    { identifier: 'orders', id: 'o-1', scopes: ['read'], access_token: { signing_alg: 'RS256' } },
    { identifier: 'stock', id: 's-1', scopes: ['count'] },
  ],
  clients: [
    { client_id: 'web', client_secret: 'hush', audience: 'o-1', id_token_signed_response_alg: 'ES256' },
    { client_id: 'batch', secrets: ['one', 'two'] },
  ],
  users: [
    { username: 'alice', password: 'wonderland', sub: '1' },
    { username: 'bob', sub: '2' },
  ],
})

async function problemsOf(run: Promise<unknown>): Promise<string[]> {
  const error = await run.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems.map(({ path, message }) => `${path}: ${message}`)
}

const of = (change: unknown) => problemsOf(changeTenant(base, change, OPTIONS))

/** What is asked for, and the beginning of the one problem with it. */
const REFUSED: readonly [change: object, problem: string][] = [
  [{ client: [] }, 'client: unknown key; did you mean clients? (allowed here: '],
  [{ users: {} }, 'users: expected a list, got a map'],
  [{ users: [{ username: 'a', rols: [] }] }, 'users[0].rols: unknown key; did you mean roles?'],
  [{ users: [{ username: 'a' }, { roles: [] }] }, 'users[1].username: missing, but required'],
  [
    { users: [{ username: 'a' }, { username: 'a' }] },
    'users[1].username: username a is already that of users[0]',
  ],
  [{ users: [{ username: 'a', sub: '2' }] }, 'users[0].sub: sub 2 is already that of user bob'],
  [
    { users: [{ username: 'a', claims: { email: 'x' } }] },
    'users[0].claims.email: email is a key of the user',
  ],
  [
    { users: [{ username: 'a', claims_in: { id_token: ['x'] } }] },
    'users[0].claims_in.id_token[0]: the user has no',
  ],
  [
    { clients: [{ client_id: 'a', scope: 'reed' }] },
    'clients[0].scope: no resource declares the scope reed; did you mean read?',
  ],
  [
    { clients: [{ client_id: 'a', audience: 'order' }] },
    'clients[0].audience: no resource order is declared; did you mean orders? (declared: orders, o-1',
  ],
  [
    { clients: [{ client_id: 'a', redirect_uris: ['x'] }] },
    'clients[0].redirect_uris[0]: expected an absolute URI',
  ],
  [
    { clients: [{ client_id: 'a', token_endpoint_auth_method: 'client_secret_post' }] },
    'clients[0].token_endpoint_auth_method: client_secret_post needs',
  ],
  [
    { clients: [{ client_id: 'a', tls_client_certificate_bound_access_tokens: true }] },
    'clients[0].tls_client_certificate_bound_access_tokens: tls_client_certificate_bound_access_tokens needs https',
  ],
  [
    { clients: [{ client_id: 'a', certificate: 'x' }] },
    'clients[0].certificate: expected a certificate in PEM',
  ],
  [
    { resources: [{ identifier: 'a', id: 's-1' }] },
    'resources[0].id: id s-1 is already that of resource stock',
  ],
  [
    { resources: [{ identifier: 'orders', id: 'o-2' }] },
    'resources[0].id: o-1 is the audience of client web: change it first',
  ],
  [
    { resources: [{ identifier: 'orders' }] },
    'resources[0].id: o-1 is the audience of client web: change it first',
  ],
  [
    { resources: [{ identifier: 'a', access_token: { version: 2 } }] },
    'resources[0].access_token.version: access tokens of dialect standard have no versions',
  ],
  [{ keys: [{ alg: 'RS256' }] }, 'keys: no active key would sign with ES256, which client web wants'],
  [{ keys: [{ alg: 'ES256' }] }, 'keys: no active key would sign with RS256, which resource orders wants'],
  [{ keys: [{}] }, 'keys[0]: a key needs alg'],
  [{ scopes: { openid: [] } }, 'scopes.openid: openid is a scope of OpenID Connect'],
  [{ entra: {} }, 'entra: entra is for tenants of dialect entra'],
  [{ users: [{ username: 'a', entra: {} }] }, 'users[0].entra: entra is for tenants of dialect entra'],
  [{ lifetimes: { code: '5x' } }, 'lifetimes.code: expected a duration'],
  [{ strictness: { scop: 'lax' } }, 'strictness.scop: unknown key'],
  [{ dialect: 'entra' }, 'dialect: unknown key'],
  [{ hosts: ['a.test'] }, 'hosts: unknown key'],
  [{ server: {} }, 'server: unknown key'],
]

describe('a change that would not do as a configuration', () => {
  it.each(REFUSED)('%j is refused where it is wrong', async (change, problem) => {
    const problems = await of(change)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.slice(0, problem.length)).toBe(problem)
  })

  it.each([5, null, [], 'x'])('%j is refused as a whole', async (change) => {
    expect(await of(change)).toEqual([expect.stringMatching(/^: expected a map, got/)])
  })

  it('has all its problems told at once', async () => {
    const change = {
      users: [{ username: 5 }, { username: 'a', sub: '2' }],
      clients: [{ client_id: 'a', x: 1 }],
    }
    expect((await of(change)).map((each) => each.split(':')[0])).toEqual([
      'clients[0].x',
      'users[0].username',
      'users[1].sub',
    ])
  })

  it('cannot reach a prototype', async () => {
    for (const text of [
      '{"__proto__": {"users": []}}',
      '{"users": [{"username": "a", "constructor": {}}]}',
      '{"users": [{"username": "a", "claims": {"__proto__": {"x": 1}}}]}',
      '{"scopes": {"__proto__": []}}',
    ])
      expect(await of(JSON.parse(text))).toEqual([expect.stringMatching(/unknown key|is refused/)])
  })

  it('has problems with paths inside the item, where there is one item', async () => {
    const item = { username: 'a', sub: '2', roles: 'r' }
    expect(await problemsOf(put(base, { kind: 'users', item }, OPTIONS))).toEqual([
      'roles: expected a list, got string "r"',
      'sub: sub 2 is already that of user bob',
    ])
    expect(await problemsOf(put(base, { kind: 'clients', item: 5 }, OPTIONS))).toEqual([
      ': expected a map, got number 5',
    ])
  })

  it.each([
    [{ clients: [{ client_id: 'a', client_secret_file: '/etc/passwd' }] }, 'clients[0].client_secret_file'],
    [{ clients: [{ client_id: 'a', certificate_file: '/etc/passwd' }] }, 'clients[0].certificate_file'],
    [
      { registration: { initial_access_token_file: '/etc/passwd' } },
      'registration.initial_access_token_file',
    ],
    [{ keys: [{ file: '/etc/passwd' }] }, 'keys[0].file'],
  ])('names no file: %j', async (change, path) => {
    expect(await of(change)).toEqual([
      `${path}: a change reads no file, and so not /etc/passwd: write here what is in it, under the key without _file (a key as jwk)`,
    ])
  })

  it('names no file of managed identities either', async () => {
    const entra = await tenantOf({ dialect: 'entra' })
    const change = { managed_identity: { header_file: '/etc/passwd', arc_key_file: '/etc/a.key' } }
    expect(await problemsOf(changeTenant(entra, change, OPTIONS))).toEqual([
      expect.stringMatching(/^managed_identity\.header_file: a change reads no file/),
      expect.stringMatching(/^managed_identity\.arc_key_file: a change reads no file/),
    ])
  })
})

describe('a masked secret in a change', () => {
  const clientsOf = async (client: object) =>
    (await changeTenant(base, { clients: [client] }, OPTIONS)).clients.map(({ secrets }) => secrets)

  it('keeps the one that is there', async () => {
    expect((await clientsOf({ client_id: 'web', client_secret: '***', audience: 'o-1' }))[0]).toEqual([
      'hush',
    ])
    expect((await clientsOf({ client_id: 'batch', secrets: ['***', '***'] }))[1]).toEqual(['one', 'two'])
    expect((await clientsOf({ client_id: 'batch', secrets: ['***', '***', 'new'] }))[1]).toEqual([
      'one',
      'two',
      'new',
    ])
    const { users } = await changeTenant(base, { users: [{ username: 'alice', password: '***' }] }, OPTIONS)
    expect(users[0]?.password).toBe('wonderland')
  })

  it('keeps the private key that stands beside a certificate', async () => {
    const { cert, key } = await certified()
    for (const certificate of [`${cert}${key}`, `${key}${cert}`]) {
      const before = await tenantOf({ clients: [{ client_id: 'a', certificate }] })
      const view = { names, dialect: 'standard', secrets: 'masked' } as const
      const [shown] = before.clients.map(clientDescriber(view))
      expect(shown?.certificate).not.toContain(key.split('\n')[1])
      const after = await put(before, { kind: 'clients', item: { ...shown, roles: ['r'] } }, OPTIONS)
      expect(after.clients).toMatchObject([{ certificate, roles: ['r'] }])
    }
  })

  it('has to mean one that is there', async () => {
    expect(await of({ clients: [{ client_id: 'new', client_secret: '***' }] })).toEqual([
      'clients[0].client_secret: *** keeps the secret that is there, and there is none: write one',
    ])
    expect(await of({ clients: [{ client_id: 'batch', secrets: ['***'] }] })).toEqual([
      'clients[0].secrets: 1 of 2 secrets would be kept, and *** does not say which: write the secrets out',
    ])
    expect(await of({ users: [{ username: 'bob', password: '***' }] })).toEqual([
      'users[0].password: *** keeps the password that is there, and there is none: write one',
    ])
  })
})
