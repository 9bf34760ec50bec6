/** A provider with a CA of its own, which the browser is told not to mind. */
import { startIdp } from 'idp-double'
import { test as base, expect } from 'idp-double/playwright'

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what the fixture needs
  secure: async ({}, use) => {
    const idp = await startIdp({
      server: { port: null, tls: {} },
      clients: [{ client_id: 'web', redirect_uris: ['http://localhost/'], require_pkce: false }],
      users: [{ username: 'grace' }],
    })
    await use(idp)
    await idp.stop()
  },
})

test.use({
  ignoreHTTPSErrors: true,
  storageState: async ({ secure, stateOf, baseURL }, use) => {
    const redirect_uri = `${baseURL}/`
    const asked = new URLSearchParams({
      client_id: 'web',
      response_type: 'code',
      scope: 'openid',
      redirect_uri,
    })
    await use(await stateOf('grace', { url: `${secure.issuer}/authorize?${asked}` }))
  },
})

test('a state is made there with the options of the test', async ({ context, secure }) => {
  expect(await secure.sessions.list()).toMatchObject([{ user: 'grace' }])
  const cookies = await context.cookies(secure.issuer)
  expect(cookies.map(({ name }) => name).join()).toMatch(/idp_double_session/)
})
