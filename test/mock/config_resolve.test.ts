import { describe, expect, it } from 'vitest'
import names from '../../fixtures/config/names.json' with { type: 'json' }
import type { ConfigInput } from '../../src/config/input.ts'
import { maskConfig } from '../../src/config/mask.ts'
import type { ResolvedConfig } from '../../src/config/resolve.ts'
import { validateInput } from '../../src/config/validate.ts'

/** Not a key; in two parts, so that no search for keys finds one here. */
const PEM = `-----BEGIN ${'PRIVATE'} KEY-----\n`

const FILES: Readonly<Record<string, string>> = {
  '/etc/idp/secret': 'from-file\n',
  '/etc/idp/key.pem': PEM,
  '/etc/idp/key.jwk': '{"kty": "EC", "d": "hidden"}',
  '/abs/cert.pem': '-----BEGIN CERTIFICATE-----\n',
}

const options = {
  names,
  directory: '/etc/idp',
  readFile: (path: string): string => {
    const content = FILES[path]
    if (content === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
    return content
  },
}

async function resolved(input: ConfigInput): Promise<ResolvedConfig> {
  return await validateInput(input, options)
}

describe('a resolved configuration', () => {
  it('is one tenant called default without tenants, with every default filled in', async () => {
    expect(await resolved({})).toEqual({
      server: {
        host: '127.0.0.1',
        port: 8080,
        base_path: '',
        public_url: null,
        trust_proxy: false,
        state_dir: null,
      },
      issuer: { url: null },
      keys: [],
      control: { enabled: true, hosts: [], sandboxes: { most: 5000, idle: 3600 } },
      tenants: [
        {
          name: 'default',
          isRoot: true,
          aliases: [],
          hosts: [],
          dialect: 'standard',
          strictness: { default: 'strict', checks: {} },
          findings: { rules: {} },
          lifetimes: {},
          keys: [],
          resources: [],
          clients: [],
          users: [],
          scopes: {},
          login: { mode: 'picker', acr_values: ['1'] },
          registration: { enabled: false, allowed_origins: [] },
          entra: { policies: [] },
          managed_identity: {},
        },
      ],
    })
  })

  it('has one list of secrets, whatever key gave them', async () => {
    const { tenants } = await resolved({
      clients: [
        { client_id: 'a', client_secret: 'x' },
        { client_id: 'b', client_secret_file: 'secret' },
        { client_id: 'c', secrets: ['x', 'y'] },
        { client_id: 'd' },
      ],
    })
    expect(tenants[0]?.clients.map(({ secrets }) => secrets)).toEqual([['x'], ['from-file'], ['x', 'y'], []])
  })

  it('reads files relative to the directory of the configuration', async () => {
    const { keys, tenants, server } = await resolved({
      server: { state_dir: './state' },
      keys: [
        { file: 'key.pem', kid: 'k' },
        { file: 'key.jwk', alg: 'ES256' },
        { alg: 'RS256', status: 'hidden' },
      ],
      clients: [{ client_id: 'a', certificate_file: '/abs/cert.pem' }],
    })
    expect(keys).toEqual([
      { kid: 'k', status: 'active', pem: PEM, at: 'keys[0]' },
      { alg: 'ES256', status: 'active', jwk: { kty: 'EC', d: 'hidden' }, at: 'keys[1]' },
      { alg: 'RS256', status: 'hidden', at: 'keys[2]' },
    ])
    expect(tenants[0]?.clients[0]?.certificate).toBe('-----BEGIN CERTIFICATE-----\n')
    expect(server.state_dir).toBe('/etc/idp/state')
  })

  it('splits scope and audience, and turns durations into seconds', async () => {
    const { tenants } = await resolved({
      lifetimes: { access_token: '1h' },
      resources: [{ identifier: 'api', access_token: { lifetime: 90 } }],
      clients: [
        { client_id: 'a', scope: 'openid profile', audience: 'api', access_token: { lifetime: '14d' } },
        { client_id: 'b', scope: '', audience: ['api'] },
      ],
    })
    expect(tenants[0]).toMatchObject({
      lifetimes: { access_token: 3600 },
      resources: [{ access_token: { lifetime: 90 } }],
      clients: [
        { scopes: ['openid', 'profile'], audience: ['api'], access_token: { lifetime: 1_209_600 } },
        { scopes: [], audience: ['api'], grant_types: ['client_credentials'], introspection: 'own' },
      ],
    })
    expect(tenants[0]?.clients[1]?.scopes).toEqual([])
  })

  it('gives tenants the dialect, strictness and lifetimes of the top level, and nothing else', async () => {
    const { tenants, keys } = await resolved({
      dialect: 'entra',
      strictness: { default: 'warn', scope: 'lax' },
      lifetimes: { access_token: 60 },
      keys: [{ alg: 'ES256' }],
      tenants: {
        a: { hosts: ['Login.Example.TEST'], strictness: { grant_type: 'strict' } },
        b: {
          dialect: 'standard',
          strictness: 'strict',
          lifetimes: { access_token: '5m' },
          keys: [{ alg: 'RS256' }],
        },
      },
    })
    expect(keys).toMatchObject([{ alg: 'ES256' }])
    expect(tenants).toMatchObject([
      {
        name: 'a',
        isRoot: false,
        dialect: 'entra',
        hosts: ['login.example.test'],
        strictness: { default: 'warn', checks: { scope: 'lax', grant_type: 'strict' } },
        lifetimes: { access_token: 60 },
        keys: [],
      },
      {
        name: 'b',
        dialect: 'standard',
        strictness: { default: 'strict', checks: {} },
        lifetimes: { access_token: 300 },
        keys: [{ alg: 'RS256', at: 'tenants.b.keys[0]' }],
      },
    ])
  })

  it('takes undefined for an absent key, and keeps nothing of the caller’s objects', async () => {
    const claims = { list: [1] }
    const client = { client_id: 'a', client_secret: undefined, claims } as unknown as { client_id: string }
    const { tenants } = await resolved({ clients: [client] })
    claims.list.push(2)
    expect(tenants[0]?.clients[0]).toMatchObject({ secrets: [], claims: { list: [1] } })
  })

  it('accepts a resource by its id', async () => {
    const input: ConfigInput = {
      resources: [{ identifier: 'api://orders', id: 'guid' }],
      clients: [{ client_id: 'a', audience: ['guid', 'api://orders'] }],
    }
    expect((await resolved(input)).tenants[0]?.clients[0]?.audience).toEqual(['guid', 'api://orders'])
  })

  it('rejects an object with paths instead of positions', async () => {
    const input = { clients: [{ client_id: 'a', client_secret: 5 }], server: { prt: 1 } }
    await expect(validateInput(input, options)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('configuration server.prt: unknown key; did you mean port?'),
      problems: [{ path: 'server.prt' }, { path: 'clients[0].client_secret', got: 'a number (not shown)' }],
    })
  })

  it('refuses what is not JSON in claims, and maps that contain themselves', async () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    for (const claims of [cyclic, { at: new Date(0) }, { f: () => 1 }, { n: 1n }]) {
      await expect(validateInput({ clients: [{ client_id: 'a', claims }] }, options)).rejects.toMatchObject({
        name: 'ConfigError',
      })
    }
  })
})

describe('a masked configuration', () => {
  it('shows neither secrets nor private keys, and everything else', async () => {
    const config = await resolved({
      keys: [{ file: 'key.pem' }, { jwk: { kty: 'EC', x: 'shown', d: 'hidden' } }],
      clients: [{ client_id: 'a', secrets: ['hidden'], claims: { d: 'shown', k: 1 } }],
    })
    const masked = JSON.stringify(maskConfig(config))
    expect(masked).not.toMatch(/hidden|PRIVATE/)
    expect(maskConfig(config)).toMatchObject({
      keys: [{ pem: '***' }, { jwk: { kty: 'EC', x: 'shown', d: '***' } }],
      tenants: [{ clients: [{ client_id: 'a', secrets: ['***'], claims: { d: 'shown', k: 1 } }] }],
    })
    expect(maskConfig({ client_secret: 'x' })).toEqual({ client_secret: '***' })
  })
})

describe('control and findings', () => {
  it('take a token from a file, names in lower case, and durations', async () => {
    const { control } = await resolved({
      control: { token_file: 'secret', hosts: ['IDP.test'], sandboxes: { idle: '5m' } },
    })
    expect(control).toEqual({
      enabled: true,
      token: 'from-file',
      hosts: ['idp.test'],
      sandboxes: { most: 5000, idle: 300 },
    })
  })

  it('take the token from one place', async () => {
    const both = resolved({ control: { token: 'a', token_file: 'secret' } })
    await expect(both).rejects.toThrow('control.token_file: give token or token_file, not both')
  })

  it.each<[string, ConfigInput]>([
    ['issuer.url', { issuer: { url: 'http://localhost:8080/_mock/op' } }],
    ['issuer.url', { issuer: { url: 'http://localhost:8080/a/_mock' }, server: { base_path: '/a' } }],
    ['tenants.a.id', { tenants: { a: { id: '_mock' } } }],
    ['tenants.a.aliases[1]', { tenants: { a: { aliases: ['b', '_mock'] } } }],
  ])('let nothing hide below the path of the control API: %s', async (key, config) => {
    await expect(resolved(config)).rejects.toThrow(`${key}: `)
    await expect(resolved(config)).rejects.toThrow('would be hidden by the control API at /_mock')
    expect((await resolved({ ...config, control: { enabled: false } })).control.enabled).toBe(false)
  })

  it('let a tenant change what the top level says of a rule', async () => {
    const { tenants } = await resolved({
      findings: { default: 'lax', state_missing: 'strict' },
      tenants: { a: { findings: { pkce_missing: 'warn' } }, b: { findings: 'strict' }, c: {} },
    })
    expect(tenants.map(({ findings }) => findings)).toEqual([
      { default: 'lax', rules: { state_missing: 'strict', pkce_missing: 'warn' } },
      { default: 'strict', rules: {} },
      { default: 'lax', rules: { state_missing: 'strict' } },
    ])
  })
})
