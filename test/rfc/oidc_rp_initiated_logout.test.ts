import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { Browser, idClaims } from '../support/browser.ts'
import { get } from '../support/http.ts'
import { appNamed, byeOf, idTokenAt, isSignedIn, logoutUrl, problemOn, USERS } from '../support/sign_out.ts'

const BYE = byeOf('app')
const start = (more: object = {}) =>
  startIdp({ users: USERS, clients: [appNamed('app'), appNamed('shop')], ...more })

/** A browser where alice signed in at a client, and the ID token that the client got. */
async function signedIn(issuer: string, options: ConstructorParameters<typeof Browser>[1] = {}) {
  const browser = new Browser(issuer, options)
  return { browser, id_token_hint: await idTokenAt(browser, { issuer }) }
}

describe('OpenID Connect RP-Initiated Logout §2.1 OpenID Provider Discovery Metadata', () => {
  it('tells where browsers sign out', async () => {
    await using idp = await start({ server: { public_url: 'https://login.example.test' } })
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body['end_session_endpoint']).toBe('https://login.example.test/logout')
  })
})

describe('OpenID Connect RP-Initiated Logout §2 RP-Initiated Logout', () => {
  it.each(['GET', 'POST'])(
    'ends the session at once by %s where a hint shows that the client knows it',
    async (method) => {
      await using idp = await start()
      const { browser, id_token_hint } = await signedIn(idp.issuer)
      expect(await isSignedIn(browser, idp)).toBe(true)
      const params = { id_token_hint, client_id: 'app', post_logout_redirect_uri: BYE, state: 's-1' }
      const page =
        method === 'GET'
          ? await browser.open(logoutUrl(idp.issuer, params))
          : await browser.open(`${idp.issuer}/logout`, params)
      expect([page.status, page.left?.href]).toEqual([303, `${BYE}?state=s-1`])
      expect(page.headers.get('cache-control')).toBe('no-store')
      expect(browser.cookies.size).toBe(0)
      expect(await isSignedIn(browser, idp)).toBe(false)
    },
  )

  it('takes a hint that has expired', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    await idp.clock.advance('2h')
    const page = await browser.open(logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: BYE }))
    expect(page.left?.href).toBe(BYE)
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('ends the session of every client in the browser', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    await idTokenAt(browser, { ...idp, client_id: 'shop' })
    await browser.open(logoutUrl(idp.issuer, { id_token_hint }))
    expect(await isSignedIn(browser, { ...idp, client_id: 'shop' })).toBe(false)
  })

  it.each([
    ['nothing', {}],
    ['state alone', { state: 's-1' }],
    ['ui_locales and logout_hint', { ui_locales: 'fi en', logout_hint: 'alice' }],
  ])('asks the person where the request has %s, and then ends the session', async (_what, params) => {
    await using idp = await start()
    const { browser } = await signedIn(idp.issuer)
    const asked = await browser.open(logoutUrl(idp.issuer, params))
    expect(asked.status).toBe(200)
    expect(asked.url).toContain('/logout/confirm?interaction=')
    expect(asked.html).toContain('Alice Liddell')
    expect(problemOn(asked)).toBeUndefined()
    expect(await isSignedIn(browser, idp)).toBe(true)
    const page = await browser.submit(asked, { action: 'logout' })
    expect([page.status, page.left]).toEqual([200, undefined])
    expect(page.html).toContain('<h1>You are signed out</h1>')
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('leaves the person signed in who says so', async () => {
    await using idp = await start()
    const { browser } = await signedIn(idp.issuer)
    const asked = await browser.open(
      logoutUrl(idp.issuer, { client_id: 'app', post_logout_redirect_uri: BYE }),
    )
    const page = await browser.submit(asked, { action: 'stay' })
    expect([page.status, page.left]).toEqual([200, undefined])
    expect(page.html).toContain('<h1>You are still signed in</h1>')
    expect(await isSignedIn(browser, idp)).toBe(true)
  })

  it('asks first where client_id alone says who sends the person, then goes back to that client', async () => {
    await using idp = await start()
    const { browser } = await signedIn(idp.issuer)
    const params = { client_id: 'app', post_logout_redirect_uri: BYE, state: 's-1' }
    const asked = await browser.open(logoutUrl(idp.issuer, params))
    expect(asked.left).toBeUndefined()
    expect((await browser.submit(asked, { action: 'logout' })).left?.href).toBe(`${BYE}?state=s-1`)
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('asks where the hint is about another user than the one signed in, and then ends both sessions', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    const before = new Browser(idp.url)
    for (const [name, value] of browser.cookies) before.cookies.set(name, value)
    browser.cookies.clear()
    await idTokenAt(browser, { ...idp, user: 'bob' })
    const params = { id_token_hint, post_logout_redirect_uri: BYE }
    const asked = await browser.open(logoutUrl(idp.issuer, params))
    expect(asked.left).toBeUndefined()
    expect(asked.html).toContain('bob')
    expect(await isSignedIn(before, idp)).toBe(true)
    expect((await browser.submit(asked, { action: 'logout' })).left?.href).toBe(BYE)
    expect(await isSignedIn(browser, idp)).toBe(false)
    expect(await isSignedIn(before, idp)).toBe(false)
  })

  it('does not ask where the hint is of an earlier session of the same user', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    await idp.clock.advance('9h')
    const later = await idTokenAt(browser, idp)
    expect(idClaims({ id_token: later })['sid']).not.toBe(idClaims({ id_token: id_token_hint })['sid'])
    await browser.open(logoutUrl(idp.issuer, { id_token_hint }))
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('knows a user by the subject that only this client knows', async () => {
    await using idp = await start({ clients: [appNamed('app', { subject_type: 'pairwise' as const })] })
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    await idp.clock.advance('9h')
    await idTokenAt(browser, idp)
    const page = await browser.open(logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: BYE }))
    expect(page.left?.href).toBe(BYE)
  })

  it('finds the session by the hint where the browser sends no cookie', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    const cookieless = new Browser(idp.url, { keepsCookies: false })
    const params = { id_token_hint, post_logout_redirect_uri: BYE }
    expect((await cookieless.open(logoutUrl(idp.issuer, params))).left?.href).toBe(BYE)
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('sends the person back also where the session has ended already', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    const url = logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: BYE })
    expect((await browser.open(url)).left?.href).toBe(BYE)
    expect((await browser.open(url)).left?.href).toBe(BYE)
  })

  it('takes the form of its own page only, and once', async () => {
    await using idp = await start()
    const { browser } = await signedIn(idp.issuer)
    const fields = {
      interaction:
        new URL((await browser.open(logoutUrl(idp.issuer))).url).searchParams.get('interaction') ?? '',
      action: 'logout',
    }
    const confirm = `${idp.issuer}/logout/confirm`
    const foreign = await browser.open(confirm, fields, { origin: 'https://evil.example' })
    expect([foreign.status, foreign.headers.get('x-mock-reason')]).toEqual([400, 'interaction.cross_site'])
    expect(await isSignedIn(browser, idp)).toBe(true)
    expect((await browser.open(confirm, fields)).status).toBe(200)
    const again = await browser.open(confirm, fields)
    expect([again.status, again.headers.get('x-mock-reason')]).toEqual([400, 'interaction.unknown'])
  })

  it.each([{}, { server: { base_path: '/idp' } }, { tenants: { one: { users: USERS } } }])(
    'leads to the page that asks by a relative address: %j',
    async (config) => {
      await using idp = await startIdp(config)
      const response = await fetch(`${idp.issuer}/logout`, { redirect: 'manual' })
      expect([response.status, response.headers.get('cache-control')]).toEqual([303, 'no-store'])
      expect(response.headers.get('location')).toMatch(/^logout\/confirm\?interaction=[\w-]+$/)
    },
  )
})

describe('OpenID Connect RP-Initiated Logout §3 Redirection to RP After Logout', () => {
  it.each([
    ['https://app.example/bye?from=idp', 's', 'https://app.example/bye?from=idp&state=s'],
    ['com.example.app:/bye', 's', 'com.example.app:/bye?state=s'],
    [
      'https://app.example/bye',
      'a&b=c#d é\r\n+',
      'https://app.example/bye?state=a%26b%3Dc%23d+%C3%A9%0D%0A%2B',
    ],
    ['https://app.example/bye', 'x'.repeat(128), `https://app.example/bye?state=${'x'.repeat(128)}`],
  ])('leads to %s with state %j and nothing else', async (uri, state, expected) => {
    await using idp = await start({ clients: [appNamed('app', { post_logout_redirect_uris: [uri] })] })
    const { id_token_hint } = await signedIn(idp.issuer)
    const params = { id_token_hint, post_logout_redirect_uri: uri, state }
    const response = await fetch(logoutUrl(idp.issuer, params), { redirect: 'manual' })
    expect(response.headers.get('location')).toBe(expected)
  })

  it('shows a page where no address is asked for, though one is registered', async () => {
    await using idp = await start()
    const { browser, id_token_hint } = await signedIn(idp.issuer)
    const page = await browser.open(logoutUrl(idp.issuer, { id_token_hint, state: 's' }))
    expect([page.status, page.left]).toEqual([200, undefined])
    expect(page.html).toContain('<h1>You are signed out</h1>')
    expect(page.html).not.toContain(BYE)
  })
})
