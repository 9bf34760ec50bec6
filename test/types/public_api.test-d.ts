import { describe, expectTypeOf, it } from 'vitest'
import type {
  ConfigInput,
  ConnectOptions,
  Fetch,
  Idp,
  Problem,
  StartedIdp,
  StartOptions,
} from '../../src/index.ts'
import * as api from '../../src/index.ts'

const { ConfigError, startIdp } = api

describe('the names of the package', () => {
  it('are these values and no others', () => {
    expectTypeOf<keyof typeof api>().toEqualTypeOf<'ConfigError' | 'connectIdp' | 'startIdp'>()
  })
})

describe('startIdp', () => {
  it('takes the keys of the YAML, all of them optional', () => {
    expectTypeOf(startIdp).parameters.toEqualTypeOf<[options?: StartOptions | undefined]>()
    expectTypeOf(startIdp).returns.resolves.toEqualTypeOf<StartedIdp>()
    expectTypeOf<StartOptions>().toExtend<ConfigInput>()
    expectTypeOf<{ configFile: string }>().toExtend<StartOptions>()
    expectTypeOf<object>().toExtend<Partial<ConfigInput>>()
    void startIdp({
      server: { host: '127.0.0.1', port: 0, base_path: '/auth', public_url: null, trust_proxy: false },
      issuer: { url: null, mode: 'request' },
      dialect: 'standard',
      strictness: { default: 'warn', client_secret: 'lax' },
      lifetimes: { access_token: '1h' },
      keys: [{ alg: 'RS256', kid: 'one', status: 'published' }],
      resources: [{ identifier: 'api', scopes: ['a'], roles: ['r'], access_token: { lifetime: 60 } }],
      clients: [{ client_id: 'orders', client_secret: 's', audience: ['a', 'b'], claims: { a: [1, null] } }],
      tenants: { acme: { id: 'acme', clients: [{ client_id: 'orders', secrets: ['a', 'b'] }] } },
    })
  })

  it('takes users, and clients where they sign in', () => {
    void startIdp({
      lifetimes: { id_token: '5m', refresh_token: '1d', code: 30, session: '8h' },
      clients: [
        {
          client_id: 'web',
          redirect_uris: ['http://localhost:3000/callback'],
          response_types: ['code', 'id_token token'],
          id_token: { lifetime: '5m', scope_claims: true },
          refresh_token: { rotate: false },
        },
      ],
      users: [
        {
          username: 'alice',
          sub: null,
          email_verified: true,
          address: { locality: 'Oxford' },
          claims: { tier: 'gold' },
          claims_in: { id_token: ['tier'] },
        },
      ],
      scopes: { loyalty: ['tier'] },
      login: { mode: 'auto', acr_values: ['1'] },
      registration: { enabled: true, initial_access_token: 't', allowed_origins: ['http://localhost'] },
    })
  })

  it('takes what https, certificates and Entra ID have', () => {
    void startIdp({
      server: { port: null, tls: { port: 0, certificate: 'auto', names: ['idp.test'], client_ca: 'auto' } },
      dialect: 'entra',
      lifetimes: { device_code: '15m' },
      entra: { issuer: 'microsoft', policies: ['B2C_1_signin'], group_limit: 5, overage_endpoint: 'own' },
      managed_identity: { header: 's', identities: [{ name: 'vm', type: 'SystemAssigned', roles: ['r'] }] },
      resources: [{ identifier: 'api', entra: { optional_claims: ['email'] } }],
      clients: [
        {
          client_id: 'app',
          tls_client_auth_san_dns: 'app.test',
          tls_client_certificate_bound_access_tokens: true,
          federated_credentials: [{ issuer: 'https://cluster.test', subject: 'orders' }],
          entra: { sign_in_audience: 'AzureADMyOrg', spa_redirect_uris: ['http://localhost:5173/'] },
        },
      ],
      users: [
        { username: 'alice', status: 'locked', groups: { generate: 5 }, entra: { user_type: 'Guest' } },
      ],
    })
  })

  it('refuses what is no key, and no value of one', () => {
    // @ts-expect-error a key with a typing mistake
    void startIdp({ clints: [] })
    // @ts-expect-error a client without its id
    void startIdp({ clients: [{ client_secret: 's' }] })
    // @ts-expect-error an unknown key of a client
    void startIdp({ clients: [{ client_id: 'orders', secret: 's' }] })
    // @ts-expect-error a user without a name
    void startIdp({ users: [{ sub: '1' }] })
    // @ts-expect-error a claim of another type
    void startIdp({ users: [{ username: 'alice', email_verified: 'yes' }] })
    // @ts-expect-error an unknown way to sign in
    void startIdp({ login: { mode: 'manual' } })
    // @ts-expect-error a port as text
    void startIdp({ server: { port: '8080' } })
    // @ts-expect-error an unknown mode
    void startIdp({ issuer: { mode: 'floating' } })
    // @ts-expect-error an unknown level
    void startIdp({ strictness: 'relaxed' })
    // @ts-expect-error a number as file name
    void startIdp({ configFile: 7 })
  })
})

describe('connectIdp', () => {
  it('takes a URL, and how it is reached', () => {
    expectTypeOf(api.connectIdp).parameters.toEqualTypeOf<
      [url: string, options?: ConnectOptions | undefined]
    >()
    expectTypeOf(api.connectIdp).returns.resolves.toEqualTypeOf<Idp>()
    expectTypeOf<typeof fetch>().toExtend<Fetch>()
    void api.connectIdp('http://localhost:8080', { token: 't', caFile: 'ca.pem', fetch })
    // @ts-expect-error a provider that runs elsewhere has its configuration already
    void api.connectIdp('http://localhost:8080', { clients: [] })
  })
})

describe('ConfigError', () => {
  it('has every problem', () => {
    expectTypeOf<InstanceType<typeof ConfigError>>().toExtend<Error>()
    expectTypeOf<InstanceType<typeof ConfigError>['problems']>().toEqualTypeOf<readonly Problem[]>()
    expectTypeOf<Problem['path']>().toEqualTypeOf<string>()
    expectTypeOf<Problem['message']>().toEqualTypeOf<string>()
  })
})
