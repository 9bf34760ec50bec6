import { describe, expect, it } from 'vitest'
import type { Browser, Page } from '../support/browser.ts'
import {
  BASIC,
  isLoginPage,
  REDIRECT_URI,
  RelyingParty,
  SECRET,
  startCodeFlow,
  startOp,
} from '../support/relying_party.ts'

const heading = ({ html }: Page) => /<h1[^>]*>([^<]*)<\/h1>/.exec(html)?.[1]?.trim()

const allow = (browser: Browser, page: Page) => browser.submit(page, { action: 'allow' })

/** What a second request comes to, in the browser of somebody who is signed in. */
async function secondly(params: Record<string, string>, client: Parameters<typeof startOp>[0] = {}) {
  await using op = await startCodeFlow(client)
  await op.rp.login()
  await op.idp.clock.advance('100s')
  const page = await op.rp.open(params)
  return page.left === undefined ? heading(page) : Object.keys(op.rp.received(page))[0]
}

describe('OpenID Connect Core §3.1.2.1 prompt', () => {
  it.each([
    ['none', 'code'],
    ['login', 'Sign in'],
    ['select_account', 'Sign in'],
    ['create', 'Sign in'],
    ['consent', 'Allow access'],
    ['login consent', 'Sign in'],
    ['none login', 'error'],
    ['consent none', 'error'],
  ])('prompt=%s brings who is signed in to: %s', async (prompt, outcome) => {
    expect(await secondly({ prompt })).toBe(outcome)
  })

  it('asks for a login and then for consent, with prompt=login consent', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    const login = await op.rp.open({ prompt: 'consent login' })
    expect(heading(login)).toBe('Sign in')
    const consent = await op.rp.pick(login)
    expect(heading(consent)).toBe('Allow access')
    expect(op.rp.received(await allow(op.rp.browser, consent))).toHaveProperty('code')
  })

  it('lets another user be chosen with prompt=select_account, who is then signed in', async () => {
    await using op = await startCodeFlow()
    const { id } = await op.rp.login()
    const other = await op.rp.taken(
      op.rp.received(await op.rp.pick(await op.rp.open({ prompt: 'select_account' }), 'bob')),
    )
    expect(other.id.sub).not.toBe(id.sub)
    expect(other.id['sid']).not.toBe(id['sid'])
    expect((await op.rp.login({ prompt: 'none' })).id.sub).toBe(other.id.sub)
  })

  it('keeps the session of a user who signs in again, with a later auth_time though no second passed', async () => {
    await using op = await startCodeFlow()
    const first = (await op.rp.login()).id
    const second = (await op.rp.login({ prompt: 'login' })).id
    expect([second.sub, second['sid']]).toEqual([first.sub, first['sid']])
    expect(Number(second['auth_time'])).toBeGreaterThan(Number(first['auth_time']))
  })

  it('offers a new account first with prompt=create, and takes any name, Initiating User Registration §4', async () => {
    await using op = await startCodeFlow()
    const page = await op.rp.open({ prompt: 'create' })
    expect(page.html).toContain('The application asks for a new account.')
    expect(page.html.indexOf('id="username"')).toBeLessThan(page.html.indexOf('id="user-alice"'))
    const answer = op.rp.received(await op.rp.browser.submit(page, { username: 'dave' }))
    const { id, access_token } = await op.rp.taken(answer)
    expect(id.sub).toMatch(/^[0-9a-f-]{36}$/)
    expect((await op.rp.userinfo(access_token)).body).toEqual({ sub: id.sub })
  })

  it.each([
    ['consent that was never given', { consent: true }, {}, 'consent_required'],
    ['a max_age that is over', {}, { max_age: '50' }, 'login_required'],
    ['a max_age of 0', {}, { max_age: '0' }, 'login_required'],
    ["the client's default_max_age that is over", { default_max_age: 50 }, {}, 'login_required'],
    [
      'an essential acr that the login has not',
      {},
      { claims: '{"id_token":{"acr":{"essential":true,"value":"2"}}}' },
      'login_required',
    ],
    [
      'another sub than that of who is signed in',
      {},
      { claims: '{"id_token":{"sub":{"value":"x"}}}' },
      'login_required',
    ],
  ])(
    'is an error with prompt=none where a page would be needed for %s',
    async (_what, client, params, error) => {
      await using op = await startCodeFlow(client)
      // Signs in; the consent page, if any, stays open.
      await op.rp.pick(await op.rp.open())
      await op.idp.clock.advance('100s')
      const page = await op.rp.open({ prompt: 'none', ...params })
      expect(page.left).toBeDefined()
      expect(op.rp.received(page)).toMatchObject({
        error,
        error_description: expect.stringMatching(/^prompt is none, but /),
      })
    },
  )
})

describe('OpenID Connect Core §3.1.2.1 max_age', () => {
  it.each([
    [{ max_age: '200' }, {}, 'code'],
    [{ max_age: '99' }, {}, 'Sign in'],
    [{ max_age: '1' }, {}, 'Sign in'],
    [{ max_age: '0' }, {}, 'Sign in'],
    [{ max_age: '9999999999' }, {}, 'code'],
    [{}, { default_max_age: 99 }, 'Sign in'],
    [{}, { default_max_age: 0 }, 'Sign in'],
    [{ max_age: '1000' }, { default_max_age: 99 }, 'code'],
    [{ max_age: '99' }, { default_max_age: 1000 }, 'Sign in'],
  ])('%o, with a client of %o, brings a login of 100 s ago to: %s', async (params, client, outcome) => {
    expect(await secondly(params, client)).toBe(outcome)
  })

  it('of 0 is content with a login that was made for the request, and asks again for the next', async () => {
    await using op = await startCodeFlow({ consent: true })
    for (const _ of [1, 2]) {
      const login = await op.rp.open({ max_age: '0' })
      expect(isLoginPage(login)).toBe(true)
      const next = await op.rp.pick(login)
      const answer = op.rp.received(next.left === undefined ? await allow(op.rp.browser, next) : next)
      expect((await op.rp.taken(answer)).id['auth_time']).toBeTypeOf('number')
    }
  })
})

describe.each(BASIC)('OpenID Connect Core §3.1.2.4 consent, by $mode', (flow) => {
  it('is asked for once, and again for a scope more, not for a scope less', async () => {
    await using idp = await startOp({ consent: true })
    const rp = new RelyingParty(idp.issuer, flow)
    const first = await rp.pick(await rp.open({ scope: 'openid email' }))
    expect(heading(first)).toBe('Allow access')
    expect(new URL(first.url).pathname).toBe('/consent')
    expect(rp.received(await allow(rp.browser, first))).toHaveProperty('code')
    expect(rp.received(await rp.open({ scope: 'openid email' }))).toHaveProperty('code')
    expect(rp.received(await rp.open({ scope: 'openid' }))).toHaveProperty('code')
    const more = await rp.open({ scope: 'openid email phone' })
    expect(heading(more)).toBe('Allow access')
    await allow(rp.browser, more)
    expect(rp.received(await rp.open({ scope: 'phone openid', prompt: 'none' }))).toHaveProperty('code')
  })
})

describe('OpenID Connect Core §3.1.2.4 consent', () => {
  it('is remembered for the user and the client, whatever browser, and for neither another user nor another client', async () => {
    const usual = { client_secret: SECRET, redirect_uris: [REDIRECT_URI], consent: true }
    const clients = ['client', 'client2'].map((client_id) => ({ client_id, ...usual }))
    await using op = await startCodeFlow({}, { clients })
    await op.rp.authorize()
    const again = new RelyingParty(op.idp.issuer, op.rp.flow)
    expect(again.received(await again.pick(await again.open()))).toHaveProperty('code')
    const bob = new RelyingParty(op.idp.issuer, op.rp.flow)
    expect(heading(await bob.pick(await bob.open(), 'bob'))).toBe('Allow access')
    const other = new RelyingParty(op.idp.issuer, op.rp.flow, 'client2')
    expect(heading(await other.pick(await other.open()))).toBe('Allow access')
  })

  it.each([
    { claims: JSON.stringify({ userinfo: { email: null } }) },
    { claims: JSON.stringify({ id_token: { email: null } }) },
    { resource: 'https://api.test' },
    { audience: 'https://api.test' },
  ])('is asked for again for what the page shows beside scopes: %j', async (more) => {
    await using op = await startCodeFlow({ consent: true, audience: 'https://api.test' })
    await op.rp.authorize()
    const page = await op.rp.open(more)
    expect(heading(page)).toBe('Allow access')
    expect(op.rp.received(await allow(op.rp.browser, page))).toHaveProperty('code')
    expect(op.rp.received(await op.rp.open({ ...more, prompt: 'none' }))).toHaveProperty('code')
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))).toHaveProperty('code')
  })

  it('is not remembered where it was denied, and what was allowed before stays allowed', async () => {
    await using op = await startCodeFlow({ consent: true })
    await op.rp.authorize({ scope: 'openid' })
    const page = await op.rp.open({ scope: 'openid email' })
    await op.rp.browser.submit(page, { action: 'deny' })
    expect(op.rp.received(await op.rp.open({ scope: 'openid email', prompt: 'none' }))['error']).toBe(
      'consent_required',
    )
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))).toHaveProperty('code')
  })

  it('shows who asks, what for, and where the answer goes', async () => {
    await using op = await startCodeFlow({ consent: true, client_name: 'Web <shop>' })
    const claims = JSON.stringify({ userinfo: { locale: null }, id_token: { zoneinfo: null } })
    const page = await op.rp.pick(await op.rp.open({ scope: 'openid email', claims }))
    for (const text of [
      'Web &lt;shop&gt;',
      'Alice Pleasance Liddell',
      'https://rp.test/callback',
      '<code>email</code>',
      '<code>locale</code>',
      '<code>zoneinfo</code>',
    ])
      expect(page.html).toContain(text)
  })

  it('gives nothing to a client whose user signed out in another tab meanwhile', async () => {
    await using op = await startCodeFlow({ consent: true })
    const { tokens } = await op.rp.login()
    const page = await op.rp.open({ prompt: 'consent' })
    await op.rp.browser.open(`${op.idp.issuer}/logout?id_token_hint=${String(tokens?.['id_token'])}`)
    expect(op.rp.received(await allow(op.rp.browser, page))['error']).toBe('login_required')
  })
})
