import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import { Browser, idClaims } from '../support/browser.ts'
import { lastRequest, nextLogin, waiting } from '../support/next_login.ts'
import { isLoginPage, PROFILE, REDIRECT_URI, SECRET, startCodeFlow } from '../support/relying_party.ts'

const form = (consent = false) => startCodeFlow({ consent }, { login: { mode: 'form' } })
type Started = Awaited<ReturnType<typeof form>>

/** Whom the next request signs in, by the claims of the ID token. */
async function signedIn({ rp }: Started, params: Record<string, string> = {}) {
  return idClaims((await rp.redeem(rp.received(await rp.open(params)))).body)
}

describe('next-login: a user signs in without a page', () => {
  it('takes openid-client through the code flow at a provider that asks for passwords', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', client: 'client' })
    const execute = [client.allowInsecureRequests]
    const config = await client.discovery(new URL(op.idp.issuer), 'client', SECRET, undefined, { execute })
    const code_verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile',
      code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
      state,
    })
    const { left } = await new Browser(op.idp.issuer).open(url.href)
    const checks = { pkceCodeVerifier: code_verifier, expectedState: state }
    const tokens = await client.authorizationCodeGrant(config, left as URL, checks)
    const { access_token } = tokens
    const about = await client.fetchUserInfo(config, access_token, tokens.claims()?.sub ?? '')
    expect(about.name).toBe(PROFILE.name)
  })

  it('is used once: after it the login page comes again', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    expect((await signedIn(op))['amr']).toEqual(['pwd'])
    op.rp.browser.cookies.clear()
    expect(isLoginPage(await op.rp.open())).toBe(true)
    expect(await waiting(op.idp)).toEqual([])
  })

  it('begins a session as a login does, with auth_time now: the next request needs neither', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    const first = await signedIn(op)
    await op.idp.clock.advance('5m')
    const second = await signedIn(op)
    expect(second).toMatchObject({ sub: first['sub'], sid: first['sid'], auth_time: first['auth_time'] })
    await nextLogin(op.idp, { user: 'alice' })
    const third = await signedIn(op)
    expect(third['sid']).toBe(first['sid'])
    expect(Number(third['auth_time']) - Number(first['auth_time'])).toBeGreaterThanOrEqual(300)
  })

  it.each([{}, { prompt: 'login' }, { prompt: 'select_account' }, { prompt: 'none' }, { max_age: '0' }])(
    'signs in another user than the session has, with %j',
    async (params) => {
      await using op = await form()
      await nextLogin(op.idp, { user: 'alice' })
      const alice = await signedIn(op)
      await nextLogin(op.idp, { user: 'bob' })
      const bob = await signedIn(op, params as Record<string, string>)
      expect([bob['sub'] === alice['sub'], bob['sid'] === alice['sid']]).toEqual([false, false])
      expect((await signedIn(op))['sub']).toBe(bob['sub'])
    },
  )

  it('needs no session where prompt=none allows no page', async () => {
    await using op = await form()
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))).toMatchObject({ error: 'login_required' })
    await nextLogin(op.idp, { user: 'bob' })
    expect(await signedIn(op, { prompt: 'none' })).toHaveProperty('sub')
  })

  it.each(['picker', 'auto'] as const)('works in login.mode %s too', async (mode) => {
    await using op = await startCodeFlow({}, { login: { mode } })
    await nextLogin(op.idp, { user: 'bob' })
    expect((await signedIn(op))['amr']).toEqual(mode === 'picker' ? ['user'] : undefined)
    expect(await lastRequest(op.idp, 'authorization')).toMatchObject({ user: 'bob' })
  })

  it('leaves the consent page to a client that asks for consent', async () => {
    await using op = await form(true)
    await nextLogin(op.idp, { user: 'alice' })
    const page = await op.rp.open()
    expect(page.html).toContain('data-testid="allow"')
    const allowed = op.rp.received(await op.rp.browser.submit(page, { action: 'allow' }))
    expect(allowed).toHaveProperty('code')
    await nextLogin(op.idp, { user: 'bob' })
    const silent = op.rp.received(await op.rp.open({ prompt: 'none' }))
    expect(silent).toMatchObject({ error: 'consent_required' })
  })

  it('does not answer with a user whom the client did not mean', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    const { body } = await op.rp.redeem(op.rp.received(await op.rp.open()))
    await nextLogin(op.idp, { user: 'bob' })
    const answer = op.rp.received(await op.rp.open({ id_token_hint: String(body['id_token']) }))
    expect(answer).toMatchObject({ error: 'login_required' })
  })

  it('waits on where the request is wrong', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    expect((await op.rp.open({ redirect_uri: 'https://elsewhere.test/' })).status).toBe(400)
    expect(op.rp.received(await op.rp.open({ prompt: 'sometimes' }))).toHaveProperty('error')
    expect(await waiting(op.idp)).toEqual([{ user: 'alice' }])
    expect(await signedIn(op)).toHaveProperty('sub')
  })

  it.each([
    ['a HEAD', { method: 'HEAD' }],
    ['a browser that fetches ahead', { headers: { 'sec-purpose': 'prefetch' } }],
  ])('waits on at %s', async (_, sent) => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    const { status } = await fetch(op.rp.url(), { ...sent, redirect: 'manual' })
    expect([status, await waiting(op.idp)]).toEqual([303, [{ user: 'alice' }]])
  })

  it('is told in the record of the request', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    await op.rp.open()
    expect(await lastRequest(op.idp, 'authorization')).toMatchObject({
      outcome: 'ok',
      user: 'alice',
      directed: 'next-login: alice signs in',
    })
    await op.rp.open()
    expect(await lastRequest(op.idp, 'authorization')).not.toHaveProperty('directed')
  })
})
