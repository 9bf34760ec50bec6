import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { type StartOptions, startIdp } from '../../src/index.ts'
import { Browser, idClaims, type Page } from '../support/browser.ts'
import { startLogged } from '../support/logged.ts'
import { appNamed, byeOf, idTokenAt, isSignedIn, logoutUrl, problemOn, USERS } from '../support/sign_out.ts'

const BYE = byeOf('app')
const APP = appNamed('app', { audience: 'https://api.example' })
const start = (more: StartOptions = {}) =>
  startIdp({
    users: USERS,
    clients: [APP, appNamed('shop')],
    resources: [{ identifier: 'https://api.example' }],
    ...more,
  })
type Idp = Awaited<ReturnType<typeof start>>

/** What everybody sees who sends a wrong request: a page that asks, and after it one that leads nowhere. */
async function expectAskedAndKept(browser: Browser, asked: Page, idp: Pick<Idp, 'issuer'>) {
  expect([asked.status, asked.left]).toEqual([400, undefined])
  expect(asked.html).toContain('<h1>Sign out</h1>')
  expect(problemOn(asked)).toContain('You will not be sent back to the application.')
  expect(await isSignedIn(browser, idp)).toBe(true)
  const page = await browser.submit(asked, { action: 'logout' })
  expect([page.status, page.left]).toEqual([200, undefined])
  expect(page.html).not.toContain('id="continue"')
  expect(await isSignedIn(browser, idp)).toBe(false)
}

/** A token that is nearly the ID token of the client. */
type Forge = (claims: Record<string, unknown>, idp: Idp, id_token: string) => string | Promise<string>
const FORGED: Readonly<Record<string, Forge>> = {
  'no JWT': () => 'alice',
  'one without a signature (alg none)': (claims) => new UnsecuredJWT(claims).encode(),
  'one signed by another key': async (claims) => {
    const { privateKey } = await generateKeyPair('RS256')
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
  },
  'one signed by the secret of another client': (claims) => hmac(claims, 's3cret-of-shop'),
  'one with other claims under the signature': (claims, _idp, id_token) => {
    const [header, , signature] = id_token.split('.')
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url')
    return `${header}.${changed}.${signature}`
  },
  'an access token': (_claims, idp) => idp.token({ client: 'app' }),
  'one of another issuer': (claims) => hmac({ ...claims, iss: 'https://other.example' }, 's3cret-of-app'),
  'half of one': (_claims, _idp, id_token) => id_token.slice(0, id_token.length / 2),
}

function hmac(claims: Record<string, unknown>, secret: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
}

describe('OpenID Connect RP-Initiated Logout §4 Validation', () => {
  it.each(Object.keys(FORGED))('does not believe an id_token_hint that is %s', async (name) => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    const id_token = await idTokenAt(browser, idp)
    const id_token_hint = (await FORGED[name]?.(idClaims({ id_token }), idp, id_token)) ?? ''
    const params = { id_token_hint, client_id: 'app', post_logout_redirect_uri: BYE }
    const asked = await browser.open(logoutUrl(idp.issuer, params))
    expect(problemOn(asked)).toMatch(/^The id_token_hint is not valid: id_token_hint is not an ID token/)
    expect(asked.headers.get('x-mock-reason')).toBe('logout.hint_invalid')
    await expectAskedAndKept(browser, asked, idp)
  })

  it('believes a hint that the secret of its own client signed', async () => {
    await using idp = await start({ clients: [{ ...APP, id_token_signed_response_alg: 'HS256' }] })
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const params = { id_token_hint, post_logout_redirect_uri: BYE }
    expect((await browser.open(logoutUrl(idp.issuer, params))).left?.href).toBe(BYE)
  })

  it('does not believe the hint of another tenant, though both sign with the same key', async () => {
    const tenant = { users: USERS, clients: [APP] }
    await using idp = await startIdp({ tenants: { one: tenant, two: tenant } })
    const id_token_hint = await idTokenAt(new Browser(idp.url), { issuer: idp.issuerOf('one') })
    const page = await new Browser(idp.url).open(logoutUrl(idp.issuerOf('two'), { id_token_hint }))
    expect([page.status, page.headers.get('x-mock-reason')]).toEqual([400, 'logout.hint_invalid'])
  })

  it('refuses a hint that was issued to another client than client_id', async () => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const params = { id_token_hint, client_id: 'shop', post_logout_redirect_uri: byeOf('shop') }
    const asked = await browser.open(logoutUrl(idp.issuer, params))
    expect(problemOn(asked)).toMatch(
      /^The id_token_hint is of another client: .* client app, client_id is shop;/,
    )
    await expectAskedAndKept(browser, asked, idp)
  })

  it('does not believe a client that signs by its own secret for another one', async () => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    const claims = idClaims({ id_token: await idTokenAt(browser, idp) })
    const id_token_hint = await hmac({ ...claims, aud: ['shop', 'app'] }, 's3cret-of-shop')
    const asked = await browser.open(logoutUrl(idp.issuer, { id_token_hint, client_id: 'app' }))
    expect(problemOn(asked)).toContain('the secret of client app did not make its HS256 signature')
    await expectAskedAndKept(browser, asked, idp)
  })

  it('refuses a client_id that is unknown', async () => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    await idTokenAt(browser, idp)
    const asked = await browser.open(logoutUrl(idp.issuer, { client_id: 'nobody' }))
    expect(problemOn(asked)).toMatch(/^The client is unknown: client nobody is not declared .* app or shop/)
    await expectAskedAndKept(browser, asked, idp)
  })

  it.each(['id_token_hint', 'post_logout_redirect_uri', 'client_id', 'state'])(
    'refuses %s twice with a page',
    async (name) => {
      await using idp = await start()
      const page = await new Browser(idp.url).open(`${idp.issuer}/logout?${name}=a&${name}=b`)
      expect([page.status, page.headers.get('x-mock-reason')]).toEqual([400, 'param.duplicated'])
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    },
  )
})

describe('OpenID Connect RP-Initiated Logout §3 Redirection to RP After Logout', () => {
  it.each([
    `${BYE}?foo=bar`,
    `${BYE}/`,
    `${BYE}#`,
    'https://app.example/',
    'https://APP.example/bye',
    'https://app.example:443/bye',
    'http://app.example/bye',
    'https://app.example/by%65',
    'https://app.example/callback',
    byeOf('shop'),
    'http://localhost:3000/bye',
    'javascript:alert(1)',
    '//evil.example',
    '/login',
  ])('does not lead to %s, which the client has not registered', async (uri) => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const asked = await browser.open(logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: uri }))
    expect(problemOn(asked)).toMatch(/^The post-logout redirect URI is not registered: /)
    expect(asked.headers.get('x-mock-reason')).toBe('logout.redirect_uri')
    await expectAskedAndKept(browser, asked, idp)
  })

  it('leads nowhere where nothing says which client registered the address', async () => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    await idTokenAt(browser, idp)
    const asked = await browser.open(logoutUrl(idp.issuer, { post_logout_redirect_uri: BYE, state: 's' }))
    expect(problemOn(asked)).toContain('send id_token_hint or client_id too')
    await expectAskedAndKept(browser, asked, idp)
  })

  it('ends the session that a good hint names though the address is wrong, also without cookies', async () => {
    await using idp = await start()
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const cookieless = new Browser(idp.url, { keepsCookies: false })
    const params = { id_token_hint, post_logout_redirect_uri: 'https://evil.example/' }
    const asked = await cookieless.open(logoutUrl(idp.issuer, params))
    expect(asked.html).toContain('Alice Liddell')
    expect((await cookieless.submit(asked, { action: 'logout' })).left).toBeUndefined()
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it.each(['warn', 'lax'] as const)(
    'leads to any place on this machine where the check is %s, and nowhere else',
    async (level) => {
      await using idp = await startLogged({
        users: USERS,
        clients: [APP],
        strictness: { post_logout_redirect_uri: level },
      })
      const browser = new Browser(idp.issuer)
      for (const uri of ['http://localhost:3000/bye', 'https://127.0.0.1/', 'http://[::1]:1/a?b=c']) {
        const id_token_hint = await idTokenAt(browser, idp)
        const page = await browser.open(
          logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: uri }),
        )
        expect(page.left?.href).toBe(uri)
        expect(idp.notes()).toMatchObject([{ level, check: 'post_logout_redirect_uri' }])
      }
      for (const uri of [
        'https://evil.example/',
        'http://localhost.evil.example/',
        'http://localhost@evil.example/',
        'app:/localhost',
      ]) {
        const id_token_hint = await idTokenAt(browser, idp)
        const asked = await browser.open(
          logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: uri }),
        )
        await expectAskedAndKept(browser, asked, idp)
      }
    },
  )

  it('asks first where the check is relaxed and nothing says which client it is', async () => {
    await using idp = await start({ strictness: 'lax' })
    const browser = new Browser(idp.url)
    await idTokenAt(browser, idp)
    const uri = 'http://localhost:3000/bye'
    const asked = await browser.open(logoutUrl(idp.issuer, { post_logout_redirect_uri: uri, state: 's' }))
    expect(problemOn(asked)).toBeUndefined()
    expect((await browser.submit(asked, { action: 'logout' })).left?.href).toBe(`${uri}?state=s`)
  })
})
