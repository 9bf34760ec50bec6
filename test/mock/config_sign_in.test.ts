import { describe, expect, it } from 'vitest'
import { maskConfig } from '../../src/config/mask.ts'
import { OPENID_SCOPES } from '../../src/protocol/standard_claims.ts'
import { configured, problemsIn, tenantOf } from '../support/configured.ts'

describe('lifetimes', () => {
  const ALL = { access_token: '1m', id_token: '2m', refresh_token: '3m', code: '4m', session: '5m' }

  it('are seconds, and absent where nothing is said', async () => {
    expect((await tenantOf({ lifetimes: ALL })).lifetimes).toEqual({
      access_token: 60,
      id_token: 120,
      refresh_token: 180,
      code: 240,
      session: 300,
    })
    expect((await tenantOf({})).lifetimes).toEqual({})
  })

  it('of a tenant stand above those of the top level, one by one', async () => {
    const { tenants } = await configured({
      lifetimes: { access_token: 60, code: 30 },
      tenants: { a: { lifetimes: { code: 10, session: '1h' } }, b: {} },
    })
    expect(tenants.map(({ lifetimes }) => lifetimes)).toEqual([
      { access_token: 60, code: 10, session: 3600 },
      { access_token: 60, code: 30 },
    ])
  })

  it.each(['id_token', 'refresh_token', 'code', 'session'])('of %s are durations', async (key) => {
    expect(await problemsIn({ lifetimes: { [key]: '0s' } })).toEqual([
      expect.stringContaining(`lifetimes.${key}: expected a duration such as`),
    ])
  })
})

describe('scopes', () => {
  const scopes = { loyalty: ['points', 'tier'], empty: [], toString: ['x'] }

  it('release claims', async () => {
    const tenant = await tenantOf({ scopes })
    expect(tenant.scopes).toEqual(scopes)
    expect(tenant.scopes['constructor']).toBeUndefined()
  })

  it('of a tenant stand in place of those of the top level', async () => {
    const { tenants } = await configured({
      scopes,
      tenants: { a: { scopes: { own: ['x'] } }, b: {}, c: { scopes: {} } },
    })
    expect(tenants.map((tenant) => tenant.scopes)).toEqual([{ own: ['x'] }, scopes, {}])
  })

  it.each(OPENID_SCOPES)('do not redefine %s', async (name) => {
    const problem = `scopes.${name}: ${name} is a scope of OpenID Connect, which says what it releases: choose another name`
    expect(await problemsIn({ scopes: { [name]: ['x'] } })).toEqual([problem])
    expect(await problemsIn({ tenants: { t: { scopes: { [name]: ['x'] } } } })).toEqual([
      `tenants.t.${problem}`,
    ])
  })

  it.each([{ 'a b': ['x'] }, { '': ['x'] }, { a: 'x' }, { a: [''] }, { a: [1] }])(
    'are tokens with lists of names, unlike %j',
    async (wrong) => {
      expect(await problemsIn({ scopes: wrong as unknown as typeof scopes })).toHaveLength(1)
    },
  )

  it('may be asked for by clients next to those of resources', async () => {
    const resources = [{ identifier: 'api', scopes: ['read'] }]
    const client = (scope: string) => ({ clients: [{ client_id: 'a', scope }] })
    expect(await problemsIn({ scopes, resources, ...client('openid read loyalty') })).toEqual([])
    expect(await problemsIn({ scopes, tenants: { t: { resources, ...client('read loyalty') } } })).toEqual([])
    expect(await problemsIn({ scopes, resources, ...client('loyalti') })).toEqual([
      expect.stringContaining('no resource declares the scope loyalti; did you mean loyalty?'),
    ])
    const own = { resources, scopes: {}, ...client('loyalty') }
    expect(await problemsIn({ scopes, tenants: { t: own } })).toEqual([
      expect.stringContaining('tenants.t.clients[0].scope: no resource declares the scope loyalty'),
    ])
  })
})

describe('login', () => {
  it('is by picker and of class 1 unless it is said otherwise, and a tenant says it above the top level', async () => {
    const { tenants } = await configured({
      login: { acr_values: ['urn:x', '1'] },
      tenants: { a: { login: { mode: 'auto' } }, b: { login: { acr_values: ['2'] } } },
    })
    expect((await tenantOf({})).login).toEqual({ mode: 'picker', acr_values: ['1'] })
    expect(tenants.map(({ login }) => login)).toEqual([
      { mode: 'auto', acr_values: ['urn:x', '1'] },
      { mode: 'picker', acr_values: ['2'] },
    ])
  })

  it.each([
    [{ mode: 'manual' }, 'login.mode: expected one of picker, form, auto'],
    [{ acr_values: [] }, 'login.acr_values: expected a list that is not empty'],
    [{ acr_values: [1] }, 'login.acr_values[0]: expected a string, got number 1; put it in quotes'],
  ])('is not %j', async (login, problem) => {
    expect(await problemsIn({ login: login as object })).toEqual([expect.stringContaining(problem)])
  })
})

describe('RFC 7591 §3 registration', () => {
  const files = { '/etc/idp/token': 'from-file\n' }

  it('is off, and takes a token in the text or in a file', async () => {
    expect((await tenantOf({})).registration).toEqual({ enabled: false, allowed_origins: [] })
    const open = { enabled: true, initial_access_token: 'it' }
    expect((await tenantOf({ registration: open })).registration).toMatchObject(open)
    const registration = { initial_access_token_file: 'token' }
    expect((await tenantOf({ registration }, files)).registration.initial_access_token).toBe('from-file')
  })

  it('of a tenant stands above that of the top level, one by one', async () => {
    const { tenants } = await configured(
      {
        registration: { enabled: true, initial_access_token: 'top', allowed_origins: ['http://a.test'] },
        tenants: {
          a: { registration: { enabled: false } },
          b: { registration: { initial_access_token_file: 'token', allowed_origins: [] } },
        },
      },
      files,
    )
    expect(tenants.map(({ registration }) => registration)).toEqual([
      { enabled: false, initial_access_token: 'top', allowed_origins: ['http://a.test'] },
      { enabled: true, initial_access_token: 'from-file', allowed_origins: [] },
    ])
  })

  it('shows no initial access token', async () => {
    const config = await configured({ registration: { initial_access_token: 'hush' } })
    expect(JSON.stringify(maskConfig(config))).not.toContain('hush')
    const wrong = { registration: { initial_access_token: ['hush'] as unknown as string } }
    expect((await problemsIn(wrong)).join()).not.toContain('hush')
  })

  it.each([
    [{ initial_access_token: 'a', initial_access_token_file: 'token' }, 2],
    [{ initial_access_token_file: 'gone' }, 1],
    [{ initial_access_token: '' }, 1],
  ])('has one token, in a file that can be read: %j', async (registration, count) => {
    const problems = await problemsIn({ registration })
    expect(problems).toHaveLength(count)
    expect(problems.join()).toMatch(/give initial_access_token or|cannot read|not empty/)
  })

  it('needs a dialect that has an endpoint for it', async () => {
    const registration = { enabled: true }
    const of = (dialect: string) => problemsIn({ dialect: dialect as never, registration })
    expect(await of('entra')).toEqual([
      expect.stringMatching(/^registration\.enabled: dialect entra has no registration endpoint/),
    ])
    expect([await of('standard'), await of('keycloak@26')]).toEqual([[], []])
  })

  it('compares origins as browsers write them', async () => {
    const allowed_origins = ['http://LOCALHOST:3000', 'https://app.example.test:443', 'http://[::1]:80']
    expect((await tenantOf({ registration: { allowed_origins } })).registration.allowed_origins).toEqual([
      'http://localhost:3000',
      'https://app.example.test',
      'http://[::1]',
    ])
  })

  it.each([
    'http://localhost:3000/',
    'localhost:3000',
    'ftp://x',
    'http://a@b',
    '*',
    'http://x?y',
    'http://x:99999',
  ])('takes no %s for an origin', async (origin) => {
    expect(await problemsIn({ registration: { allowed_origins: [origin] } })).toEqual([
      expect.stringContaining(
        'registration.allowed_origins[0]: expected an origin: http or https, host and port',
      ),
    ])
  })
})
