import { describe, expect, it } from 'vitest'
import { basic, get, post } from '../support/http.ts'
import { ADDRESS, EMAIL, PHONE, PROFILE, SECRET, startCodeFlow } from '../support/relying_party.ts'

const FORMATS = ['jwt', 'opaque'] as const
const ALL = { scope: 'openid profile email address phone' }

describe.each(FORMATS)('OpenID Connect Core §5.3 UserInfo, with a %s access token of a user', (format) => {
  const client = { access_token: { format } }

  it('tells the claims of the scope and the sub of the ID token, as JSON that no cache keeps', async () => {
    await using op = await startCodeFlow(client)
    const { id, access_token } = await op.rp.login(ALL)
    const { status, headers, body } = await op.rp.userinfo(access_token)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body).toEqual({ sub: id.sub, ...PROFILE, ...EMAIL, ...ADDRESS, ...PHONE })
  })

  it('tells only what was asked for', async () => {
    await using op = await startCodeFlow(client)
    const { id, access_token } = await op.rp.login({ scope: 'openid email' })
    expect((await op.rp.userinfo(access_token)).body).toEqual({ sub: id.sub, ...EMAIL })
  })

  it('needs openid: 403 insufficient_scope without it, at the authorization endpoint or after a narrower refresh', async () => {
    await using op = await startCodeFlow(client)
    const without = (await op.rp.redeem(await op.rp.authorize({ scope: 'email' }))).body
    const { tokens } = await op.rp.login({ scope: 'openid email' })
    const narrowed = (await op.rp.refresh(tokens?.['refresh_token'], { scope: 'email' })).body
    for (const { access_token } of [without, narrowed]) {
      const { status, headers, body } = await op.rp.userinfo(access_token)
      expect([status, body['error']]).toEqual([403, 'insufficient_scope'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="default", error="insufficient_scope", /)
    }
  })

  it('tells less after a refresh for less', async () => {
    await using op = await startCodeFlow(client)
    const { tokens, id } = await op.rp.login(ALL)
    const { body } = await op.rp.refresh(tokens?.['refresh_token'], { scope: 'openid phone' })
    expect((await op.rp.userinfo(body['access_token'])).body).toEqual({ sub: id.sub, ...PHONE })
  })

  it('refuses a token that expired, and one that was revoked, with 401 invalid_token', async () => {
    await using op = await startCodeFlow(client)
    const [early, late] = [(await op.rp.login()).access_token, (await op.rp.login()).access_token]
    await post(`${op.idp.issuer}/revoke`, { token: String(early) }, basic('client', SECRET))
    expect(await op.rp.userinfo(early)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect((await op.rp.userinfo(late)).status).toBe(200)
    await op.idp.clock.advance('61m')
    expect(await op.rp.userinfo(late)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  it('takes the token for one resource, where openid was asked for with it', async () => {
    await using op = await startCodeFlow(client, {
      resources: [{ identifier: 'https://api.test', scopes: ['read'] }],
    })
    const { id, access_token } = await op.rp.login({
      scope: 'openid email read',
      resource: 'https://api.test',
    })
    expect((await op.rp.userinfo(access_token)).body).toEqual({ sub: id.sub, ...EMAIL })
  })

  it('knows the claims that were edited for the login', async () => {
    await using op = await startCodeFlow(client)
    const typed = {
      username: 'alice',
      claims: '{"email":"other@example.test","name":null,"nickname":"Lally"}',
    }
    const page = await op.rp.browser.submit(await op.rp.open(ALL), typed)
    const { access_token } = await op.rp.taken(op.rp.received(page))
    const { body } = await op.rp.userinfo(access_token)
    expect(body).toMatchObject({ email: 'other@example.test', nickname: 'Lally', given_name: 'Alice' })
    expect(body).not.toHaveProperty('name')
  })
})

describe('OpenID Connect Core §5.3 UserInfo', () => {
  it('does not take an ID token, a code or a refresh token for an access token', async () => {
    await using op = await startCodeFlow()
    const { answer, tokens } = await op.rp.login()
    for (const token of [tokens?.['id_token'], answer['code'], tokens?.['refresh_token']])
      expect(await op.rp.userinfo(token)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  it('has claims of the types of §5.1: numbers, booleans and an object, no null and no empty text', async () => {
    await using op = await startCodeFlow()
    const { access_token } = await op.rp.login(ALL)
    const { body } = await op.rp.userinfo(access_token)
    const { email_verified, phone_number_verified, updated_at, address, ...texts } = body
    expect([email_verified, phone_number_verified]).toEqual([true, false])
    expect(updated_at).toSatisfy((seconds) => Number.isInteger(seconds) && seconds > 631_152_000)
    expect(Object.values(address as object)).toEqual(Object.values(ADDRESS.address))
    for (const text of Object.values(texts)) expect(text).toMatch(/\S/)
  })

  it('answers a script of another origin', async () => {
    await using op = await startCodeFlow()
    const { access_token } = await op.rp.login()
    const origin = 'https://spa.test'
    const { status, headers } = await get(`${op.idp.issuer}/userinfo`, {
      origin,
      authorization: `Bearer ${String(access_token)}`,
    })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, origin])
  })

  it('knows nothing but the name of somebody who is not declared', async () => {
    await using op = await startCodeFlow({}, { users: [] })
    const page = await op.rp.browser.submit(await op.rp.open(ALL), { username: 'nobody' })
    const { id, access_token } = await op.rp.taken(op.rp.received(page))
    expect((await op.rp.userinfo(access_token)).body).toEqual({ sub: id.sub, preferred_username: 'nobody' })
  })
})
