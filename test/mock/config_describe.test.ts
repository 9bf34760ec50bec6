import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientDescriber } from '../../src/config/describe_client.ts'
import { resourceDescriber } from '../../src/config/describe_resource.ts'
import { userDescriber } from '../../src/config/describe_user.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { ConfigError } from '../../src/config/problem.ts'
import type { TenantConfig } from '../../src/config/resolve.ts'
import { validateInput } from '../../src/config/validate.ts'
import { names } from '../../src/names.ts'
import { certified } from '../support/tls_client.ts'

const { cert } = await certified()

const noFile = (path: string): string => {
  throw new Error(`${path} was read`)
}

async function tenantOf(input: unknown): Promise<TenantConfig> {
  const { tenants } = await validateInput(input, { names, directory: '/', readFile: noFile, tls: true })
  return tenants[0] as TenantConfig
}

/** What a tenant declares, as it is described. */
function lists(tenant: TenantConfig) {
  const { dialect } = tenant
  return {
    resources: tenant.resources.map(resourceDescriber(names)),
    clients: tenant.clients.map(clientDescriber({ names, dialect, secrets: 'shown' })),
    users: tenant.users.map(userDescriber('shown')),
  }
}

const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8')
const tenants = example.slice(example.indexOf('# tenants:')).replaceAll(/^# ?/gm, '')
const TEXTS = [example, tenants.slice(tenants.indexOf('tenants:'))]
const ca = { tls: { client_ca: 'auto' } }

describe('what a tenant declares, described', () => {
  it.each(TEXTS)('is the same once it is read again: of the example', async (text) => {
    const withCa = text === example ? text : `server: { tls: { client_ca: auto } }\n${text}`
    const config = await parseConfig(withCa, { file: 'x.yaml', names, env: {}, readFile: noFile })
    for (const tenant of config.tenants) {
      const { dialect, keys, scopes } = tenant
      const input = {
        server: ca,
        dialect,
        keys: keys.map(({ at: _, ...key }) => key),
        scopes,
        ...lists(tenant),
      }
      const again = await tenantOf(input)
      expect(again.clients).toEqual(tenant.clients)
      expect(again.users).toEqual(tenant.users)
      expect(again.resources).toEqual(tenant.resources)
    }
  })
})

/** Values for each key, of which at most one is drawn. */
type Pools = Readonly<Record<string, readonly unknown[]>>

const URI = 'http://localhost:3000/cb'

const CLIENT: Pools = {
  client_name: ['A'],
  client_secret: ['s'],
  secrets: [['s'], ['s', 't']],
  certificate: [cert],
  jwks: [{ keys: [{ kty: 'EC', x: 'x' }] }],
  jwks_uri: ['http://localhost/jwks'],
  token_endpoint_auth_method: ['client_secret_post', 'private_key_jwt', 'none', 'tls_client_auth'],
  tls_client_auth_san_dns: ['a.test'],
  tls_client_certificate_bound_access_tokens: [true, false],
  federated_credentials: [[], [{ issuer: 'i', subject: 's' }]],
  redirect_uris: [[], [URI], [URI, URI, 'com.example:/cb']],
  grant_types: [
    [],
    ['client_credentials'],
    ['authorization_code'],
    ['authorization_code', 'refresh_token'],
    ['implicit'],
    [...names.grants].filter((grant) => grant !== 'implicit'),
  ],
  response_types: [[], ['code'], ['id_token token'], ['token id_token', 'code']],
  require_pkce: [true, false],
  consent: [true, false],
  require_auth_time: [true, false],
  default_max_age: [0, 60],
  id_token: [{}, { lifetime: '5m' }, { scope_claims: true }],
  id_token_encrypted_response_alg: ['dir', 'RSA-OAEP'],
  id_token_encrypted_response_enc: ['A128CBC-HS256', 'A256GCM'],
  userinfo_encrypted_response_alg: ['dir'],
  userinfo_encrypted_response_enc: ['A128CBC-HS256'],
  audience: ['api', ['api'], []],
  scope: ['', 'read', 'read openid'],
  roles: [[], ['r']],
  claims: [{}, { a: { b: [1, null] } }],
  access_token: [{}, { format: 'jwt' }, { lifetime: 60 }],
  introspection: ['own', 'any'],
  sub: ['x'],
  refresh_token: [{}, { rotate: false }],
  entra: [{}, { spa_redirect_uris: ['http://localhost:4000/'] }, { sign_in_audience: 'AzureADMyOrg' }],
}

const USER: Pools = {
  sub: [null, '1'],
  password: ['***', 'p'],
  email: ['a@b.c'],
  email_verified: [true, false],
  address: [{}, { locality: 'x' }],
  roles: [[], ['r']],
  groups: [[], ['g'], { generate: 3 }],
  claims: [{}, { tier: 1, null: null }],
  claims_in: [{}, { id_token: [] }, { id_token: ['preferred_username'], userinfo: ['roles', 'tier'] }],
  status: ['active', 'locked'],
  entra: [{}, { user_type: 'Guest' }, { directory_roles: ['5b0d9b1e-0d0c-4b3e-9d39-0f3bd3c1a3d5'] }],
}

const RESOURCE: Pools = {
  id: ['guid'],
  scopes: [[], ['read']],
  roles: [[], ['r']],
  claims: [{}, { a: 1 }],
  access_token: [{}, { format: 'opaque' }, { version: 2 }],
  entra: [{}, { optional_claims: ['email'] }],
}

function drawn(pools: Pools) {
  const keys = Object.entries(pools).map(([key, values]) => [key, fc.constantFrom(...values)] as const)
  return fc.record(Object.fromEntries(keys), { requiredKeys: [] })
}

const anyTenant = fc.record({
  dialect: fc.constantFrom(...names.dialects),
  client: drawn(CLIENT),
  user: drawn(USER),
  resource: drawn(RESOURCE),
})

/** The same without what does not go with the rest, which the problems name. */
async function valid(input: Record<string, unknown>): Promise<TenantConfig> {
  for (;;) {
    try {
      return await tenantOf(input)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const named = new Set(error.problems.map(({ path }) => /^\w+\[0\]\.\w+/.exec(path)?.[0]))
      for (const path of named) {
        const [list = '', key = ''] = (path ?? '').split('[0].')
        const [item] = input[list] as [Record<string, unknown>]
        // What is wrong by itself would stay so for ever.
        expect(item, error.message).toHaveProperty(key)
        delete item[key]
      }
    }
  }
}

describe('any client, user and resource, described', () => {
  it('is the same once it is read again, and needs no file', async () => {
    await fc.assert(
      fc.asyncProperty(anyTenant, async ({ dialect, client, user, resource }) => {
        const input = {
          server: ca,
          dialect,
          resources: [{ ...structuredClone(resource), identifier: 'api' }],
          clients: [{ ...structuredClone(client), client_id: 'a' }],
          users: [{ ...structuredClone(user), username: 'u' }],
        }
        const tenant = await valid(input)
        const again = await tenantOf({ server: ca, dialect, ...lists(tenant) } satisfies ConfigInput)
        expect(again.clients).toStrictEqual(tenant.clients)
        expect(again.users).toStrictEqual(tenant.users)
        expect(again.resources).toStrictEqual(tenant.resources)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a description', () => {
  const of = async (client: object, dialect = 'standard') =>
    lists(await tenantOf({ dialect, clients: [{ client_id: 'a', ...client }] })).clients[0]

  it('leaves out what is so anyway', async () => {
    expect(await of({})).toStrictEqual({ client_id: 'a' })
    expect(await of({ client_secret: 's', grant_types: ['client_credentials'] })).toStrictEqual({
      client_id: 'a',
      client_secret: 's',
    })
    expect(await of({ redirect_uris: [URI], require_pkce: true })).toStrictEqual({
      client_id: 'a',
      redirect_uris: [URI],
    })
    const alg = {
      client_secret: 's',
      id_token_encrypted_response_alg: 'dir',
      userinfo_encrypted_response_alg: 'dir',
    }
    expect(await of(alg)).toStrictEqual({ client_id: 'a', ...alg })
    expect(await of({ redirect_uris: [URI] }, 'entra')).toStrictEqual({
      client_id: 'a',
      redirect_uris: [URI],
    })
  })

  it('says what is not so by itself', async () => {
    expect(await of({ redirect_uris: [URI], grant_types: ['implicit'], require_pkce: true })).toStrictEqual({
      client_id: 'a',
      redirect_uris: [URI],
      grant_types: ['implicit'],
      require_pkce: true,
    })
    expect(await of({ client_secret: 's', require_pkce: true })).toMatchObject({ require_pkce: true })
  })

  it('has standard claims beside the name, as they are written', async () => {
    const { users } = await tenantOf({
      users: [{ username: 'a', email: 'a@b.c', roles: ['x'], claims: { tier: 1 } }],
    })
    expect(users.map(userDescriber('shown'))).toStrictEqual([
      { username: 'a', email: 'a@b.c', roles: ['x'], claims: { tier: 1 } },
    ])
  })

  it('shows secrets only to those who ask', async () => {
    const { clients, users } = await tenantOf({
      clients: [
        { client_id: 'a', client_secret: 'hush' },
        { client_id: 'b', secrets: ['hush', 'hush2'] },
      ],
      users: [{ username: 'u', password: 'hush' }],
    })
    const view = { names, dialect: 'standard', secrets: 'masked' } as const
    expect([...clients.map(clientDescriber(view)), ...users.map(userDescriber('masked'))]).toStrictEqual([
      { client_id: 'a', client_secret: '***' },
      { client_id: 'b', secrets: ['***', '***'] },
      { username: 'u', password: '***' },
    ])
  })
})
