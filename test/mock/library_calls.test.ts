import { describe, expect, it } from 'vitest'
import { Browser, signIn } from '../support/browser.ts'
import { basic, decode, get, post, requestToken } from '../support/http.ts'
import { TRANSPORTS } from '../support/transports.ts'

const API = 'https://api.example.test'
const CALLBACK = 'http://localhost:3000/callback'
const CONFIG = {
  resources: [{ identifier: API, scopes: ['read'], roles: ['reader'] }],
  clients: [
    { client_id: 'orders', client_secret: 's3cret', audience: API, roles: ['reader'] },
    { client_id: 'web', client_secret: 'of web', redirect_uris: [CALLBACK], require_pkce: false },
  ],
  users: [{ username: 'alice', email: 'alice@example.test' }, { username: 'bob' }],
}
const ORDERS = ['orders', 's3cret'] as const

const authorize = (issuer: string) =>
  `${issuer}/authorize?${new URLSearchParams({ client_id: 'web', response_type: 'code', scope: 'openid', redirect_uri: CALLBACK, state: 'a state', nonce: 'a nonce' })}`

describe.each(TRANSPORTS)('the object of the library, %s', (_name, start) => {
  it('says where the provider is', async () => {
    await using idp = await start(CONFIG)
    expect(idp.url).toMatch(/^http:\/\/localhost:\d+$/)
    expect([idp.issuer, idp.issuerOf('default')]).toEqual([idp.url, idp.url])
    expect([idp.httpsUrl, idp.caFile]).toEqual([undefined, undefined])
    expect((await get(`${idp.issuer}/jwks.json`)).status).toBe(200)
  })

  it('mints tokens, alone and with all that the token endpoint answers', async () => {
    await using idp = await start(CONFIG)
    const { claims } = decode(await idp.token({ client: 'orders', roles: ['admin'], lifetime: '5m' }))
    expect(claims).toMatchObject({ iss: idp.issuer, aud: API, roles: ['admin'] })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(300)
    const tokens = await idp.tokens({ client: 'web', user: 'alice', scope: 'openid email' })
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid email' })
    expect(decode(tokens.id_token ?? '').claims).toMatchObject({ iss: idp.issuer, aud: 'web' })
    expect(decode(tokens.access_token).claims).toEqual(tokens.claims)
  })

  it('moves the clock', async () => {
    await using idp = await start(CONFIG)
    const { epoch } = await idp.clock.now()
    expect((await idp.clock.advance('61m')).epoch - epoch).toBeGreaterThanOrEqual(3660)
    const moment = new Date('2030-01-31T08:15:00.000Z')
    await idp.clock.freeze()
    expect(await idp.clock.set(moment)).toEqual({
      now: moment.toISOString(),
      epoch: moment.getTime() / 1000,
      frozen: true,
    })
    expect(decode(await idp.token({ client: 'orders' })).claims['iat']).toBe(moment.getTime() / 1000)
    expect((await idp.clock.release()).frozen).toBe(false)
    expect((await idp.clock.set(1_900_000_000)).epoch).toBeGreaterThanOrEqual(1_900_000_000)
    expect((await idp.clock.reset()).epoch).toBeLessThan(epoch + 600)
  })

  it('changes what is declared, and takes it back', async () => {
    await using idp = await start(CONFIG)
    await idp.users.put({ username: 'carol', name: 'Carol' })
    expect((await idp.users.list()).map(({ username }) => username)).toEqual(['alice', 'bob', 'carol'])
    await idp.users.patch('carol', { name: null, email: 'carol@example.test' })
    expect(await idp.users.get('carol')).toEqual({ username: 'carol', email: 'carol@example.test' })
    await idp.clients.put({ client_id: 'new', client_secret: 'of new' })
    expect(await requestToken(idp.issuer, ['new', 'of new'])).toMatch(/^ey/)
    expect(await idp.clients.get('new')).toMatchObject({ client_secret: '***' })
    expect(await idp.clients.get('new', { secrets: 'show' })).toMatchObject({ client_secret: 'of new' })
    expect(idp.env('generic', { client: 'new' })).toMatchObject({ OIDC_CLIENT_SECRET: 'of new' })
    await idp.resources.patch(API, { scopes: ['read', 'write'] })
    expect(await idp.resources.get(API)).toMatchObject({ scopes: ['read', 'write'] })
    await idp.users.delete('bob')
    await idp.reset()
    expect((await idp.users.list()).map(({ username }) => username)).toEqual(['alice', 'bob'])
    expect(() => idp.env('generic', { client: 'new' })).toThrow('new is no client of tenant default')
  })

  it('rotates keys', async () => {
    await using idp = await start(CONFIG)
    const [old] = await idp.keys.list()
    const [now, before] = await idp.keys.rotate()
    expect([now?.status, before?.status]).toEqual(['active', 'published'])
    expect(before?.kid).toBe(old?.kid)
    expect(await idp.keys.update(old?.kid ?? '', { status: 'hidden' })).toMatchObject({ status: 'hidden' })
    expect((await idp.keys.get(old?.kid ?? '')).jwk).toMatchObject({ kty: 'RSA' })
    await idp.keys.delete(old?.kid ?? '')
    expect(await idp.keys.list()).toEqual([now])
    await idp.keys.cacheControl('max-age=60')
    expect((await get(`${idp.issuer}/jwks.json`)).headers.get('cache-control')).toBe('max-age=60')
  })

  it('says how the next login goes, and who is signed in then', async () => {
    await using idp = await start(CONFIG)
    await idp.nextLogin({ client: 'web', user: 'bob' })
    const page = await new Browser(idp.url).open(authorize(idp.issuer))
    expect(page.left?.searchParams.get('code')).toMatch(/./)
    expect(await idp.sessions.list()).toMatchObject([{ user: 'bob', clients: ['web'] }])
    expect(await idp.grants.list()).toMatchObject([{ kind: 'code', client_id: 'web', user: 'bob' }])
    await idp.grants.delete()
    const [login] = await idp.sessions.list()
    await idp.sessions.delete(login?.sid)
    expect([await idp.grants.list(), await idp.sessions.list()]).toEqual([[], []])
  })

  it('remembers what clients sent, and what was wrong with it', async () => {
    await using idp = await start(CONFIG)
    await requestToken(idp.issuer, ORDERS)
    await post(`${idp.issuer}/token`, { grant_type: 'client_credentials' }, basic('orders', 'wrong'))
    const [good, bad, ...rest] = await idp.requests({ endpoint: 'token' })
    expect(rest).toEqual([])
    expect(good).toMatchObject({ client_id: 'orders', outcome: 'ok', status: 200 })
    expect(good?.tokens[0]?.claims).toMatchObject({ iss: idp.issuer })
    expect(bad).toMatchObject({ outcome: 'refused', reason: 'client.secret_wrong', status: 401 })
    expect(await idp.requests({ outcome: 'refused', after: good?.seq ?? 0 })).toEqual([bad])
    expect(await idp.har({ status: 401 })).toMatchObject({
      log: { entries: [{ response: { status: 401 } }] },
    })
    await signIn(new Browser(idp.url), authorize(idp.issuer).replace(/&state=[^&]*/, ''))
    const [worst] = await idp.findings({ client: 'web' })
    expect(worst).toMatchObject({ client_id: 'web', count: 1, see: expect.stringContaining('https://') })
    expect(await idp.findings({ client: 'orders', severity: 'error' })).toEqual([])
  })

  it('waits for the next request', async () => {
    await using idp = await start(CONFIG)
    await requestToken(idp.issuer, ORDERS)
    const [first] = await idp.requests()
    const next = idp.nextRequest({ endpoint: 'token', after: first?.seq ?? 0 })
    await get(`${idp.issuer}/jwks.json`)
    await requestToken(idp.issuer, ORDERS)
    expect(await next).toMatchObject({ endpoint: 'token', seq: (first?.seq ?? 0) + 2 })
    await expect(idp.nextRequest({ endpoint: 'userinfo', after: 0 }, { timeout: 1 })).rejects.toThrow(
      'no request with endpoint userinfo came within 1s; instead came POST /token 200, GET /jwks.json 200, POST /token 200',
    )
    await expect(idp.nextRequest({}, { timeout: '1s' })).rejects.toThrow(
      'no request came within 1s; one came before: call nextRequest first, or give after: 2',
    )
  })

  it('waits also for longer than one call does', async () => {
    await using idp = await start(CONFIG)
    const next = idp.nextRequest({ endpoint: 'jwks', after: 0 }, { timeout: '2m' })
    await get(`${idp.issuer}/jwks.json`)
    expect(await next).toMatchObject({ endpoint: 'jwks', status: 200 })
  })
})
