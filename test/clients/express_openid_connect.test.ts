import express, { type ErrorRequestHandler } from 'express'
import { auth, type ConfigParams } from 'express-openid-connect'
import { MemoryStore } from 'express-session'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { type Application, type Browsers, browsersOf, listen, signInFrom } from '../support/application.ts'
import { Browser, type Page } from '../support/browser.ts'
import { launchChromium } from '../support/chromium.ts'

const CODE = {
  clientSecret: 's3cret',
  authorizationParams: { response_type: 'code', scope: 'openid email offline_access' },
}

const start = ({ url }: Application, more: { consent?: boolean } = {}) =>
  startIdp({
    clients: [
      {
        client_id: 'shop',
        client_secret: 's3cret',
        redirect_uris: [`${url}/callback`],
        post_logout_redirect_uris: [url],
        grant_types: ['authorization_code', 'implicit', 'refresh_token'],
        backchannel_logout_uri: `${url}/backchannel-logout`,
        ...more,
      },
    ],
    users: [{ username: 'alice', name: 'Alice Liddell', email: 'alice@example.test' }],
  })

/** An application as the library's manual has it: whoever is signed in sees what the library knows of them. */
function application(issuerBaseURL: string, { url: baseURL }: Application, more: ConfigParams = {}) {
  const app = express()
  const secret = 'of the application itself'
  app.use(auth({ issuerBaseURL, baseURL, clientID: 'shop', secret, authRequired: false, ...more }))
  app.get('/', ({ oidc }, response) => void response.json(oidc.user ?? null))
  app.get('/userinfo', async ({ oidc }, response) => void response.json(await oidc.fetchUserInfo()))
  app.get('/refresh', async ({ oidc }, response) => void response.json(await oidc.accessToken?.refresh()))
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ error: error.error ?? error.message })
  }
  return app.use(failed)
}

const shown = ({ html }: Page) => JSON.parse(html)

const logIn = async (app: Application, browsers: Browsers) =>
  signInFrom(await browsers.app.open(`${app.url}/login`), browsers)

describe('express-openid-connect', () => {
  it('signs a user in by an ID token that the browser posts, which is its default', async () => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app))
    const browsers = browsersOf(app, idp.issuer)
    const alice = { name: 'Alice Liddell', email: 'alice@example.test' }
    expect(shown(await logIn(app, browsers))).toMatchObject(alice)
    expect(shown(await browsers.app.open(app.url))).toMatchObject(alice)
    expect(shown(await new Browser(app.url).open(app.url))).toBeNull()
  })

  it('does so in Chromium too, where that form posts itself, and consent is asked for', async (context) => {
    await using chromium = await launchChromium(context)
    await using app = await listen()
    await using idp = await start(app, { consent: true })
    app.serve(application(idp.issuer, app, { idpLogout: true }))
    const page = await chromium.newPage()
    await page.goto(`${app.url}/login`)
    await page.getByTestId('user-alice').click()
    await page.getByTestId('allow').click()
    await page.waitForURL(`${app.url}/`)
    expect(await page.textContent('body')).toContain('Alice Liddell')
    await page.goto(`${app.url}/logout`)
    await page.waitForURL(`${app.url}/`)
    expect(await page.textContent('body')).toBe('null')
  })

  it('signs a user in by code, reads userinfo, and refreshes', async () => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app, CODE))
    const browsers = browsersOf(app, idp.issuer)
    const { sub } = shown(await logIn(app, browsers))
    expect(sub).toBeTypeOf('string')
    const read = async (path: string) => shown(await browsers.app.open(app.url + path))
    expect(await read('/userinfo')).toMatchObject({ sub, email: 'alice@example.test' })
    const [first, second] = [await read('/refresh'), await read('/refresh')]
    expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    expect(second.access_token).not.toBe(first.access_token)
  })

  it.each([
    ['a client secret that is wrong', { ...CODE, clientSecret: 'wrong' }, 'OAUTH_WWW_AUTHENTICATE_CHALLENGE'],
    ['nobody signed in', { authorizationParams: { prompt: 'none' } }, 'login_required'],
  ])('fails with %s', async (_what, more, error) => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app, more))
    const page = await logIn(app, browsersOf(app, idp.issuer))
    expect([page.status, shown(page)]).toEqual([400, { error }])
  })

  it('signs the user out at the provider too, and gets them back', async () => {
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer, app, { ...CODE, idpLogout: true }))
    const browsers = browsersOf(app, idp.issuer)
    await logIn(app, browsers)
    const { left } = await browsers.app.open(`${app.url}/logout`)
    expect((await browsers.provider.open(left?.href ?? '')).left?.href).toBe(`${app.url}/`)
    expect(shown(await browsers.app.open(app.url))).toBeNull()
    const { left: again } = await browsers.app.open(`${app.url}/login`)
    expect((await browsers.provider.open(again?.href ?? '')).html).toContain('<title>Sign in</title>')
  })

  it('hears from the provider that the user signed out elsewhere', async () => {
    await using app = await listen()
    await using idp = await start(app)
    const backchannelLogout = { store: new MemoryStore() as never }
    app.serve(application(idp.issuer, app, { ...CODE, idpLogout: true, backchannelLogout }))
    const here = browsersOf(app, idp.issuer)
    const there = { ...here, app: new Browser(app.url) }
    await logIn(app, here)
    await logIn(app, there)
    expect(shown(await here.app.open(app.url))).not.toBeNull()
    const { left } = await there.app.open(`${app.url}/logout`)
    await there.provider.open(left?.href ?? '')
    expect(shown(await here.app.open(app.url))).toBeNull()
  })
})
