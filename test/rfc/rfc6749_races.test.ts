/** What may be used once is used once, however many try at the same moment and however slow the store is. */
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { answerAt, authorizeUrl, Browser, hiddenFields, signIn } from '../support/browser.ts'
import { basic, get, post } from '../support/http.ts'
import { resolved } from '../support/logged.ts'
import { postMany, tally } from '../support/post_many.ts'
import { makeTenant, serve } from '../support/serve.ts'
import { SlowStore } from '../support/slow_store.ts'
import { bearer } from '../support/token.ts'

const WEB = ['web', 's3cret-of-web'] as const
const REDIRECT = 'https://app.test/cb'
const KEYS = createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], { slot: 'races' })
const grant_types = ['authorization_code', 'refresh_token']

/** A provider whose store takes a while, and one that keeps everything at hand. */
async function start(store: 'slow' | 'memory' = 'slow') {
  const client = { client_secret: WEB[1], redirect_uris: [REDIRECT], grant_types }
  const config = await resolved({
    clients: [
      { ...client, client_id: WEB[0] },
      { ...client, client_id: 'opaque', access_token: { format: 'opaque' } },
    ],
    users: [{ username: 'alice' }],
  })
  const clock = createClock()
  const parts = store === 'slow' ? { clock, store: new SlowStore(clock) } : { clock }
  return await serve(config, [makeTenant(config.tenants[0]!, { ...parts, keys: KEYS })])
}

async function codeOf(url: string, client_id: string = WEB[0]): Promise<string> {
  const browser = new Browser(url)
  const page = await signIn(browser, authorizeUrl(url, { client_id, redirect_uri: REDIRECT }))
  return answerAt(page).get('code') ?? ''
}

const codeForm = (code: string) => ({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })
const refreshForm = (refresh_token: unknown) => ({
  grant_type: 'refresh_token',
  refresh_token: String(refresh_token),
})

/** What the one success gave. */
function granted(came: readonly { readonly status: number; readonly text: string }[]) {
  const { text = '{}' } = came.find(({ status }) => status === 200) ?? {}
  return JSON.parse(text) as { access_token: string; refresh_token: string }
}

/** Nothing of what a token answer gave works any more. */
async function expectRevoked(url: string, { access_token, refresh_token }: ReturnType<typeof granted>) {
  for (const token of [access_token, refresh_token]) {
    const { body } = await post(`${url}/introspect`, { token }, basic(...WEB))
    expect(body).toEqual({ active: false })
  }
  expect((await get(`${url}/userinfo`, bearer(access_token))).status).toBe(401)
  const refreshed = await post(`${url}/token`, refreshForm(refresh_token), basic(...WEB))
  expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
}

describe('RFC 6749 §4.1.2 a code MUST NOT be used more than once', () => {
  it('gives tokens to exactly one of 10,000 who redeem it at once, and revokes these', async () => {
    await using provider = await start()
    const { url } = provider
    const form = codeForm(await codeOf(url))
    const came = await postMany(`${url}/token`, { form, headers: basic(...WEB), times: 10_000 })
    expect(tally(came)).toEqual({ 200: 1, '400 invalid_grant': 9_999 })
    await expectRevoked(url, granted(came))
  }, 120_000)

  it('is the same for each of 40 codes, fifty redeeming each, opaque tokens or not', async () => {
    await using provider = await start('memory')
    const { url } = provider
    for (const client_id of Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? WEB[0] : 'opaque'))) {
      const headers = basic(client_id, WEB[1])
      const form = codeForm(await codeOf(url, client_id))
      const came = await postMany(`${url}/token`, { form, headers, times: 50 })
      expect(tally(came)).toEqual({ 200: 1, '400 invalid_grant': 49 })
      const token = granted(came).access_token
      expect((await post(`${url}/introspect`, { token }, headers)).body).toEqual({ active: false })
    }
  })

  it('leaves the code to its client while a thousand others try it', async () => {
    await using provider = await start()
    const { url } = provider
    const form = codeForm(await codeOf(url))
    const [others, own] = await Promise.all([
      postMany(`${url}/token`, { form, headers: basic('opaque', WEB[1]), times: 1_000 }),
      postMany(`${url}/token`, { form, headers: basic(...WEB), times: 1 }),
    ])
    expect([tally(others), tally(own)]).toEqual([{ '400 invalid_grant': 1_000 }, { 200: 1 }])
    const { access_token: token } = granted(own)
    expect((await post(`${url}/introspect`, { token }, basic(...WEB))).body.active).toBe(true)
  })
})

describe('RFC 9700 §4.14.2 refresh token rotation', () => {
  it('gives a successor to exactly one of 10,000 who refresh at once, and revokes the family', async () => {
    await using provider = await start()
    const { url } = provider
    const first = await post(`${url}/token`, codeForm(await codeOf(url)), basic(...WEB))
    const form = refreshForm(first.body.refresh_token)
    const came = await postMany(`${url}/token`, { form, headers: basic(...WEB), times: 10_000 })
    expect(tally(came)).toEqual({ 200: 1, '400 invalid_grant': 9_999 })
    await expectRevoked(url, granted(came))
    await expectRevoked(url, first.body as ReturnType<typeof granted>)
  }, 120_000)

  it('leaves nothing alive when a family is revoked while it is refreshed', async () => {
    await using provider = await start()
    const { url } = provider
    for (let n = 0; n < 20; n += 1) {
      const first = await post(`${url}/token`, codeForm(await codeOf(url)), basic(...WEB))
      const token = String(first.body.refresh_token)
      const [refreshed, revoked] = await Promise.all([
        post(`${url}/token`, refreshForm(token), basic(...WEB)),
        post(`${url}/revoke`, { token }, basic(...WEB)),
      ])
      expect(revoked.status).toBe(200)
      expect([200, 400]).toContain(refreshed.status)
      const all = [first.body.access_token, token, refreshed.body.access_token, refreshed.body.refresh_token]
      for (const each of all.filter((text) => text !== undefined)) {
        const { body } = await post(`${url}/introspect`, { token: String(each) }, basic(...WEB))
        expect(body).toEqual({ active: false })
      }
    }
  })
})

describe('RFC 6749 §10.12 a form of the provider', () => {
  it('gives the client one answer where it is sent a hundred times at once', async () => {
    await using provider = await start()
    const { url } = provider
    const page = await new Browser(url).open(authorizeUrl(url, { client_id: WEB[0], redirect_uri: REDIRECT }))
    const form = { ...hiddenFields(page), user: 'alice' }
    const headers = { origin: new URL(url).origin }
    const came = await postMany(page.url, { form, headers, times: 100 })
    expect(tally(came)).toEqual({ 303: 1, '400 interaction.unknown': 99 })
    const answers = came
      .filter(({ status }) => status === 303)
      .map((each) => String(each.headers['location']))
    expect(answers).toEqual([expect.stringMatching(/^https:\/\/app\.test\/cb\?code=/)])
  })
})
