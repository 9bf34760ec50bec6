import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, decode, get, post } from '../support/http.ts'

const API = 'https://api.test'
const ME = basic('legacy', 's3cret')

const start = () =>
  startIdp({
    resources: [{ identifier: API, scopes: ['read'] }],
    scopes: { loyalty: ['points'] },
    clients: [
      {
        client_id: 'legacy',
        client_secret: 's3cret',
        grant_types: ['password', 'refresh_token'],
        scope: 'read',
      },
      { client_id: 'web', client_secret: 's3cret', redirect_uris: ['https://rp.test/cb'] },
      { client_id: 'app', grant_types: ['password'] },
    ],
    users: [
      {
        username: 'alice',
        password: 'wonderland',
        email: 'alice@example.test',
        roles: ['admin'],
        claims: { points: 7 },
      },
      { username: 'bob' },
    ],
  })

type Form = Record<string, string>

const ask = (issuer: string, form: Form, headers: Form = ME) =>
  post(`${issuer}/token`, { grant_type: 'password', ...form }, headers)

const ALICE = { username: 'alice', password: 'wonderland' }

describe('RFC 6749 §4.3 Resource Owner Password Credentials Grant', () => {
  it('gives an access token of the user for the client', async () => {
    await using idp = await start()
    const { status, headers, body } = await ask(idp.issuer, { ...ALICE, scope: 'read' })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read' })
    expect(body).not.toHaveProperty('id_token')
    const { claims } = decode(String(body['access_token']))
    expect(claims).toMatchObject({
      aud: API,
      client_id: 'legacy',
      scope: 'read',
      roles: ['admin'],
      amr: ['pwd'],
    })
    expect(claims['sub']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
  })

  it('gives an ID token where openid is asked for, and UserInfo answers', async () => {
    await using idp = await start()
    const { body } = await ask(idp.issuer, { ...ALICE, scope: 'openid email loyalty' })
    const { claims } = decode(String(body['id_token']))
    expect(claims).toMatchObject({
      iss: idp.issuer,
      aud: 'legacy',
      acr: '1',
      amr: ['pwd'],
      auth_time: expect.any(Number),
    })
    expect(claims).not.toHaveProperty('nonce')
    expect(claims).not.toHaveProperty('sid')
    const authorization = `Bearer ${String(body['access_token'])}`
    const told = await get(`${idp.issuer}/userinfo`, { authorization })
    expect(told.body).toMatchObject({
      sub: claims['sub'],
      email: 'alice@example.test',
      email_verified: true,
      points: 7,
    })
  })

  it("asks for the client's registered scope where a request names none", async () => {
    await using idp = await start()
    expect((await ask(idp.issuer, ALICE)).body['scope']).toBe('read')
  })

  it('gives a refresh token that works, with the auth_time of the login', async () => {
    await using idp = await start()
    const first = (await ask(idp.issuer, { ...ALICE, scope: 'openid' })).body
    await idp.clock.advance('2h')
    const form = { grant_type: 'refresh_token', refresh_token: String(first['refresh_token']) }
    const { status, body } = await post(`${idp.issuer}/token`, form, ME)
    expect(status).toBe(200)
    const [before, after] = [first, body].map(({ id_token }) => decode(String(id_token)).claims)
    expect(after).toMatchObject({ sub: before?.['sub'], auth_time: before?.['auth_time'] })
  })

  it('finds the user by username, e-mail or subject, as login_hint does', async () => {
    await using idp = await start()
    const sub = decode(String((await ask(idp.issuer, ALICE)).body['access_token'])).claims['sub']
    for (const username of ['alice@example.test', 'ALICE@example.test', String(sub)]) {
      const { body } = await ask(idp.issuer, { username, password: 'wonderland' })
      expect(decode(String(body['access_token'])).claims['sub']).toBe(sub)
    }
  })

  it.each([
    [
      'a wrong password',
      { username: 'alice', password: 'Wonderland' },
      'The password is not that of alice in the configuration.',
    ],
    ['no password', { username: 'alice' }, 'The password is not that of alice in the configuration.'],
    [
      'an unknown user',
      { username: 'eve', password: 'x' },
      'There is no user eve in tenant default; add one under users.',
    ],
  ])('refuses %s with 400 invalid_grant, and says which', async (_what, form, error_description) => {
    await using idp = await start()
    const { status, body } = await ask(idp.issuer, form as Form)
    expect([status, body]).toEqual([400, { error: 'invalid_grant', error_description }])
  })

  it('takes any password, or none, for a user who has none', async () => {
    await using idp = await start()
    for (const form of [{ username: 'bob' }, { username: 'bob', password: 'anything' }])
      expect((await ask(idp.issuer, form as Form)).status).toBe(200)
  })

  it('refuses a request without username with invalid_request', async () => {
    await using idp = await start()
    const { status, body } = await ask(idp.issuer, { password: 'wonderland' })
    expect([status, body['error'], body['error_description']]).toEqual([
      400,
      'invalid_request',
      'username is missing',
    ])
  })

  it('refuses a scope that the client may not have with invalid_scope', async () => {
    await using idp = await start()
    expect(await ask(idp.issuer, { ...ALICE, scope: 'read admin' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    })
  })

  it('is for clients that registered it, public ones too', async () => {
    await using idp = await start()
    const refused = await ask(idp.issuer, ALICE, basic('web', 's3cret'))
    expect(refused).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
    const { status, body } = await ask(idp.issuer, { ...ALICE, client_id: 'app' }, {})
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('refresh_token')
  })

  it('is not asked for a password that came in the query', async () => {
    await using idp = await start()
    const { status } = await post(
      `${idp.issuer}/token?username=alice&password=wonderland`,
      { grant_type: 'password' },
      ME,
    )
    expect(status).toBe(400)
  })
})
