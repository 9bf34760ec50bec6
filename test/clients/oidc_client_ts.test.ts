/** A single-page application in a real browser: everything that it fetches of the provider is of another origin. */
import { createRequire } from 'node:module'
import path from 'node:path'
import express from 'express'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { type Application, listen } from '../support/application.ts'
import { launchChromium } from '../support/chromium.ts'

const require = createRequire(import.meta.url)

const start = ({ url }: Application, grant_types = ['authorization_code']) =>
  startIdp({
    clients: [
      {
        client_id: 'spa',
        redirect_uris: [`${url}/callback`],
        post_logout_redirect_uris: [`${url}/`],
        grant_types,
      },
    ],
    users: [
      { username: 'alice', name: 'Alice Liddell', email: 'alice@example.test' },
      { username: 'bob', name: 'Bob' },
    ],
  })

/** Shows who is signed in, and verifies the ID token with the keys of the provider, which the library leaves out. */
const script = (authority: string) => `
  import { createRemoteJWKSet, jwtVerify } from '/jose/index.js'
  const manager = new oidc.UserManager({
    authority: '${authority}',
    client_id: 'spa',
    redirect_uri: location.origin + '/callback',
    post_logout_redirect_uri: location.origin + '/',
    scope: 'openid profile email',
    loadUserInfo: true,
    automaticSilentRenew: false,
  })
  const output = document.querySelector('output')
  async function show(user) {
    if (user === null) return (output.value = 'nobody')
    const keys = createRemoteJWKSet(new URL(await manager.metadataService.getKeysEndpoint()))
    const { payload } = await jwtVerify(user.id_token, keys, { issuer: '${authority}', audience: 'spa' })
    const { name, email } = user.profile
    output.value = JSON.stringify({ name, email, sub: payload.sub, access_token: user.access_token })
  }
  const tell = (error) => { output.value = String(error) }
  for (const button of document.querySelectorAll('button'))
    button.onclick = () => {
      output.value = ''
      manager[button.id]().then((user) => user && show(user)).catch(tell)
    }
  const arrived = location.pathname === '/callback' ? manager.signinCallback() : Promise.resolve()
  arrived.then(() => manager.getUser()).then(show).catch(tell)
`

function application(authority: string) {
  const buttons = ['signinRedirect', 'signinPopup', 'signinSilent', 'signoutRedirect']
  const html = `<!DOCTYPE html><title>Shop</title>
    ${buttons.map((id) => `<button id="${id}">${id}</button>`).join('')}<output></output>
    <script src="/oidc/oidc-client-ts.min.js"></script><script type="module">${script(authority)}</script>`
  const app = express()
  app.use('/jose', express.static(path.dirname(require.resolve('jose'))))
  app.use('/oidc', express.static(path.resolve(require.resolve('oidc-client-ts'), '../../browser')))
  return app.get(['/', '/callback'], (_request, response) => void response.type('html').send(html))
}

/** What the application shows, once it does. */
const output = async (page: Page) => (await page.locator('output:not(:empty)').textContent()) ?? ''
const user = async (page: Page) => JSON.parse(await output(page))

describe('oidc-client-ts in Chromium', () => {
  it('signs in who is picked, renews in a frame without a page, and signs out', async (context) => {
    await using chromium = await launchChromium(context)
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer))
    const page = await chromium.newPage()
    await page.goto(app.url)
    expect(await output(page)).toBe('nobody')
    await page.click('#signinRedirect')
    await page.getByTestId('user-alice').click()
    const first = await user(page)
    expect(first).toMatchObject({ name: 'Alice Liddell', email: 'alice@example.test' })
    const framed = page.waitForRequest((request) => request.url().includes('prompt=none'))
    await page.click('#signinSilent')
    expect((await framed).frame().parentFrame()).toBe(page.mainFrame())
    const second = await user(page)
    expect(second).toMatchObject({ sub: first.sub, name: 'Alice Liddell' })
    expect(second.access_token).not.toBe(first.access_token)
    await page.click('#signoutRedirect')
    await page.waitForURL(`${app.url}/`)
    expect(await output(page)).toBe('nobody')
    await page.click('#signinSilent')
    expect(await output(page)).toContain('nobody is signed in')
  })

  it('renews with a refresh token', async (context) => {
    await using chromium = await launchChromium(context)
    await using app = await listen()
    await using idp = await start(app, ['authorization_code', 'refresh_token'])
    app.serve(application(idp.issuer))
    const page = await chromium.newPage()
    await page.goto(app.url)
    await page.click('#signinRedirect')
    await page.getByTestId('user-bob').click()
    const tokens = [(await user(page)).access_token]
    for (const _again of [1, 2]) {
      const posted = page.waitForRequest(`${idp.issuer}/token`)
      await page.click('#signinSilent')
      expect((await posted).postData()).toContain('grant_type=refresh_token')
      tokens.push((await user(page)).access_token)
    }
    expect(new Set(tokens).size).toBe(3)
  })

  it('signs in within a popup, and hears that the user denied', async (context) => {
    await using chromium = await launchChromium(context)
    await using app = await listen()
    await using idp = await start(app)
    app.serve(application(idp.issuer))
    const page = await chromium.newPage()
    await page.goto(app.url)
    const decide = async (testId: string) => {
      const opened = page.waitForEvent('popup')
      await page.click('#signinPopup')
      await (await opened).getByTestId(testId).click()
    }
    await decide('deny')
    expect(await output(page)).toContain('the user chose Deny on the login page')
    await decide('user-alice')
    expect(await user(page)).toMatchObject({ name: 'Alice Liddell' })
  })
})
