import { describe, expect, it } from 'vitest'
import { type StartOptions, startIdp } from '../../src/index.ts'
import { Browser, idClaims, type Page } from '../support/browser.ts'
import { get } from '../support/http.ts'
import { appNamed, byeOf, idTokenAt, isSignedIn, logoutUrl, USERS } from '../support/sign_out.ts'

const BYE = byeOf('app')
const framed = (client_id: string, frontchannel_logout_uri = `https://${client_id}.example/out`) =>
  appNamed(client_id, { frontchannel_logout_uri })
const start = (clients: StartOptions['clients']) => startIdp({ users: USERS, clients })

/** What the browser loads beside the page. */
const framesOn = ({ html }: Page) =>
  [...html.matchAll(/<iframe src="([^"]*)"/g)].map(([, src = '']) => new URL(src.replaceAll('&amp;', '&')))
const nextOn = ({ html }: Page) =>
  /id="continue"[^>]* href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')

describe('OpenID Connect Front-Channel Logout §3 OpenID Provider Logout Functionality', () => {
  it('is told in the metadata', async () => {
    await using idp = await start([])
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body).toMatchObject({
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    })
  })

  it('loads the logout URI of every client in the session in a frame, then goes back', async () => {
    await using idp = await start([framed('app'), framed('shop'), framed('other'), appNamed('plain')])
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    await idTokenAt(browser, { ...idp, client_id: 'shop' })
    await idTokenAt(browser, { ...idp, client_id: 'plain' })
    const params = { id_token_hint, post_logout_redirect_uri: BYE, state: 's-1' }
    const page = await browser.open(logoutUrl(idp.issuer, params))
    expect([page.status, page.left]).toEqual([200, undefined])
    expect(framesOn(page).map(({ origin }) => origin)).toEqual([
      'https://app.example',
      'https://shop.example',
    ])
    expect(nextOn(page)).toBe(`${BYE}?state=s-1`)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain(
      'frame-src https://app.example https://shop.example',
    )
    expect(await isSignedIn(browser, idp)).toBe(false)
  })

  it('forgets nobody where the person was asked first', async () => {
    await using idp = await start([framed('app')])
    const browser = new Browser(idp.url)
    await idTokenAt(browser, idp)
    const asked = await browser.open(logoutUrl(idp.issuer))
    expect(framesOn(asked)).toEqual([])
    const page = await browser.submit(asked, { action: 'logout' })
    expect(framesOn(page)).toHaveLength(1)
    expect(nextOn(page)).toBeUndefined()
  })

  it('loads no frame twice: the session has ended', async () => {
    await using idp = await start([framed('app')])
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const url = logoutUrl(idp.issuer, { id_token_hint, post_logout_redirect_uri: BYE })
    expect(framesOn(await browser.open(url))).toHaveLength(1)
    expect((await browser.open(url)).left?.href).toBe(BYE)
  })
})

describe('OpenID Connect Front-Channel Logout §2 Relying Party Logout Functionality', () => {
  it('says which session of which issuer in iss and sid, and nothing else', async () => {
    await using idp = await start([framed('app')])
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const [frame] = framesOn(await browser.open(logoutUrl(idp.issuer, { id_token_hint, state: 's' })))
    const { iss, sid } = idClaims({ id_token: id_token_hint })
    expect(`${frame?.origin}${frame?.pathname}`).toBe('https://app.example/out')
    expect([...(frame?.searchParams ?? [])]).toEqual([
      ['iss', iss],
      ['sid', sid],
    ])
    expect(iss).toBe(idp.issuer)
  })

  it('keeps the query that the URI was registered with', async () => {
    await using idp = await start([framed('app', 'https://app.example/out?a=b&c=%2F')])
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    const [frame] = framesOn(await browser.open(logoutUrl(idp.issuer, { id_token_hint })))
    expect(frame?.search).toMatch(/^\?a=b&c=%2F&iss=[^&]+&sid=[^&]+$/)
  })
})
