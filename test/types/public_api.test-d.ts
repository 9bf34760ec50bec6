import { describe, expectTypeOf, it } from 'vitest'
import type {
  ConfigInput,
  Idp,
  Json,
  Problem,
  StartedIdp,
  StartOptions,
  TokenRequest,
} from '../../src/index.ts'
import * as api from '../../src/index.ts'

const { ConfigError, startIdp } = api

describe('the names of the package', () => {
  it('are these values and no others', () => {
    expectTypeOf<keyof typeof api>().toEqualTypeOf<'ConfigError' | 'startIdp'>()
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

describe('Idp', () => {
  it('is what a test holds', () => {
    expectTypeOf<keyof Idp>().toEqualTypeOf<
      | 'issuer'
      | 'url'
      | 'httpsUrl'
      | 'caFile'
      | 'issuerOf'
      | 'token'
      | 'env'
      | 'clock'
      | 'clientCertificate'
      | 'stop'
    >()
    expectTypeOf<Idp['issuer']>().toEqualTypeOf<string>()
    expectTypeOf<Idp['url']>().toEqualTypeOf<string>()
    expectTypeOf<Idp['httpsUrl']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Idp['caFile']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Idp['clientCertificate']>().toEqualTypeOf<
      (client: string) => Promise<{ readonly cert: string; readonly key: string }>
    >()
    expectTypeOf<Idp['issuerOf']>().toEqualTypeOf<(tenant: string) => string>()
    expectTypeOf<Idp['token']>().toEqualTypeOf<(request: TokenRequest) => Promise<string>>()
    expectTypeOf<Idp['clock']['advance']>().toEqualTypeOf<(by: string | number) => Promise<void>>()
    expectTypeOf<Idp['stop']>().toEqualTypeOf<() => Promise<void>>()
    expectTypeOf<ReturnType<Idp['env']>>().toEqualTypeOf<Readonly<Record<string, string>>>()
    const never = () => ({}) as Idp
    void (() => never().env('tls'))
    void (() => never().env('azure', { tenant: 'contoso', client: 'orders' }))
    // @ts-expect-error the CA has no tenants
    void (() => never().env('tls', { tenant: 'contoso' }))
    // @ts-expect-error an unknown kind
    void (() => never().env('aws'))
    expectTypeOf<StartedIdp>().toExtend<Idp>()
    expectTypeOf<StartedIdp>().toExtend<AsyncDisposable>()
  })

  it('mints tokens for a client', () => {
    expectTypeOf<{ client: string }>().toExtend<TokenRequest>()
    expectTypeOf<TokenRequest>().toEqualTypeOf<{
      readonly client: string
      readonly user?: string
      readonly tenant?: string
      readonly resource?: string | readonly string[]
      readonly audience?: string | readonly string[]
      readonly scope?: string
      readonly roles?: readonly string[]
      readonly claims?: Readonly<Record<string, Json>>
      readonly lifetime?: string | number
    }>()
    const never = {} as Idp
    // @ts-expect-error a token is some client's
    void never.token({})
    // @ts-expect-error a typing mistake
    void never.token({ client: 'orders', role: ['admin'] })
    // @ts-expect-error no JSON
    void never.token({ client: 'orders', claims: { at: new Date() } })
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
