import { describe, expect, it } from 'vitest'
import { authorizeUrl, Browser } from '../support/browser.ts'
import { basic } from '../support/http.ts'
import { CALLBACK, CHALLENGE, type Judged, random, startJudged, WEB } from '../support/judged.ts'

const OTHER = basic('other', 'an0ther')

/** A login of its own: no value of it comes again. */
async function login(idp: Judged, more: Readonly<Record<string, string>> = {}) {
  const code_challenge_method = 'plain'
  const verifier = random()
  const code = await idp.code({ code_challenge: verifier, code_challenge_method, ...more })
  return await idp.redeem(code, { code_verifier: verifier })
}

const refresh = (idp: Judged, refresh_token: unknown, headers = WEB) =>
  idp.token({ grant_type: 'refresh_token', refresh_token: String(refresh_token) }, headers)

describe('RFC 6749 §4.1: how codes are redeemed', () => {
  it('finds a code that was redeemed twice', async () => {
    await using idp = await startJudged()
    const code = await idp.code()
    for (const status of [200, 400]) expect((await idp.redeem(code)).status).toBe(status)
    expect(idp.findings()).toMatchObject([{ id: 'code_used_twice', severity: 'error', requests: [3] }])
  })

  it('does not take for that a code whose user signed out meanwhile', async () => {
    await using idp = await startJudged()
    const browser = new Browser(idp.issuer)
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256', state: random() }
    const url = authorizeUrl(idp.issuer, { client_id: 'web', redirect_uri: CALLBACK, ...pkce })
    const { left } = await browser.open(url)
    const page = await browser.open(`${idp.issuer}/logout`)
    await browser.submit(page, { action: 'logout' })
    const { text, status } = await idp.redeem(left?.searchParams.get('code') ?? '')
    expect([status, text]).toEqual([400, expect.stringContaining('signed out')])
    expect(idp.findings()).toEqual([])
  })

  it('finds a code that came more than a minute after it was sent', async () => {
    await using idp = await startJudged({ lifetimes: { code: '10m' } })
    const same = { state: random() }
    const codes = [await idp.code(same), await idp.code(same)]
    idp.advance(60)
    await idp.redeem(codes[0] ?? '')
    expect(idp.findings()).toEqual([])
    idp.advance(60)
    expect((await idp.redeem(codes[1] ?? '')).status).toBe(200)
    const late = { id: 'code_redeemed_late', severity: 'warning', count: 1 }
    expect(idp.findings()).toContainEqual(expect.objectContaining(late))
  })

  it('finds a code that has expired', async () => {
    await using idp = await startJudged({ lifetimes: { code: '30s' } })
    const code = await idp.code()
    idp.advance(31)
    expect((await idp.redeem(code)).status).toBe(400)
    expect(idp.findings()).toMatchObject([
      { id: 'code_redeemed_late', text: 'a code was redeemed 31 s after it was sent' },
    ])
  })

  it('finds a code that another client redeems', async () => {
    await using idp = await startJudged()
    expect((await idp.redeem(await idp.code(), {}, OTHER)).status).toBe(400)
    expect(idp.findings()).toMatchObject([
      { id: 'code_of_other_client', severity: 'error', client_id: 'other' },
    ])
  })
})

describe('RFC 9700 §4.14: how refresh tokens are used', () => {
  it('finds one that is used after its rotation', async () => {
    await using idp = await startJudged()
    const { body } = await idp.redeem(await idp.code())
    for (const status of [200, 400]) expect((await refresh(idp, body['refresh_token'])).status).toBe(status)
    expect(idp.findings()).toMatchObject([{ id: 'refresh_token_reused', severity: 'error', count: 1 }])
  })

  it('says nothing of one that is used again and is not rotated', async () => {
    const web = { client_id: 'web', client_secret: 's3cret', redirect_uris: [CALLBACK] }
    await using idp = await startJudged({ clients: [{ ...web, refresh_token: { rotate: false } }] })
    const { body } = await idp.redeem(await idp.code())
    for (const status of [200, 200]) expect((await refresh(idp, body['refresh_token'])).status).toBe(status)
    expect(idp.findings()).toEqual([])
  })

  it('finds one that another client sends', async () => {
    await using idp = await startJudged()
    const { body } = await idp.redeem(await idp.code())
    expect((await refresh(idp, body['refresh_token'], OTHER)).status).toBe(400)
    expect(idp.findings()).toMatchObject([
      { id: 'refresh_token_of_other_client', severity: 'error', client_id: 'other' },
    ])
  })

  it('mentions offline_access of a client that sends its users to sign in again', async () => {
    await using idp = await startJudged()
    const offline = { scope: 'openid offline_access' }
    await login(idp, offline)
    idp.advance(3000)
    await login(idp, offline)
    expect(idp.ids()).toEqual(['pkce_plain'])
    idp.advance(3700)
    await login(idp, offline)
    expect(idp.findings()).toContainEqual(
      expect.objectContaining({ id: 'refresh_token_unused', severity: 'info', count: 1 }),
    )
  })

  it.each([
    ['refreshes', { scope: 'openid offline_access' }, true],
    ['did not ask for it', { scope: 'openid' }, false],
    ['has another user', { scope: 'openid offline_access', login_hint: 'bob' }, false],
  ])('does not mention it where the client %s', async (_, asked, refreshes) => {
    await using idp = await startJudged()
    const { body } = await login(idp, { scope: 'openid offline_access' })
    if (refreshes) expect((await refresh(idp, body['refresh_token'])).status).toBe(200)
    idp.advance(3700)
    await login(idp, asked)
    expect(idp.ids()).toEqual(['pkce_plain'])
  })
})
