import { describe, expect, it } from 'vitest'
import { createRequestLog } from '../../src/logging/request_log.ts'
import { Browser } from '../support/browser.ts'
import { startLogged } from '../support/logged.ts'
import {
  appNamed,
  byeOf,
  idTokenAt,
  inAndOut,
  isSignedIn,
  startReceiver,
  USERS,
} from '../support/sign_out.ts'

const BYE = byeOf('app')

describe('OpenID Connect Back-Channel Logout §2.8 Back-Channel Logout Response', () => {
  it.each([200, 204])('takes %d for a success, whatever the answer holds', async (status) => {
    await using app = await startReceiver(status, status === 200 ? 'x'.repeat(100_000) : '')
    const client = appNamed('app', { backchannel_logout_uri: app.url })
    await using idp = await startLogged({ users: USERS, clients: [client] })
    await inAndOut(idp.issuer)
    expect(idp.entries.at(-1)?.exchange.trouble).toBeUndefined()
  })

  it.each([
    [400, '{"error":"invalid_request"}'],
    [404, ''],
    [501, ''],
    [302, ''],
  ])('ends the session also where a client answers %d, and notes which and why', async (status, body) => {
    await using app = await startReceiver(status, body)
    await using shop = await startReceiver()
    const clients = [
      appNamed('app', { backchannel_logout_uri: app.url }),
      appNamed('shop', { backchannel_logout_uri: shop.url }),
    ]
    await using idp = await startLogged({ users: USERS, clients })
    const browser = new Browser(idp.issuer)
    await idTokenAt(browser, { ...idp, client_id: 'shop' })
    const { page } = await inAndOut(idp.issuer, { browser })
    expect(page.left?.href).toBe(BYE)
    expect(shop.requests).toHaveLength(1)
    expect(app.requests).toHaveLength(1)
    expect(await isSignedIn(browser, idp)).toBe(false)
    const troubles = idp.entries.flatMap(({ exchange }) => exchange.trouble ?? [])
    expect(troubles).toEqual([
      `client app was not told of the logout: ${app.url}: status ${status}, expected 200 or 204 (redirects are not followed)`,
    ])
  })

  it.each([
    ['nobody listens', 'http://127.0.0.1:9/told', 'ECONNREFUSED'],
    [
      'its address is that of a metadata service',
      'http://169.254.169.254/told',
      'metadata addresses are refused',
    ],
  ])('ends the session also where %s', async (_what, backchannel_logout_uri, why) => {
    await using idp = await startLogged({
      users: USERS,
      clients: [appNamed('app', { backchannel_logout_uri })],
    })
    const { page } = await inAndOut(idp.issuer)
    expect(page.left?.href).toBe(BYE)
    expect(idp.entries.at(-1)?.exchange.trouble?.join()).toContain(why)
  })

  it.each(['text', 'json'] as const)('shows the trouble in the log as %s', async (format) => {
    const backchannel_logout_uri = 'http://127.0.0.1:9/told'
    await using idp = await startLogged({
      users: USERS,
      clients: [appNamed('app', { backchannel_logout_uri })],
    })
    await inAndOut(idp.issuer)
    let out = ''
    const write = (text: string) => {
      out += text
    }
    const log = createRequestLog({
      format,
      quiet: false,
      secrets: { revision: 0, all: () => ['s3cret-of-app'] },
      out: write,
      err: write,
    })
    for (const entry of idp.entries) log.request(entry)
    log.flush()
    expect(out).toContain(
      format === 'text' ? '\n  trouble: client app was not told' : '"trouble":["client app was not told',
    )
    expect(out).not.toMatch(/eyJ/)
  })
})
