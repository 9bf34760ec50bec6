import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { ask } from '../support/control_calls.ts'
import { basic, decode, get, post } from '../support/http.ts'
import { bearer } from '../support/token.ts'

const CALLBACK = 'http://localhost:3000/cb'
const AUTH = basic('web', 'hush')

const CONFIG = {
  resources: [{ identifier: 'orders' }, { identifier: 'https://stock.test' }],
  clients: [
    {
      client_id: 'web',
      client_secret: 'hush',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code' as const, 'refresh_token' as const],
    },
    { client_id: 'api', client_secret: 'hush', introspection: 'any' as const },
  ],
  users: [{ username: 'alice', roles: ['reader'], email: 'alice@example.test' }, { username: 'bob' }],
}

async function start() {
  const idp = await startIdp(CONFIG)
  const browser = new Browser(idp.url)
  const url = (more: Readonly<Record<string, string>> = {}) => {
    const scope = 'openid email offline_access'
    return authorizeUrl(idp.issuer, { client_id: 'web', redirect_uri: CALLBACK, scope, ...more })
  }
  const code = async (user = 'alice') => {
    const { left } = await signIn(browser, url(), user)
    return left?.searchParams.get('code') ?? ''
  }
  const tokens = async (user?: string) => {
    const { body, text } = await redeem(idp.issuer, { code: await code(user), redirect_uri: CALLBACK }, AUTH)
    if (body['access_token'] === undefined) throw new Error(text)
    return body
  }
  const refresh = (refresh_token: unknown) =>
    post(`${idp.issuer}/token`, { grant_type: 'refresh_token', refresh_token: String(refresh_token) }, AUTH)
  const introspect = async (token: unknown) =>
    (await post(`${idp.issuer}/introspect`, { token: String(token) }, basic('api', 'hush'))).body
  const change = (method: string, path: string, body?: unknown) =>
    ask(method, `${idp.url}/_mock/${path}`, body)
  const op = { idp, browser, url, code, tokens, refresh, introspect, change }
  return { ...op, [Symbol.asyncDispose]: () => idp.stop() }
}

describe('a user who was taken away', () => {
  it('can neither redeem a code nor refresh', async () => {
    await using op = await start()
    const { refresh_token } = await op.tokens()
    const code = await op.code()
    await op.change('DELETE', 'users/alice')
    const error = {
      error: 'invalid_grant',
      error_description: expect.stringMatching(/^user alice, who had signed in, is not declared any more/),
    }
    const redeemed = await redeem(op.idp.issuer, { code, redirect_uri: CALLBACK }, AUTH)
    expect(redeemed).toMatchObject({ status: 400, body: error })
    expect(await op.refresh(refresh_token)).toMatchObject({ status: 400, body: error })
  })

  it('has tokens that are worth nothing', async () => {
    await using op = await start()
    const { access_token, refresh_token } = await op.tokens()
    const minted = await op.idp.token({ client: 'web', user: 'alice' })
    for (const token of [access_token, refresh_token])
      expect(await op.introspect(token)).toMatchObject({ active: true })
    await op.change('DELETE', 'users/alice')
    for (const token of [access_token, minted]) {
      const { status, body } = await get(`${op.idp.issuer}/userinfo`, bearer(token))
      expect([status, body['error']]).toEqual([401, 'invalid_token'])
    }
    for (const token of [access_token, refresh_token, minted])
      expect(await op.introspect(token)).toEqual({ active: false })
  })

  it('is not signed in any more', async () => {
    await using op = await start()
    await op.tokens()
    expect((await op.browser.open(op.url({ prompt: 'none' }))).left?.search).toMatch(/code=/)
    await op.change('DELETE', 'users/alice')
    const silent = await op.browser.open(op.url({ prompt: 'none' }))
    expect(silent.left?.searchParams.get('error')).toBe('login_required')
    const page = await op.browser.open(op.url())
    expect(page.html).toMatch(/<h1[^>]*>Sign in</)
    expect(page.html).not.toContain('alice')
    const { left } = await op.browser.submit(page, { user: 'bob' })
    expect(left?.search).toMatch(/code=/)
  })

  it('is refused where they were about to sign in, or to allow', async () => {
    await using op = await start()
    const page = await op.browser.open(op.url())
    await op.change('DELETE', 'users/alice')
    const again = await op.browser.submit(page, { user: 'alice' })
    expect(again.html).toMatch(/alice is no user of tenant default any more/)
    await op.change('PUT', 'users/alice', {})
    await op.change('PATCH', 'clients/web', { consent: true })
    const consent = await op.browser.submit(again, { user: 'alice' })
    expect(consent.html).toMatch(/<h1[^>]*>Allow access</)
    await op.change('DELETE', 'users/alice')
    const end = await op.browser.submit(consent, { action: 'allow' })
    expect(end.left?.searchParams.get('error')).toBe('access_denied')
  })

  it('signs out without an error', async () => {
    await using op = await start()
    const { id_token } = await op.tokens()
    await op.change('DELETE', 'users/alice')
    const params = new URLSearchParams({ id_token_hint: String(id_token), client_id: 'web' })
    const page = await op.browser.open(`${op.idp.issuer}/logout?${params}`)
    expect(page.status).toBe(200)
  })

  it('has all of it again once they are back', async () => {
    await using op = await start()
    const { refresh_token } = await op.tokens()
    const alice = (await op.change('GET', 'users/alice')).body
    await op.change('DELETE', 'users/alice')
    expect((await op.refresh(refresh_token)).status).toBe(400)
    await op.change('PUT', 'users/alice', alice)
    expect((await op.refresh(refresh_token)).status).toBe(200)
  })

  it('is not somebody who signed in without being declared', async () => {
    await using op = await start()
    const page = await op.browser.open(op.url())
    const { left } = await op.browser.submit(page, { username: 'stranger' })
    const code = left?.searchParams.get('code') ?? ''
    await op.change('DELETE', 'users/bob')
    const { body } = await redeem(op.idp.issuer, { code, redirect_uri: CALLBACK }, AUTH)
    expect((await get(`${op.idp.issuer}/userinfo`, bearer(body['access_token']))).status).toBe(200)
    expect((await op.refresh(body['refresh_token'])).status).toBe(200)
  })
})

describe('a user who was changed', () => {
  it('has the change in the next tokens, and at userinfo at once', async () => {
    await using op = await start()
    const { access_token, refresh_token } = await op.tokens()
    await op.change('PATCH', 'users/alice', { roles: ['admin'], email: 'new@example.test' })
    const about = await get(`${op.idp.issuer}/userinfo`, bearer(access_token))
    expect(about.body['email']).toBe('new@example.test')
    const { body } = await op.refresh(refresh_token)
    expect(decode(String(body['access_token'])).claims['roles']).toEqual(['admin'])
  })

  it('can be kept out', async () => {
    await using op = await start()
    const { refresh_token } = await op.tokens()
    await op.change('PATCH', 'users/alice', { status: 'disabled' })
    const { status, body } = await op.refresh(refresh_token)
    expect([status, body['error_description']]).toEqual([400, expect.stringMatching(/alice is disabled/)])
  })
})

describe('a client that was taken away', () => {
  it('has tokens that are worth nothing', async () => {
    await using op = await start()
    const { access_token, refresh_token } = await op.tokens()
    await op.change('DELETE', 'clients/web')
    const about = await get(`${op.idp.issuer}/userinfo`, bearer(access_token))
    expect([about.status, about.body['error']]).toEqual([401, 'invalid_token'])
    expect(await op.introspect(access_token)).toEqual({ active: false })
    const refused = await op.refresh(refresh_token)
    expect([refused.status, refused.body['error']]).toEqual([401, 'invalid_client'])
  })

  it('is refused where its user was about to sign in', async () => {
    await using op = await start()
    const page = await op.browser.open(op.url())
    await op.change('DELETE', 'clients/web')
    const end = await op.browser.submit(page, { user: 'alice' })
    expect([end.status, end.left]).toEqual([400, undefined])
    expect(end.html).toContain('client web is not declared')
    expect((await op.browser.open(op.url())).status).toBe(400)
  })

  it('does not keep its users from signing out', async () => {
    await using op = await start()
    await op.change('PATCH', 'clients/web', { backchannel_logout_uri: 'http://localhost:9/out' })
    const { id_token } = await op.tokens()
    await op.change('DELETE', 'clients/web')
    const params = new URLSearchParams({ id_token_hint: String(id_token) })
    const page = await op.browser.open(`${op.idp.issuer}/logout?${params}`)
    expect(page.status).toBeLessThan(500)
  })

  it('may not redeem a code where it lost its grant, and may again afterwards', async () => {
    await using op = await start()
    const code = await op.code()
    await op.change('PATCH', 'clients/web', { grant_types: ['client_credentials'] })
    const refused = await redeem(op.idp.issuer, { code, redirect_uri: CALLBACK }, AUTH)
    expect([refused.status, refused.body['error']]).toEqual([400, 'unauthorized_client'])
    await op.change('PATCH', 'clients/web', { grant_types: ['authorization_code'] })
    expect((await redeem(op.idp.issuer, { code, redirect_uri: CALLBACK }, AUTH)).status).toBe(200)
  })
})

describe('a resource that was taken away', () => {
  it('is refused as the target of a refresh', async () => {
    await using op = await start()
    const { left } = await signIn(op.browser, op.url({ resource: 'https://stock.test' }))
    const code = left?.searchParams.get('code') ?? ''
    const { body } = await redeem(op.idp.issuer, { code, redirect_uri: CALLBACK }, AUTH)
    expect(decode(String(body['access_token'])).claims['aud']).toBe('https://stock.test')
    expect((await op.change('DELETE', `resources/${encodeURIComponent('https://stock.test')}`)).status).toBe(
      204,
    )
    const refused = await op.refresh(body['refresh_token'])
    expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_target'])
  })
})
