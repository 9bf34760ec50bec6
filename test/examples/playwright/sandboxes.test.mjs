/** A shop and a sandbox for each test: its users, its time and its findings are nobody else's. */
import { test as base, expect, loginAs } from 'idp-double/playwright'
import { startApi } from '../app/api.mjs'
import { API } from '../app/config.mjs'
import { startShop } from '../app/server.mjs'

const test = base.extend({
  baseURL: async ({ sandbox }, use) => {
    const { issuer } = sandbox
    const api = await startApi({ issuer, audience: API })
    const shop = await startShop({ issuer, clientId: 'shop', clientSecret: 'of the shop', api: api.url })
    await use(shop.url)
    for (const each of [shop, api]) await each.close()
  },
})

test.use({ sandboxOptions: { users: [{ username: 'frank', name: 'Frank Poole', roles: ['buyer'] }] } })

test('frank signs in without a page, and nothing is wrong with it', async ({ page, sandbox }) => {
  await loginAs(page, 'frank', { url: '/login', client: 'shop', idp: sandbox })
  await expect(page.locator('#name')).toHaveText('Frank Poole')
  await expect(sandbox).toHaveNoFindings({ severity: 'warning' })
  expect(await sandbox.requests({ endpoint: 'token' })).toHaveLength(1)
})

test('frank confirms a second factor', async ({ page, sandbox }) => {
  await sandbox.nextLogin({ mfa: 'required' })
  await loginAs(page, 'frank', { url: '/login' })
  await expect(page.locator('#name')).toHaveText('Frank Poole')
  const [login] = await sandbox.requests({ endpoint: 'token' })
  expect(login.tokens.find(({ name }) => name === 'id_token').claims.amr).toContain('mfa')
})

test.describe('who asks for consent', () => {
  test.beforeEach(async ({ sandbox }) => {
    await sandbox.clients.patch('shop', { consent: true })
  })

  test('frank allows it behind the login page', async ({ page, sandbox }) => {
    await loginAs(page, 'frank', { url: '/login' })
    await expect(page.locator('#name')).toHaveText('Frank Poole')
    expect(await sandbox.requests({ endpoint: 'token' })).toHaveLength(1)
  })

  test('frank allows it where there is no login page', async ({ page, sandbox }) => {
    await loginAs(page, 'frank', { url: '/login', idp: sandbox })
    await expect(page.locator('#name')).toHaveText('Frank Poole')
  })
})

test('a request that the provider refuses is told with its reason, at once', async ({ page, sandbox }) => {
  await sandbox.clients.patch('shop', { redirect_uris: ['http://localhost/another'] })
  const refused = loginAs(page, 'frank', { url: '/login' })
  await expect(refused).rejects.toThrow(/^frank is not signed in: redirect_uri is .* register/)
})

test.describe('with passwords', () => {
  test.use({
    sandboxOptions: { login: { mode: 'form' }, users: [{ username: 'frank', password: 'monolith' }] },
  })

  test('frank types his, and hears when it is wrong', async ({ page, sandbox }) => {
    const wrong = loginAs(page, 'frank', { url: '/login', password: 'discovery' })
    await expect(wrong).rejects.toThrow(/^frank is not signed in: .*password/)
    await loginAs(page, 'frank', { url: '/login', password: 'monolith' })
    expect(await sandbox.sessions.list()).toMatchObject([{ user: 'frank' }])
  })
})

test('an ID token of two hours ago lets nobody in', async ({ page, sandbox }) => {
  await loginAs(page, 'frank', { url: '/login', idp: sandbox })
  await expect(page.locator('#orders')).toContainText('an order of')
  const { epoch } = await sandbox.clock.now()
  await sandbox.clock.set(epoch - 7200)
  await loginAs(page, 'frank', { url: '/login', idp: sandbox })
  await expect(page.locator('#error')).toBeVisible()
})
