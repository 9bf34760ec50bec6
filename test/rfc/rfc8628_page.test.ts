import { describe, expect, it } from 'vitest'
import { hiddenFields } from '../support/browser.ts'
import { Browser, begin, decide, poll, startDevices, typeCode } from '../support/device.ts'
import { claimsOf } from '../support/token.ts'

const QUESTION = /<h1[^>]*>Allow this device\?</
const LOGIN = /<h1[^>]*>Sign in</

describe('RFC 8628 §3.3 User Interaction', () => {
  it('asks for the code, then who it is, then whether this device may, by its code and client', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, { scope: 'openid read' })
    const browser = new Browser(idp.issuer)
    const first = await browser.open(String(body['verification_uri']))
    expect(first.html).toContain('Type the code that the device shows')
    const login = await browser.submit(first, { user_code: String(body['user_code']) })
    expect(login.html).toMatch(LOGIN)
    const question = await browser.submit(login, { user: 'alice' })
    expect(question.html).toMatch(QUESTION)
    for (const text of [String(body['user_code']), 'Living room', 'Alice', 'read'])
      expect(question.html).toContain(text)
    const done = await browser.submit(question, { action: 'allow' })
    expect([done.status, done.left]).toEqual([200, undefined])
    expect(done.html).toContain('Device connected')
  })

  it('asks who is signed in already only whether the device may, each time anew', async () => {
    await using idp = await startDevices()
    const browser = new Browser(idp.issuer)
    await decide((await begin(idp.issuer)).body, { browser })
    const { body } = await begin(idp.issuer)
    const page = await browser.open(String(body['verification_uri']))
    const question = await browser.submit(page, { user_code: String(body['user_code']) })
    expect(question.html).toMatch(QUESTION)
  })

  it('needs no cookies', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    await decide(body, { browser: new Browser(idp.issuer, { keepsCookies: false }) })
    expect((await poll(idp.issuer, body['device_code'])).status).toBe(200)
  })

  it('forgets a code that was decided about', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const browser = new Browser(idp.issuer)
    await decide(body, { browser })
    const page = await browser.open(String(body['verification_uri']))
    const again = await browser.submit(page, { user_code: String(body['user_code']) })
    expect([again.status, again.headers.get('x-mock-reason')]).toEqual([400, 'device.user_code'])
  })

  it('tells who comes too late, and the device as well', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const browser = new Browser(idp.issuer)
    const question = await typeCode(browser, body['verification_uri'], body['user_code'])
    await idp.clock.advance('10m')
    const late = await browser.submit(question, { action: 'allow' })
    expect([late.status, late.headers.get('x-mock-reason')]).toEqual([400, 'device.user_code'])
    expect((await poll(idp.issuer, body['device_code'])).body['error']).toBe('expired_token')
  })

  it('does not decide for who signed out meanwhile', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const browser = new Browser(idp.issuer)
    const question = await typeCode(browser, body['verification_uri'], body['user_code'])
    await browser.submit(await browser.open(`${idp.issuer}/logout`), { action: 'logout' })
    const refused = await browser.submit(question, { action: 'allow' })
    expect([refused.status, refused.headers.get('x-mock-reason')]).toEqual([400, 'login.required'])
    expect((await poll(idp.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
  })
})

describe('RFC 8628 §3.3.1 verification_uri_complete', () => {
  it('fills the code in, for the person to confirm', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const browser = new Browser(idp.issuer)
    const page = await browser.open(String(body['verification_uri_complete']))
    expect(page.html).toContain(`value="${String(body['user_code'])}"`)
    expect((await poll(idp.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
    expect((await browser.submit(page, { user_code: String(body['user_code']) })).html).toMatch(LOGIN)
  })
})

describe('RFC 8628 §6.1 User Code Recommendations', () => {
  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['without its dash', (code: string) => code.replace('-', '')],
    ['with blanks and other dashes', (code: string) => ` ${code.replace('-', ' – ')}. `],
  ])('takes a code %s', async (_how, typed) => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    await decide({ ...body, user_code: typed(String(body['user_code'])) })
    expect((await poll(idp.issuer, body['device_code'])).status).toBe(200)
  })
})

describe('RFC 8628 §5.1 User Code Brute Forcing', () => {
  it('shows the page again for a wrong code, with what was typed', async () => {
    await using idp = await startDevices()
    const browser = new Browser(idp.issuer)
    const page = await browser.open(`${idp.issuer}/device`)
    const again = await browser.submit(page, { user_code: '"><b>BCDF-GHJK' })
    expect([again.status, again.headers.get('x-mock-reason')]).toEqual([400, 'device.user_code'])
    expect(again.html).toContain('No device waits with this code')
    expect(again.html).toContain('value="&quot;&gt;&lt;b&gt;BCDF-GHJK"')
    expect((await browser.submit(page, { user_code: '' })).status).toBe(400)
  })

  it('takes a hundred wrong codes a minute, and then no other until the minute is over', async () => {
    await using idp = await startDevices()
    await idp.clock.advance(`${60 - (Math.floor(Date.now() / 1000) % 60)}s`)
    const browser = new Browser(idp.issuer)
    const page = await browser.open(`${idp.issuer}/device`)
    const { body } = await begin(idp.issuer)
    const right = () => browser.submit(page, { user_code: String(body['user_code']) })
    for (let wrong = 0; wrong < 99; wrong += 1) await browser.submit(page, { user_code: `BBBB-${wrong}` })
    // Right ones do not count.
    for (let asked = 0; asked < 3; asked += 1) expect((await right()).html).toMatch(LOGIN)
    await browser.submit(page, { user_code: 'BBBB-CCCC' })
    expect([(await right()).status, (await right()).headers.get('x-mock-reason')]).toEqual([
      429,
      'device.guessed',
    ])
    await idp.clock.advance('1m')
    expect((await right()).html).toMatch(LOGIN)
  })
})

describe('RFC 8628 §5.4 Remote Phishing', () => {
  it.each([
    ['an Origin of another site', { origin: 'https://evil.test' }],
    ['a browser that says so', { 'sec-fetch-site': 'cross-site' }],
  ])('takes no code and no decision from %s', async (_what, headers) => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const browser = new Browser(idp.issuer)
    const typed = await browser.open(
      `${idp.issuer}/device`,
      { user_code: String(body['user_code']) },
      headers as Record<string, string>,
    )
    expect([typed.status, typed.headers.get('x-mock-reason')]).toEqual([400, 'interaction.cross_site'])
    const question = await typeCode(browser, body['verification_uri'], body['user_code'])
    const form = { ...hiddenFields(question), action: 'allow' }
    const decided = await browser.open(question.url, form, headers as Record<string, string>)
    expect([decided.status, decided.headers.get('x-mock-reason')]).toEqual([400, 'interaction.cross_site'])
    expect((await poll(idp.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
  })
})

describe('login.mode auto', () => {
  it('lets a device in without a page where the link is opened, as the first user or whom login_hint names', async () => {
    await using idp = await startDevices({ login: { mode: 'auto' } })
    const subs = new Set()
    for (const form of [{}, { login_hint: 'bob' }]) {
      const { body } = await begin(idp.issuer, { scope: 'openid', ...form } as Record<string, string>)
      const page = await new Browser(idp.issuer).open(String(body['verification_uri_complete']))
      expect(page.html).toContain('Device connected')
      subs.add(claimsOf(await poll(idp.issuer, body['device_code']))['sub'])
    }
    expect(subs.size).toBe(2)
  })

  it.each<[what: string, init: RequestInit]>([
    ['HEAD, which is to change nothing', { method: 'HEAD' }],
    ['a browser that fetches ahead', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['an older one that does', { headers: { purpose: 'prefetch' } }],
    ['an image on another site', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' } }],
  ])('lets none in for %s', async (_what, init) => {
    await using idp = await startDevices({ login: { mode: 'auto' } })
    const { body } = await begin(idp.issuer)
    const shown = await fetch(String(body['verification_uri_complete']), init)
    expect([shown.status, await shown.text()]).toEqual([200, expect.not.stringContaining('connected')])
    expect((await poll(idp.issuer, body['device_code'])).body['error']).toBe('authorization_pending')
  })

  it('lets it in where another site links to the page', async () => {
    await using idp = await startDevices({ login: { mode: 'auto' } })
    const { body } = await begin(idp.issuer)
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
    await fetch(String(body['verification_uri_complete']), { headers })
    expect((await poll(idp.issuer, body['device_code'])).status).toBe(200)
  })

  it('asks where the client wants consent', async () => {
    const client = {
      client_id: 'tv',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
      consent: true,
    }
    await using idp = await startDevices({ login: { mode: 'auto' }, clients: [client] })
    const { body } = await begin(idp.issuer)
    const browser = new Browser(idp.issuer)
    const page = await browser.open(String(body['verification_uri_complete']))
    expect(page.html).toMatch(QUESTION)
    await browser.submit(page, { action: 'allow' })
    expect((await poll(idp.issuer, body['device_code'])).status).toBe(200)
  })
})
