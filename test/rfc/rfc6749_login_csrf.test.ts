import { describe, expect, it } from 'vitest'
import { hiddenFields, type Page } from '../support/browser.ts'
import {
  isLoginPage,
  REDIRECT_URI,
  RelyingParty,
  SECRET,
  startCodeFlow,
  startOp,
} from '../support/relying_party.ts'

const shown = ({ status, left, html }: Page) => ({
  status,
  left,
  title: /<h1[^>]*>([^<]*)<\/h1>/.exec(html)?.[1]?.trim(),
})

const CROSS_SITE = { status: 400, left: undefined, title: 'This form came from another site' }
const NO_LONGER = { status: 400, left: undefined, title: 'This page is no longer valid' }

describe('RFC 6749 §10.12 Cross-Site Request Forgery: a form of the provider that another site sends', () => {
  it.each([
    ['an Origin of another site', { origin: 'https://evil.test' }],
    ['an Origin of another port', { origin: 'http://localhost:1' }],
    ['an Origin of null, which no page of ours has', { origin: 'null' }],
    ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site same-site', { 'sec-fetch-site': 'same-site' }],
  ])('is refused with a page, and the login can go on: %s', async (_what, headers) => {
    await using op = await startCodeFlow()
    const login = await op.rp.open()
    const form = { ...hiddenFields(login), user: 'alice' }
    const page = await op.rp.browser.open(login.url, form, headers as Record<string, string>)
    expect(shown(page)).toEqual(CROSS_SITE)
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(op.rp.received(await op.rp.pick(login))).toHaveProperty('code')
  })

  it('is refused on the consent page too', async () => {
    await using op = await startCodeFlow({ consent: true })
    const consent = await op.rp.pick(await op.rp.open())
    const form = { ...hiddenFields(consent), action: 'allow' }
    expect(shown(await op.rp.browser.open(consent.url, form, { origin: 'https://evil.test' }))).toEqual(
      CROSS_SITE,
    )
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))['error']).toBe('consent_required')
  })

  it.each([
    ['neither header, as programs have it', {}],
    ['Sec-Fetch-Site same-origin', { 'sec-fetch-site': 'same-origin' }],
    ['Sec-Fetch-Site none', { 'sec-fetch-site': 'none' }],
  ])('is taken with %s', async (_what, headers) => {
    await using op = await startCodeFlow()
    const login = await op.rp.open()
    const form = { ...hiddenFields(login), user: 'alice' }
    const page = await op.rp.browser.open(login.url, form, headers as Record<string, string>)
    expect(op.rp.received(page)).toHaveProperty('code')
  })

  it.each([
    ['server.public_url', { server: { public_url: 'https://front.test/auth' } }, 'https://front.test'],
    ['issuer.url', { issuer: { url: 'https://issuer.test' } }, 'https://issuer.test'],
  ])('is taken from the origin of %s, behind whatever proxy', async (_what, config, origin) => {
    await using idp = await startOp({}, config)
    const rp = new RelyingParty(`http://localhost:${new URL(idp.url).port}`, {
      type: 'code',
      mode: 'default',
    })
    const login = await rp.open()
    const form = { ...hiddenFields(login), user: 'alice' }
    expect((await rp.browser.open(login.url, form, { origin })).left?.searchParams.has('code')).toBe(true)
  })
})

describe('a page of the provider that is no longer valid', () => {
  it('says so, and sends nobody anywhere: a form that was sent before', async () => {
    await using op = await startCodeFlow()
    const login = await op.rp.open()
    expect(op.rp.received(await op.rp.pick(login))).toHaveProperty('code')
    expect(shown(await op.rp.pick(login))).toEqual(NO_LONGER)
    expect(shown(await op.rp.browser.open(login.url))).toEqual(NO_LONGER)
  })

  it('is one that was denied, too', async () => {
    await using op = await startCodeFlow({ consent: true })
    const consent = await op.rp.pick(await op.rp.open())
    await op.rp.browser.submit(consent, { action: 'deny' })
    expect(shown(await op.rp.browser.submit(consent, { action: 'allow' }))).toEqual(NO_LONGER)
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))['error']).toBe('consent_required')
  })

  it('is one that was left open for more than an hour', async () => {
    await using op = await startCodeFlow()
    const login = await op.rp.open()
    await op.idp.clock.advance('59m')
    expect(isLoginPage(await op.rp.browser.open(login.url))).toBe(true)
    await op.idp.clock.advance('1m')
    expect(shown(await op.rp.pick(login))).toEqual(NO_LONGER)
  })

  it.each(['', '?interaction=', '?interaction=unknown', '?interaction=x&interaction=y'])(
    'is one that never was: %j',
    async (query) => {
      await using op = await startCodeFlow()
      for (const path of ['login', 'consent']) {
        expect(shown(await op.rp.browser.open(`${op.idp.issuer}/${path}${query}`))).toEqual(NO_LONGER)
        expect(
          shown(
            await op.rp.browser.open(`${op.idp.issuer}/${path}${query}`, {
              interaction: 'x',
              user: 'alice',
              action: 'allow',
            }),
          ),
        ).toEqual(NO_LONGER)
      }
    },
  )

  it('is a login page at the address of the consent page, and the other way round', async () => {
    await using op = await startCodeFlow({ consent: true })
    const login = await op.rp.open()
    const form = { ...hiddenFields(login), action: 'allow' }
    expect(shown(await op.rp.browser.open(login.url.replace('/login', '/consent')))).toEqual(NO_LONGER)
    expect(shown(await op.rp.browser.open(`${op.idp.issuer}/consent`, form))).toEqual(NO_LONGER)
  })

  it('is a page of another tenant', async () => {
    const clients = [{ client_id: 'client', client_secret: SECRET, redirect_uris: [REDIRECT_URI] }]
    const tenant = { clients, users: [{ username: 'alice' }] }
    await using idp = await startOp(
      {},
      { users: [], clients: [], login: {}, tenants: { one: tenant, two: tenant } },
    )
    const rp = new RelyingParty(idp.issuerOf('one'), { type: 'code', mode: 'default' })
    const login = await rp.open()
    expect(shown(await rp.browser.open(login.url.replace('/one/', '/two/')))).toEqual(NO_LONGER)
  })

  it('keeps what was begun in two tabs apart, in whatever order they end', async () => {
    await using op = await startCodeFlow()
    const first = await op.rp.open({ state: 'first' })
    const second = await op.rp.open({ state: 'second' })
    const states = []
    for (const page of [second, first]) states.push((await op.rp.pick(page)).left?.searchParams.get('state'))
    expect(states).toEqual(['second', 'first'])
  })
})
