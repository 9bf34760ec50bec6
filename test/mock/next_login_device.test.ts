import { describe, expect, it } from 'vitest'
import { ask } from '../support/control_calls.ts'
import { BOX, Browser, begin, poll, startDevices } from '../support/device.ts'
import { decode } from '../support/http.ts'
import { lastRequest, nextLogin, waiting } from '../support/next_login.ts'

type Devices = Awaited<ReturnType<typeof startDevices>>

/** A device that waits, and what happens when its link is opened without anybody there. */
async function openLink(idp: Devices, headers: Record<string, string> = {}) {
  const { body } = await begin(idp.issuer, {}, BOX)
  const link = String(body['verification_uri_complete'])
  const page = await new Browser(idp.issuer).open(link, undefined, headers)
  return { page, poll: () => poll(idp.issuer, body['device_code'], {}, BOX) }
}

const modes = ['form', 'picker', 'auto'] as const

describe('next-login: a device whose verification URL is opened', () => {
  it.each(modes)('is let in by a named user in login.mode %s, without a page', async (mode) => {
    await using idp = await startDevices({ login: { mode } })
    await nextLogin(idp, { client: 'box', user: 'bob' })
    const device = await openLink(idp)
    expect(device.page.html).toContain('connected')
    expect(await lastRequest(idp, 'device')).toMatchObject({
      user: 'bob',
      directed: 'next-login: bob signs in',
    })
    const { status, body } = await device.poll()
    expect(status).toBe(200)
    const { items } = (await ask('GET', `${idp.url}/_mock/requests?endpoint=token`)).body as {
      items: { user: string }[]
    }
    expect(items.at(-1)?.user).toBe('bob')
    expect(decode(String(body['access_token'])).claims).toHaveProperty('sub')
  })

  it.each(['login', 'consent'] as const)('hears access_denied for deny: %s', async (deny) => {
    await using idp = await startDevices()
    await nextLogin(idp, { deny, ...(deny === 'consent' && { user: 'alice' }) })
    const device = await openLink(idp)
    expect((await device.poll()).body).toMatchObject({ error: 'access_denied' })
  })

  it('waits on where the error is for the person to read', async () => {
    await using idp = await startDevices()
    await nextLogin(idp, { error: 'temporarily_unavailable' })
    const device = await openLink(idp)
    expect([device.page.status, device.page.html.includes('temporarily_unavailable')]).toEqual([400, true])
    expect((await device.poll()).body).toMatchObject({ error: 'authorization_pending' })
  })

  it('shows the page of the second factor where that is required', async () => {
    await using idp = await startDevices()
    await nextLogin(idp, { user: 'alice', mfa: 'required' })
    const { body } = await begin(idp.issuer, {}, BOX)
    const browser = new Browser(idp.issuer)
    const page = await browser.open(String(body['verification_uri_complete']))
    expect(page.html).toContain('data-testid="confirm"')
    expect((await browser.submit(page, { action: 'confirm' })).html).toContain('connected')
    expect((await poll(idp.issuer, body['device_code'], {}, BOX)).status).toBe(200)
  })

  it('asks for consent where the client does', async () => {
    const grant_types = ['urn:ietf:params:oauth:grant-type:device_code' as const]
    const clients = [{ client_id: 'box', client_secret: 's3cret', grant_types, consent: true }]
    await using idp = await startDevices({ clients })
    await nextLogin(idp, { user: 'alice' })
    const device = await openLink(idp)
    expect(device.page.html).toContain('data-testid="allow"')
  })

  it('is asked for its code as ever where nothing was said of its client', async () => {
    await using idp = await startDevices()
    await nextLogin(idp, { client: 'tv', user: 'bob' })
    const device = await openLink(idp)
    expect(device.page.html).toContain('Connect a device')
    expect(await waiting(idp)).toHaveLength(1)
    expect((await device.poll()).body).toMatchObject({ error: 'authorization_pending' })
  })

  it('is not let in by a browser that only fetches ahead', async () => {
    await using idp = await startDevices()
    await nextLogin(idp, { user: 'bob' })
    const device = await openLink(idp, { 'sec-purpose': 'prefetch' })
    expect((await device.poll()).body).toMatchObject({ error: 'authorization_pending' })
    expect(await waiting(idp)).toHaveLength(1)
  })

  it('counts wrong codes in links as those that are typed', async () => {
    await using idp = await startDevices()
    // So many are let through in a minute: it must not turn meanwhile.
    await idp.clock.freeze()
    await nextLogin(idp, { user: 'bob' })
    const guess = () => fetch(`${idp.issuer}/device?user_code=BBBB-BBBB`)
    const statuses = await Promise.all(Array.from({ length: 105 }, async () => (await guess()).status))
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
  })
})
