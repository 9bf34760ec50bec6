import { describe, expect, it } from 'vitest'
import { basic, decode, post } from '../support/http.ts'
import { REDIRECT_URI, SECRET, startCodeFlow } from '../support/relying_party.ts'

const OFFLINE = { scope: 'openid email offline_access' }
const API = {
  resources: [
    { identifier: 'https://a.test', scopes: ['a:read', 'a:write'] },
    { identifier: 'https://b.test', scopes: ['b:read'] },
  ],
}

const invalidGrant = (description: RegExp) => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: expect.stringMatching(description) },
})

const scopeOf = (token: unknown) => decode(String(token)).claims['scope']

type Started = Awaited<ReturnType<typeof startCodeFlow>>

/** What a login is worth, its ID token read. */
async function loggedIn({ rp }: Started, params: Record<string, string> = OFFLINE) {
  const { status, text, body } = await rp.redeem(await rp.authorize(params))
  if (status !== 200) throw new Error(text)
  return body
}

describe('RFC 6749 §6 Refreshing an Access Token', () => {
  it('gives a new access token of the same scope and user, and a new refresh token', async () => {
    await using op = await startCodeFlow()
    const first = await loggedIn(op)
    const { status, headers, body } = await op.rp.refresh(first['refresh_token'])
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: OFFLINE.scope })
    expect(body['access_token']).not.toBe(first['access_token'])
    expect(body['refresh_token']).not.toBe(first['refresh_token'])
    const [before, after] = [first, body].map(({ access_token }) => decode(String(access_token)).claims)
    const { sub, aud, scope, auth_time, client_id } = before ?? {}
    expect(after).toMatchObject({ sub, aud, scope, auth_time, client_id })
  })

  it('narrows the scope where the request asks for less, and the next refresh, which names none, has the whole again', async () => {
    await using op = await startCodeFlow({ scope: 'a:read a:write' }, API)
    const first = await loggedIn(op, { scope: 'openid a:read a:write' })
    const narrow = (await op.rp.refresh(first['refresh_token'], { scope: 'a:read' })).body
    expect([narrow['scope'], scopeOf(narrow['access_token'])]).toEqual(['a:read', 'a:read'])
    const whole = (await op.rp.refresh(narrow['refresh_token'], { scope: ' ' })).body
    expect([whole['scope'], scopeOf(whole['access_token'])]).toEqual(Array(2).fill('openid a:read a:write'))
  })

  it.each([
    ['a scope that the user did not grant', 'openid profile'],
    ['a scope that nobody knows', 'openid unknown'],
  ])('refuses %s with invalid_scope, and does not use the refresh token up', async (_what, scope) => {
    await using op = await startCodeFlow()
    const { refresh_token } = await loggedIn(op)
    const refused = await op.rp.refresh(refresh_token, { scope })
    expect(refused).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope', error_description: expect.stringContaining('granted: openid, email') },
    })
    expect((await op.rp.refresh(refresh_token)).status).toBe(200)
  })

  it("refuses another client's refresh token with 400 invalid_grant, and leaves it as it is", async () => {
    await using op = await startCodeFlow()
    const { refresh_token } = await loggedIn(op)
    const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
    const refused = await post(`${op.idp.issuer}/token`, form, basic('client2', SECRET))
    expect(refused).toMatchObject(
      invalidGrant(/^the refresh token was issued to client client, not to client2$/),
    )
    expect((await op.rp.refresh(refresh_token)).status).toBe(200)
  })

  it.each([
    ['an unknown one', 'unknown', 'invalid_grant'],
    ['none', '', 'invalid_request'],
    ['an access token', undefined, 'invalid_grant'],
  ])('refuses %s instead of a refresh token', async (_what, text, error) => {
    await using op = await startCodeFlow()
    const { access_token } = await loggedIn(op)
    const { status, body } = await op.rp.refresh(text ?? access_token)
    expect([status, body['error']]).toEqual([400, error])
  })

  it('gives no refresh token to a client without that grant, and refuses it one', async () => {
    await using op = await startCodeFlow({ grant_types: ['authorization_code'] })
    const body = await loggedIn(op)
    expect(body).not.toHaveProperty('refresh_token')
    // MUST be ignored where no refresh token can follow, OpenID Connect Core §11.
    expect(body['scope']).toBe('openid email')
    expect(await op.rp.refresh('x')).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  it('lives for 14 days, each successor for 14 more, and the description tells since when it is dead', async () => {
    await using op = await startCodeFlow()
    const first = await loggedIn(op)
    await op.idp.clock.advance('13d')
    const second = (await op.rp.refresh(first['refresh_token'])).body
    await op.idp.clock.advance('13d')
    const third = (await op.rp.refresh(second['refresh_token'])).body
    await op.idp.clock.advance('14d')
    expect(await op.rp.refresh(third['refresh_token'])).toMatchObject(
      invalidGrant(/^the refresh token expired \d s ago; sign in again, or set lifetimes\.refresh_token$/),
    )
  })

  it('lives as long as the client or lifetimes.refresh_token say', async () => {
    await using general = await startCodeFlow({}, { lifetimes: { refresh_token: '1h' } })
    const [a, b] = [await loggedIn(general), await loggedIn(general)]
    await general.idp.clock.advance('59m')
    expect((await general.rp.refresh(a['refresh_token'])).status).toBe(200)
    await general.idp.clock.advance('1m')
    expect((await general.rp.refresh(b['refresh_token'])).status).toBe(400)
    await using own = await startCodeFlow(
      { refresh_token: { lifetime: '1m' } },
      { lifetimes: { refresh_token: '1h' } },
    )
    const c = await loggedIn(own)
    await own.idp.clock.advance('1m')
    expect((await own.rp.refresh(c['refresh_token'])).status).toBe(400)
  })
})

describe('RFC 9700 §4.14.2 Refresh Token Rotation', () => {
  it('takes a refresh token that was used before for stolen: its successors and access tokens are dead', async () => {
    await using op = await startCodeFlow()
    const first = await loggedIn(op)
    const second = (await op.rp.refresh(first['refresh_token'])).body
    const third = (await op.rp.refresh(second['refresh_token'])).body
    expect((await op.rp.userinfo(third['access_token'])).status).toBe(200)
    expect(await op.rp.refresh(first['refresh_token'])).toMatchObject(
      invalidGrant(
        /^the refresh token was used before and has a successor; all tokens of this login are revoked now/,
      ),
    )
    expect(await op.rp.refresh(third['refresh_token'])).toMatchObject(invalidGrant(/revoked/))
    for (const { access_token } of [first, second, third])
      expect((await op.rp.userinfo(access_token)).status).toBe(401)
  })

  it('leaves other logins alone', async () => {
    await using op = await startCodeFlow()
    const [stolen, other] = [await loggedIn(op), await loggedIn(op)]
    await op.rp.refresh(stolen['refresh_token'])
    await op.rp.refresh(stolen['refresh_token'])
    expect((await op.rp.refresh(other['refresh_token'])).status).toBe(200)
  })

  it('lets one of many win who refresh at once', async () => {
    await using op = await startCodeFlow()
    const { refresh_token } = await loggedIn(op)
    const answers = await Promise.all(Array.from({ length: 8 }, () => op.rp.refresh(refresh_token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)])
  })

  it('does not use the refresh token up by a request for a resource that was not granted', async () => {
    await using op = await startCodeFlow({}, API)
    const { refresh_token } = await loggedIn(op, { scope: 'openid', resource: 'https://a.test' })
    const refused = await op.rp.refresh(refresh_token, { resource: 'https://b.test' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect((await op.rp.refresh(refresh_token)).status).toBe(200)
  })

  it('does not rotate for a client with refresh_token: {rotate: false}: the same one comes back and works again', async () => {
    await using op = await startCodeFlow({ refresh_token: { rotate: false } })
    const first = await loggedIn(op)
    for (const _ of [1, 2, 3]) {
      const { status, body } = await op.rp.refresh(first['refresh_token'])
      expect([status, body['refresh_token']]).toEqual([200, first['refresh_token']])
      expect((await op.rp.userinfo(body['access_token'])).status).toBe(200)
    }
    await op.idp.clock.advance('14d')
    expect(await op.rp.refresh(first['refresh_token'])).toMatchObject(invalidGrant(/expired/))
  })
})

describe('strictness of refresh_token_reuse', () => {
  it.each(['warn', 'lax'] as const)(
    '%s takes a refresh token that was used, and revokes nothing',
    async (level) => {
      await using op = await startCodeFlow({}, { strictness: { refresh_token_reuse: level } })
      const first = await loggedIn(op)
      const second = (await op.rp.refresh(first['refresh_token'])).body
      expect((await op.rp.refresh(first['refresh_token'])).status).toBe(200)
      expect((await op.rp.refresh(second['refresh_token'])).status).toBe(200)
      expect((await op.rp.userinfo(first['access_token'])).status).toBe(200)
    },
  )
})

describe('OpenID Connect Core §12 and §11: refresh tokens, sessions and offline access', () => {
  it('gives an ID token with the auth_time, acr and sid of the login, a new iat, and no nonce', async () => {
    await using op = await startCodeFlow()
    const first = await loggedIn(op)
    await op.idp.clock.advance('10m')
    const { body } = await op.rp.refresh(first['refresh_token'])
    const [before, after] = [first, body].map(({ id_token }) => decode(String(id_token)).claims)
    const { iss, sub, aud, azp, auth_time, acr, sid } = before ?? {}
    expect(after).toMatchObject({ iss, sub, aud, azp, auth_time, acr, sid })
    expect(before).toHaveProperty('nonce')
    expect(after).not.toHaveProperty('nonce')
    expect(Number(after?.['iat'])).toBeGreaterThanOrEqual(Number(before?.['iat']) + 600)
    expect(Number(after?.['exp'])).toBe(Number(after?.['iat']) + 3600)
  })

  it('keeps the auth_time of its own login when the user signs in again meanwhile', async () => {
    await using op = await startCodeFlow()
    const first = await loggedIn(op)
    await op.idp.clock.advance('10m')
    await op.rp.pick(await op.rp.open({ prompt: 'login' }))
    const { body } = await op.rp.refresh(first['refresh_token'])
    const [before, after] = [first, body].map(({ id_token }) => decode(String(id_token)).claims['auth_time'])
    expect(after).toBe(before)
  })

  it('ends when the user signs out, unless offline_access was granted', async () => {
    await using op = await startCodeFlow()
    const online = await loggedIn(op, { scope: 'openid' })
    const offline = await loggedIn(op)
    const hint = { id_token_hint: String(online['id_token']) }
    await op.rp.browser.open(`${op.idp.issuer}/logout?${new URLSearchParams(hint)}`)
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))['error']).toBe('login_required')
    expect(await op.rp.refresh(online['refresh_token'])).toMatchObject(invalidGrant(/its user signed out/))
    expect((await op.rp.userinfo(online['access_token'])).status).toBe(401)
    const { status, body } = await op.rp.refresh(offline['refresh_token'])
    expect(status).toBe(200)
    expect((await op.rp.userinfo(body['access_token'])).status).toBe(200)
  })

  it('does not redeem a code whose user signed out before', async () => {
    await using op = await startCodeFlow()
    const { id_token } = await loggedIn(op, { scope: 'openid' })
    const answer = await op.rp.authorize({ redirect_uri: REDIRECT_URI })
    await op.rp.browser.open(`${op.idp.issuer}/logout?id_token_hint=${String(id_token)}`)
    expect(await op.rp.redeem(answer)).toMatchObject(invalidGrant(/its user signed out/))
  })
})
