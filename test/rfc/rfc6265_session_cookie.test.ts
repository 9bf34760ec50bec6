import { describe, expect, it } from 'vitest'
import { Browser, hiddenFields, type Page } from '../support/browser.ts'
import {
  parametersAt,
  REDIRECT_URI,
  RelyingParty,
  SECRET,
  startCodeFlow,
  startOp,
} from '../support/relying_party.ts'

/** The one Set-Cookie header of a login by form, and its attributes in the order of the alphabet. */
async function cookieOf(page: Page, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ ...hiddenFields(page), user: 'alice' })
  const response = await fetch(page.url, { method: 'POST', body, headers, redirect: 'manual' })
  const [header = '', ...others] = response.headers.getSetCookie()
  expect([response.status, others]).toEqual([303, []])
  const [pair = '', ...attributes] = header.split('; ')
  return { pair, attributes: attributes.sort() }
}

const HTTP = ['HttpOnly', 'Max-Age=28800', 'Path=/', 'SameSite=Lax']
const HTTPS = ['HttpOnly', 'Max-Age=28800', 'Path=/', 'SameSite=None', 'Secure']
const OVER_TLS = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'op.test' }

describe('RFC 6265 §4.1.2 attributes of the session cookie', () => {
  it('are HttpOnly and SameSite=Lax over http: with None, and without Secure, browsers would drop it', async () => {
    await using op = await startCodeFlow()
    const { pair, attributes } = await cookieOf(await op.rp.open())
    expect(pair).toMatch(/^idp_double_session\.default\.\d+=[\w-]{32}\.[\w-]{43}$/)
    expect(attributes).toEqual(HTTP)
  })

  it('are Secure and SameSite=None over https, which a trusted proxy tells', async () => {
    await using op = await startCodeFlow({}, { server: { trust_proxy: true } })
    const headers = { ...OVER_TLS, origin: 'https://op.test' }
    expect((await cookieOf(await op.rp.open(), headers)).attributes).toEqual(HTTPS)
    expect((await cookieOf(await op.rp.open())).attributes).toEqual(HTTP)
  })

  it('do not follow a proxy that is not trusted', async () => {
    await using op = await startCodeFlow()
    expect((await cookieOf(await op.rp.open(), OVER_TLS)).attributes).toEqual(HTTP)
  })

  it('have the Max-Age of lifetimes.session', async () => {
    await using op = await startCodeFlow({}, { lifetimes: { session: '10m' } })
    expect((await cookieOf(await op.rp.open())).attributes).toContain('Max-Age=600')
  })

  it('are set at a login of somebody else, not at each answer, and not where nobody signed in', async () => {
    await using op = await startCodeFlow()
    const login = await op.rp.open()
    expect(login.headers.get('set-cookie')).toBeNull()
    const signedIn = await op.rp.pick(login)
    expect(signedIn.headers.get('set-cookie')).not.toBeNull()
    expect((await op.rp.open()).headers.get('set-cookie')).toBeNull()
    const again = await op.rp.pick(await op.rp.open({ prompt: 'login' }))
    expect(again.headers.get('set-cookie')).toBeNull()
    const before = [...op.rp.browser.cookies.values()]
    await op.rp.pick(await op.rp.open({ prompt: 'login' }), 'bob')
    expect([...op.rp.browser.cookies.values()]).not.toEqual(before)
  })
})

describe('RFC 6265 §8.5 Weak Confidentiality: cookies know no ports', () => {
  it('so two providers of one machine do not overwrite each other', async () => {
    await using one = await startCodeFlow()
    await using two = await startCodeFlow()
    const names = await Promise.all(
      [one, two].map(async ({ rp }) => (await cookieOf(await rp.open())).pair.split('=')[0]),
    )
    expect(new Set(names).size).toBe(2)
  })
})

describe('RFC 6265 §8 what a cookie is worth', () => {
  const silently = async (rp: RelyingParty) =>
    parametersAt(await rp.open({ prompt: 'none' }))['query']?.['error'] ?? 'signed in'

  it('is a session until it ends, and nothing afterwards', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    await op.idp.clock.advance('7h')
    expect(await silently(op.rp)).toBe('signed in')
    await op.idp.clock.advance('1h')
    expect(await silently(op.rp)).toBe('login_required')
  })

  it('is nothing without its secret: the sid of an ID token opens no session', async () => {
    await using op = await startCodeFlow()
    const { id } = await op.rp.login()
    const [[name, value] = ['', '']] = [...op.rp.browser.cookies]
    expect(value.startsWith(`${String(id['sid'])}.`)).toBe(true)
    const secret = value.slice(value.indexOf('.') + 1)
    for (const forged of [
      String(id['sid']),
      `${String(id['sid'])}.`,
      `${String(id['sid'])}.${secret.slice(1)}`,
      `x.${secret}`,
      '.',
      '',
      '%',
      '"',
      'x'.repeat(4000),
    ]) {
      const thief = new RelyingParty(op.idp.issuer, op.rp.flow)
      thief.browser.cookies.set(name, forged)
      expect(await silently(thief)).toBe('login_required')
    }
    const same = new RelyingParty(op.idp.issuer, op.rp.flow)
    same.browser.cookies.set(name, value)
    expect(await silently(same)).toBe('signed in')
  })

  it('is nothing at another provider, and nothing at another tenant', async () => {
    const clients = [{ client_id: 'client', client_secret: SECRET, redirect_uris: [REDIRECT_URI] }]
    const tenant = { clients, users: [{ username: 'alice' }] }
    const config = { users: [], clients: [], login: {}, tenants: { one: tenant, two: tenant } }
    await using idp = await startOp({}, config)
    await using elsewhere = await startOp({}, config)
    const one = new RelyingParty(idp.issuerOf('one'), { type: 'code', mode: 'default' })
    await one.login()
    expect(await silently(one)).toBe('signed in')
    for (const issuer of [idp.issuerOf('two'), elsewhere.issuerOf('one')]) {
      const other = new RelyingParty(issuer, one.flow)
      for (const [name, value] of one.browser.cookies) {
        other.browser.cookies.set(name, value)
        other.browser.cookies.set(name.replace('.one', '.two'), value)
      }
      expect(await silently(other)).toBe('login_required')
    }
  })

  it('is found among other cookies, the first of several', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    const [[name, value] = ['', '']] = [...op.rp.browser.cookies]
    const asking = async (cookie: string) => {
      const page = await new Browser(op.idp.issuer).open(op.rp.url({ prompt: 'none' }), undefined, { cookie })
      return parametersAt(page)['query']?.['error'] ?? 'signed in'
    }
    expect(await asking(`a=b; ${name}=${value}; ${name}=old`)).toBe('signed in')
    expect(await asking(`x${name}=${value}; ${name}=old`)).toBe('login_required')
  })
})

describe('a browser that keeps no cookies', () => {
  it('can sign in and allow, for the page itself knows what waits', async () => {
    await using op = await startCodeFlow({ consent: true })
    const browser = new Browser(op.idp.issuer, { keepsCookies: false })
    const login = await browser.open(op.rp.url({ prompt: 'login consent' }))
    const consent = await browser.submit(login, { user: 'alice' })
    expect(consent.html).toContain('Allow access</h1>')
    const answer = op.rp.received(await browser.submit(consent, { action: 'allow' }))
    expect((await op.rp.taken(answer)).id.sub).toMatch(/./)
    expect(browser.cookies.size).toBe(0)
    expect(op.rp.received(await browser.open(op.rp.url({ prompt: 'none' })))['error']).toBe('login_required')
  })

  it('signs in anew each time, and a wrong password before does not matter', async () => {
    await using op = await startCodeFlow(
      {},
      { login: { mode: 'form' }, users: [{ username: 'alice', password: 'right' }] },
    )
    const browser = new Browser(op.idp.issuer, { keepsCookies: false })
    for (const _ of [1, 2]) {
      const login = await browser.open(op.rp.url())
      const again = await browser.submit(login, { username: 'alice', password: 'wrong' })
      expect(again.status).toBe(400)
      const page = await browser.submit(again, { username: 'alice', password: 'right' })
      expect(op.rp.received(page)).toHaveProperty('code')
    }
  })
})
