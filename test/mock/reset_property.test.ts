import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConfigInput, type StartedIdp, startIdp } from '../../src/index.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { ask } from '../support/control_calls.ts'
import { basic, get, post } from '../support/http.ts'
import { register } from '../support/registration.ts'

const REDIRECT = 'https://app.test/cb'
const web = {
  client_id: 'web',
  client_secret: 's3cret',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}
const CONFIG = {
  clients: [web, { client_id: 'other', client_secret: 'x' }],
  users: [{ username: 'alice', email: 'alice@x.test' }, { username: 'bob' }],
  resources: [{ identifier: 'https://api.test', scopes: ['read'], roles: ['admin'] }],
  registration: { enabled: true },
  // Small and quick to make.
  keys: [{ alg: 'EdDSA', kid: 'configured' }],
} as unknown as ConfigInput

const PLACES = [
  'users',
  'clients',
  'resources',
  'keys',
  'sessions',
  'grants',
  'findings',
  'requests',
] as const

/** What a test does: a call, or what a client does. */
type Deed = (place: { readonly issuer: string; readonly mock: (path: string) => string }) => Promise<unknown>

const call =
  (method: string, path: string, body?: unknown): Deed =>
  ({ mock }) =>
    ask(method, mock(path), body)

const login: Deed = async ({ issuer }) => {
  const params = { client_id: 'web', redirect_uri: REDIRECT, scope: 'openid offline_access' }
  const page = await signIn(new Browser(issuer), authorizeUrl(issuer, params))
  const code = page.left === undefined ? '' : (answerAt(page).get('code') ?? '')
  return redeem(issuer, { code, redirect_uri: REDIRECT }, basic('web', 's3cret'))
}

const DEEDS: Readonly<Record<string, Deed>> = {
  'a user': call('PUT', '/users/carol', { email: 'carol@x.test' }),
  'another alice': call('PATCH', '/users/alice', { email: 'else@x.test', groups: ['g'] }),
  'no bob': call('DELETE', '/users/bob'),
  'a client': call('PUT', '/clients/new', { client_secret: 'n', redirect_uris: [REDIRECT] }),
  'another web': call('PATCH', '/clients/web', { client_secret: 'changed' }),
  'no other': call('DELETE', '/clients/other'),
  'a resource': call('PUT', `/resources/${encodeURIComponent('https://more.test')}`, { scopes: ['write'] }),
  'no resource': call('DELETE', `/resources/${encodeURIComponent('https://api.test')}`),
  later: call('POST', '/clock', { advance: '3d' }),
  earlier: call('POST', '/clock', { advance: '-3d' }),
  'another age': call('POST', '/clock', { set: '2050-01-01T00:00:00Z' }),
  'no time': call('POST', '/clock', { freeze: true }),
  'keys rotated': call('POST', '/keys/rotate', { alg: 'EdDSA' }),
  'a key published': call('POST', '/keys/rotate', { alg: 'ES256', step: 'publish' }),
  'a key gone': call('DELETE', '/keys/configured'),
  'a key hidden': call('PATCH', '/keys/configured', { status: 'hidden' }),
  'a login to come': call('PUT', '/next-login', { deny: 'login' }),
  'another login to come': call('PUT', '/next-login', { user: 'bob' }),
  'no sessions': call('DELETE', '/sessions'),
  login,
  registered: ({ issuer }) => register(issuer, { redirect_uris: [REDIRECT] }),
  'a token': ({ issuer }) =>
    post(`${issuer}/token`, { grant_type: 'client_credentials' }, basic('web', 's3cret')),
  'a mistake': ({ issuer }) => post(`${issuer}/token`, { grant_type: 'password', client_secret: 'x' }),
}

describe('a reset, whatever came before it', () => {
  let idp: StartedIdp
  beforeAll(async () => {
    idp = await startIdp(CONFIG)
  })
  afterAll(() => idp.stop())

  /** A tenant, as calls and clients see it. */
  async function seen({ mock }: Parameters<Deed>[0]) {
    const lists = await Promise.all(PLACES.map(async (name) => items(await get(mock(`/${name}`)))))
    const { body: clock } = await get(mock('/clock'))
    const off = Math.round((Number(clock['epoch']) - Date.now() / 1000) / 60) + 0
    return { lists, clock: { frozen: clock['frozen'], off } }
  }

  const items = ({ body: { items: all } }: Awaited<ReturnType<typeof get>>) => all

  const documents = async (issuer: string) =>
    [await get(`${issuer}/.well-known/openid-configuration`), await get(`${issuer}/jwks.json`)].map(
      ({ text }) => text,
    )

  const run = async (places: Parameters<Deed>[0], reset: () => Promise<unknown>) => {
    const deeds = fc.array(fc.constantFrom(...Object.keys(DEEDS)), { minLength: 1, maxLength: 12 })
    await reset()
    const [before, papers] = [await seen(places), await documents(places.issuer)]
    await reset()
    await fc.assert(
      fc.asyncProperty(deeds, async (names) => {
        for (const name of names) await DEEDS[name]?.(places)
        await reset()
        expect(await seen(places)).toEqual(before)
        expect(await documents(places.issuer)).toEqual(papers)
        await reset()
        // Nobody is expected any more, nobody is signed in, and who is declared can sign in.
        const signedIn = (await login(places)) as { readonly status: number }
        expect(signedIn.status).toBe(200)
        await reset()
      }),
      { numRuns: 40 },
    )
  }

  it('leaves a tenant that is as it was configured', async () => {
    const places = { issuer: idp.issuer, mock: (path: string) => `${idp.url}/_mock${path}` }
    await run(places, () => idp.reset())
  })

  it('leaves a sandbox that is as it was made, where it is named, and as it is where not', async () => {
    const box = await idp.sandbox({
      users: [{ username: 'dora' }],
      keys: [{ alg: 'EdDSA', kid: 'configured' }],
    })
    const mock = (path: string) => `${idp.url}/_mock${path}?tenant=${box.id}`
    await run({ issuer: box.issuer, mock }, () => box.reset())
    await box.users.put({ username: 'eve' })
    await box.clock.freeze()
    await idp.reset()
    expect(await box.users.list()).toHaveLength(4)
    expect((await box.clock.now()).frozen).toBe(true)
  })
})
