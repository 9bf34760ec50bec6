/** A web application with a login, tested over HTTP: the provider is told who signs in next, so no page is shown. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertNoFindings, useIdp } from 'idp-double/node-test'
import { startApi } from '../app/api.mjs'
import { API, config } from '../app/config.mjs'
import { startShop } from '../app/server.mjs'

const used = useIdp(config)

/** The shop and its API, with the issuer of the test. */
async function open() {
  const { issuer } = used.sandbox
  const api = await startApi({ issuer, audience: API })
  const shop = await startShop({ issuer, clientId: 'shop', clientSecret: 'of the shop', api: api.url })
  return { url: shop.url, close: () => Promise.all([shop.close(), api.close()]) }
}

/** A browser of few words: it follows redirects and keeps the cookie of the shop. */
async function visit(url, cookie = '') {
  const answered = await fetch(url, { redirect: 'manual', headers: { cookie } })
  const set = answered.headers.getSetCookie().find((each) => each.startsWith('shop='))
  const now = set?.split(';')[0] ?? cookie
  const to = answered.headers.get('location')
  return to === null ? await answered.text() : await visit(new URL(to, url).href, now)
}

describe('the shop', () => {
  it('greets who signed in, and has the orders from the API', async () => {
    const shop = await open()
    await used.sandbox.nextLogin({ client: 'shop', user: 'alice' })
    const html = await visit(`${shop.url}/login`)
    assert.match(html, /<b id="name">Alice Liddell<\/b>/)
    assert.match(html, /an order of/)
    await assertNoFindings(used.sandbox, { severity: 'warning' })
    await shop.close()
  })

  it('says why when the user refuses', async () => {
    const shop = await open()
    await used.sandbox.nextLogin({ client: 'shop', deny: 'login' })
    assert.match(await visit(`${shop.url}/login`), /<p id="error">access_denied<\/p>/)
    await shop.close()
  })

  it('lets nobody in by an ID token of two hours ago', async () => {
    const shop = await open()
    await used.sandbox.nextLogin({ user: 'bob' })
    await used.sandbox.clock.advance('-2h')
    const html = await visit(`${shop.url}/login`)
    assert.match(html, /<p id="error">/)
    await shop.close()
  })

  it('asks for one token for each login', async () => {
    const shop = await open()
    await used.sandbox.nextLogin({ user: 'alice' })
    const [request] = await Promise.all([
      used.sandbox.nextRequest({ endpoint: 'token' }),
      visit(`${shop.url}/login`),
    ])
    assert.equal(request.grant_type, 'authorization_code')
    assert.equal((await used.sandbox.requests({ endpoint: 'token' })).length, 1)
    await shop.close()
  })
})
