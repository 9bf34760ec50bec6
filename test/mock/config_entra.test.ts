import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import { printedConfig } from '../../src/commands/serving/print_config.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { ConfigError } from '../../src/config/problem.ts'
import { clientOf, configured, problemsIn, tenantOf, userOf } from '../support/configured.ts'

const GUID = '5b0d9b1e-0d0c-4b3e-9d39-0f3bd3c1a3d5'

/** Each problem of a text as `line:column path`, and its message. */
async function placesIn(text: string): Promise<(readonly [place: string, message: string])[]> {
  const options = { file: 'x.yaml', names, env: {}, readFile: () => '' }
  const outcome = await parseConfig(text, options).catch((error: unknown) => error)
  const problems = outcome instanceof ConfigError ? outcome.problems : []
  return problems.map(({ line, col, path, message }) => [`${line}:${col} ${path}`, message])
}

describe('keys of Entra ID in a tenant of another dialect', () => {
  it.each([
    ['entra: {}', '1:1 entra'],
    ['managed_identity: {}', '1:1 managed_identity'],
    ['clients: [{ client_id: a, entra: {} }]', '1:27 clients[0].entra'],
    ['resources: [{ identifier: a, entra: {} }]', '1:30 resources[0].entra'],
    ['users: [{ username: a }, { username: b, entra: {} }]', '1:41 users[1].entra'],
    ['dialect: entra\ntenants: { a: {}, b: { dialect: keycloak@26, entra: {} } }', '2:46 tenants.b.entra'],
    ['tenants:\n  a:\n    clients: [{ client_id: b, entra: {} }]', '3:31 tenants.a.clients[0].entra'],
  ])('are no option that is read and ignored: %j', async (text, place) => {
    const dialect = text.includes('keycloak@26') ? 'keycloak@26' : 'standard'
    const key = place.split('.').at(-1)?.split(' ').at(-1)
    const message = `${key} is for tenants of dialect entra, and this one has dialect ${dialect}: remove the key, or set dialect: entra`
    expect(await placesIn(text)).toEqual([[place, message]])
  })

  it('are taken in one of its own', async () => {
    const of = { entra: {} }
    const keys = {
      ...of,
      clients: [{ client_id: 'a', ...of }],
      resources: [{ identifier: 'a', ...of }],
      users: [{ username: 'a', ...of }],
    }
    expect(await problemsIn({ dialect: 'entra', managed_identity: {}, ...keys })).toEqual([])
    expect(await problemsIn({ tenants: { a: { dialect: 'entra', managed_identity: {}, ...keys } } })).toEqual(
      [],
    )
  })

  it('are not held against a dialect that is misspelt', async () => {
    expect(await placesIn('dialect: entr\nentra: {}')).toEqual([
      ['1:10 dialect', expect.stringContaining('did you mean entra?')],
    ])
  })
})

describe('entra beside tenants', () => {
  it('is what each tenant has that says nothing else', async () => {
    const { tenants } = await configured({
      dialect: 'entra',
      entra: { issuer: 'microsoft', group_limit: 3, policies: ['B2C_1_a'] },
      tenants: { a: {}, b: { entra: { group_limit: 5, policies: [] } }, c: { dialect: 'standard' } },
    })
    expect(tenants[0]?.entra).toEqual({ issuer: 'microsoft', group_limit: 3, policies: ['B2C_1_a'] })
    expect(tenants[1]?.entra).toEqual({ issuer: 'microsoft', group_limit: 5, policies: [] })
  })

  it('needs a tenant that has a use for it', async () => {
    const text = 'entra: { group_limit: 3 }\ntenants: { a: { dialect: standard } }'
    expect(await placesIn(text)).toEqual([
      ['1:1 entra', 'entra is for tenants of dialect entra, and none of the tenants has it: remove the key'],
    ])
  })

  it('has no managed identities beside it, which are of one tenant', async () => {
    const text = 'dialect: entra\nmanaged_identity: {}\ntenants: { a: {} }'
    expect(await placesIn(text)).toEqual([
      ['2:1 managed_identity', 'managed_identity is not used next to tenants: move it into one of them'],
    ])
  })
})

describe('the values of Entra ID', () => {
  it.each<[string, string, string]>([
    ['entra: { isuer: own }', '2:10 entra.isuer', 'did you mean issuer?'],
    ['entra: { issuer: sts }', '2:18 entra.issuer', 'expected one of own, microsoft, got string "sts"'],
    ['entra: { group_limit: 6000 }', '2:23 entra.group_limit', 'a number from 0 to 5000'],
    ['entra: { policies: [signin] }', '2:21 entra.policies[0]', 'a name that starts with B2C_1_'],
    ['entra: { policies: [B2C_1_a, b2c_1_A] }', '2:30 entra.policies[1]', 'b2c_1_A is in the list already'],
    ['users: [{ username: a, status: lockd }]', '2:32 users[0].status', 'did you mean locked?'],
    ['users: [{ username: a, groups: { generate: 0 } }]', '2:44 users[0].groups.generate', 'from 1 to 5000'],
    ['users: [{ username: a, groups: 5 }]', '2:32 users[0].groups', 'a list of names or { generate: N }'],
    [
      'users: [{ username: a, entra: { directory_roles: [admin] } }]',
      '2:51 users[0].entra.directory_roles[0]',
      'a GUID such as',
    ],
    [
      `users: [{ username: a, entra: { home_tenant_id: ${GUID} } }]`,
      '2:33 users[0].entra.home_tenant_id',
      'a member is at home here: add user_type: Guest',
    ],
    [
      'clients: [{ client_id: a, entra: { sign_in_audience: MyOrg } }]',
      '2:54 clients[0].entra.sign_in_audience',
      'expected one of AzureADMyOrg',
    ],
    [
      'clients: [{ client_id: a, entra: { optional_claims: [emial] } }]',
      '2:54 clients[0].entra.optional_claims[0]',
      'did you mean email?',
    ],
    [
      'clients: [{ client_id: a, redirect_uris: ["http://a/"], entra: { spa_redirect_uris: ["http://a/"] } }]',
      '2:86 clients[0].entra.spa_redirect_uris[0]',
      'a redirect URI has one type',
    ],
  ])('are checked in their place: %j', async (text, place, part) => {
    const found = await placesIn(`dialect: entra\n${text}`)
    expect(found).toEqual([[place, expect.stringContaining(part)]])
  })

  it('lets a guest come from somewhere', async () => {
    const users = [{ username: 'a', entra: { user_type: 'Guest', home_tenant_id: GUID } }] as const
    expect(await problemsIn({ dialect: 'entra', users: [...users] })).toEqual([])
  })
})

describe('a redirect URI of type single-page application', () => {
  const spa = { entra: { spa_redirect_uris: ['http://localhost:5173/'] } }

  it('is a redirect URI: users sign in at such a client, with PKCE', async () => {
    expect(await clientOf(spa, { dialect: 'entra' })).toMatchObject({
      redirect_uris: ['http://localhost:5173/'],
      grant_types: ['authorization_code'],
      require_pkce: true,
    })
  })

  it.each([
    [{ grant_types: ['authorization_code'] as const, ...spa }, []],
    [
      { grant_types: ['authorization_code'] as const, entra: {} },
      ['clients[0].grant_types[0]: authorization_code needs redirect_uris'],
    ],
    [{ ...spa, frontchannel_logout_uri: 'http://localhost:5173/out' }, []],
  ])('is a place to come back to: %j', async (client, expected) => {
    const { grant_types, ...rest } = client as { grant_types?: readonly ['authorization_code'] }
    const clients = [{ client_id: 'web', ...(grant_types && { grant_types: [...grant_types] }), ...rest }]
    const found = await problemsIn({ dialect: 'entra', clients })
    expect(found.map((text) => text.split(':').slice(0, 2).join(':'))).toEqual(expected)
  })
})

describe('groups that are made up', () => {
  it('are so many, and the same each time', async () => {
    const user = { username: 'a', groups: { generate: 250 } }
    const { groups } = await userOf(user)
    expect(new Set(groups).size).toBe(250)
    expect((await userOf(user)).groups).toEqual(groups)
  })
})

describe('a printed configuration with Entra ID', () => {
  const INPUT: ConfigInput = {
    dialect: 'entra',
    entra: { display_name: 'Contoso', group_limit: 5 },
    tenants: {
      contoso: {
        managed_identity: { header: 'hush', identities: [{ name: 'vm', roles: ['r'] }] },
        clients: [
          {
            client_id: 'web',
            redirect_uris: ['http://localhost:3000/'],
            entra: { spa_redirect_uris: ['http://localhost:5173/'], optional_claims: ['sid'] },
          },
        ],
        resources: [{ identifier: 'api', entra: { optional_claims: ['email'] } }],
        users: [{ username: 'alice', status: 'locked', entra: { user_type: 'Guest' } }],
      },
      shop: { dialect: 'standard', clients: [{ client_id: 'web' }] },
    },
  }

  it('is read as what it was printed from, but for the secrets', async () => {
    const config = await configured(INPUT)
    const text = printedConfig(config)
    expect(text).not.toContain('hush')
    const again = await configured(parse(text))
    const hidden = {
      ...config.tenants[0],
      managed_identity: { header: '***', identities: expect.any(Array) },
    }
    expect(again.tenants).toEqual([hidden, config.tenants[1]])
    expect(parse(text).tenants.shop).not.toHaveProperty('entra')
  })

  it('shows no key of the server, and no secret of a problem beside it', async () => {
    const files = { '/etc/idp/c.pem': 'CERT', '/etc/idp/k.pem': 'hush', '/etc/idp/h': 'hush-too\n' }
    const config = await configured(
      {
        dialect: 'entra',
        server: { tls: { certificate: { cert_file: 'c.pem', key_file: 'k.pem' } } },
        managed_identity: { header_file: 'h' },
      },
      files,
    )
    expect(config.tenants[0]?.managed_identity.header).toBe('hush-too')
    const text = printedConfig(config)
    expect(text).not.toContain('hush')
    expect(parse(text).server.tls.certificate).toEqual({ cert: 'CERT', key: '***' })
    const [, problem] = await placesIn('dialect: entra\nmanaged_identity: { header: [hush] }')
      .then(String)
      .then((all) => [0, all])
    expect(problem).not.toContain('hush')
  })
})

describe('lifetimes.device_code', () => {
  it('is a duration', async () => {
    const { lifetimes } = await tenantOf({ lifetimes: { device_code: '15m' } })
    expect(lifetimes).toEqual({ device_code: 900 })
  })
})
