import { describe, expectTypeOf, it } from 'vitest'
import type { Finding as Found } from '../../src/findings/finding.ts'
import type {
  ClientInput,
  Finding,
  Idp,
  Json,
  LiveGrant,
  LiveLogin,
  NextLogin,
  RecordedRequest,
  RecordedToken,
  Sandbox,
  SigningKeyInfo,
  StartedIdp,
  Time,
  TokenRequest,
  Tokens,
  UserInput,
} from '../../src/index.ts'
import type { RequestView } from '../../src/record/view.ts'
import type { NextLogin as Directed } from '../../src/sessions/next_login.ts'

const idp = () => ({}) as Idp

describe('Idp', () => {
  it('is what a test holds', () => {
    expectTypeOf<keyof Idp>().toEqualTypeOf<
      | 'issuer'
      | 'url'
      | 'httpsUrl'
      | 'caFile'
      | 'issuerOf'
      | 'token'
      | 'tokens'
      | 'env'
      | 'clock'
      | 'users'
      | 'clients'
      | 'resources'
      | 'keys'
      | 'nextLogin'
      | 'requests'
      | 'nextRequest'
      | 'har'
      | 'findings'
      | 'sessions'
      | 'grants'
      | 'clientCertificate'
      | 'sandbox'
      | 'reset'
      | 'stop'
      | typeof Symbol.asyncDispose
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
    expectTypeOf<Idp['tokens']>().toEqualTypeOf<(request: TokenRequest) => Promise<Tokens>>()
    expectTypeOf<Idp['stop']>().toEqualTypeOf<() => Promise<void>>()
    expectTypeOf<StartedIdp>().toEqualTypeOf<Idp>()
    expectTypeOf<Idp>().toExtend<AsyncDisposable>()
  })

  it('gives environment variables at once', () => {
    expectTypeOf<ReturnType<Idp['env']>>().toEqualTypeOf<Readonly<Record<string, string>>>()
    void (() => idp().env('tls'))
    void (() => idp().env('azure', { tenant: 'contoso', client: 'orders' }))
    // @ts-expect-error an unknown kind
    void (() => idp().env('aws'))
  })

  it('mints tokens for a client', () => {
    expectTypeOf<{ client: string }>().toExtend<TokenRequest>()
    expectTypeOf<TokenRequest>().toEqualTypeOf<{
      readonly client: string
      readonly user?: string | undefined
      readonly tenant?: string | undefined
      readonly resource?: string | readonly string[] | undefined
      readonly audience?: string | readonly string[] | undefined
      readonly scope?: string | undefined
      readonly roles?: readonly string[] | undefined
      readonly claims?: Readonly<Record<string, Json>> | undefined
      readonly lifetime?: string | number | undefined
    }>()
    // @ts-expect-error a token is some client's
    void (() => idp().token({}))
    // @ts-expect-error a typing mistake
    void (() => idp().token({ client: 'orders', role: ['admin'] }))
    // @ts-expect-error no JSON
    void (() => idp().token({ client: 'orders', claims: { at: new Date() } }))
  })

  it('has a time', () => {
    expectTypeOf<Idp['clock']['advance']>().toEqualTypeOf<(by: string | number) => Promise<Time>>()
    expectTypeOf<Idp['clock']['set']>().parameters.toEqualTypeOf<[to: string | number | Date]>()
    // @ts-expect-error no moment
    void (() => idp().clock.set(true))
  })

  it('changes what is declared, with the keys of the configuration', () => {
    expectTypeOf(idp().users.list).returns.resolves.toEqualTypeOf<readonly UserInput[]>()
    expectTypeOf(idp().clients.get).returns.resolves.toEqualTypeOf<ClientInput>()
    void (() => idp().users.put({ username: 'alice', email_verified: true }))
    void (() => idp().users.patch('alice', { name: null }, { tenant: 'contoso' }))
    void (() => idp().clients.get('web', { secrets: 'show' }))
    // @ts-expect-error a user without a name
    void (() => idp().users.put({ name: 'Alice' }))
    // @ts-expect-error an unknown key
    void (() => idp().clients.patch('web', { redirect_uri: 'http://localhost' }))
    // @ts-expect-error another type
    void (() => idp().resources.patch('api', { scopes: 'read' }))
  })

  it('says how the next login goes', () => {
    void (() => idp().nextLogin({ client: 'web', user: 'alice', mfa: 'done' }))
    void (() => idp().nextLogin({ error: 'server_error', error_description: 'today not' }))
    // @ts-expect-error nothing that can be denied
    void (() => idp().nextLogin({ deny: 'token' }))
  })

  it('has keys that are rotated in steps', () => {
    expectTypeOf(idp().keys.rotate).returns.resolves.toEqualTypeOf<readonly SigningKeyInfo[]>()
    void (() => idp().keys.rotate())
    void (() => idp().keys.rotate({ alg: 'ES256', step: 'publish' }))
    // @ts-expect-error no step
    void (() => idp().keys.rotate({ step: 'next' }))
  })

  it('remembers', () => {
    expectTypeOf(idp().requests).returns.resolves.toEqualTypeOf<readonly RecordedRequest[]>()
    expectTypeOf(idp().nextRequest).returns.resolves.toEqualTypeOf<RecordedRequest>()
    expectTypeOf(idp().findings).returns.resolves.toEqualTypeOf<readonly Finding[]>()
    expectTypeOf(idp().sessions.list).returns.resolves.toEqualTypeOf<readonly LiveLogin[]>()
    expectTypeOf(idp().grants.list).returns.resolves.toEqualTypeOf<readonly LiveGrant[]>()
    void (() => idp().requests({ endpoint: 'token', client: 'web', after: 7, secrets: 'show' }))
    void (() => idp().nextRequest({ endpoint: 'token' }, { timeout: '3s' }))
    void (() => idp().findings({ severity: 'warning' }))
    // @ts-expect-error a typing mistake
    void (() => idp().requests({ endpiont: 'token' }))
    // @ts-expect-error no severity
    void (() => idp().findings({ severity: 'bad' }))
  })
})

describe('What the control API answers', () => {
  it('has the members of the public types, which are written again for their readers', () => {
    expectTypeOf<keyof RequestView>().toEqualTypeOf<keyof RecordedRequest>()
    expectTypeOf<keyof RequestView['tokens'][number]>().toEqualTypeOf<keyof RecordedToken>()
    expectTypeOf<keyof Found>().toEqualTypeOf<keyof Finding>()
    expectTypeOf<NextLogin>().toEqualTypeOf<Directed>()
  })
})

describe('Sandbox', () => {
  it('is an Idp with a name', () => {
    expectTypeOf<Sandbox>().toExtend<Idp>()
    expectTypeOf<Exclude<keyof Sandbox, keyof Idp>>().toEqualTypeOf<'id'>()
    expectTypeOf(idp().sandbox).returns.resolves.toEqualTypeOf<Sandbox>()
  })

  it('has the keys of a tenant', () => {
    void (() => idp().sandbox())
    void (() => idp().sandbox({ tenant: 'contoso', users: [{ username: 'a' }], login: { mode: 'form' } }))
    // @ts-expect-error a typing mistake
    void (() => idp().sandbox({ user: [] }))
  })
})
