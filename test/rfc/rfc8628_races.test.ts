/** One device, one grant: however many ask or decide at the same moment, and however slow the store is. */
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { hiddenFields } from '../support/browser.ts'
import { Browser, begin, DEVICE_CODE, decide, poll, typeCode } from '../support/device.ts'
import { get } from '../support/http.ts'
import { resolved } from '../support/logged.ts'
import { postMany, tally } from '../support/post_many.ts'
import { makeTenant, serve } from '../support/serve.ts'
import { SlowStore } from '../support/slow_store.ts'
import { bearer } from '../support/token.ts'

const KEYS = createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], { slot: 'device races' })

async function start() {
  const config = await resolved({
    clients: [
      { client_id: 'tv', grant_types: [DEVICE_CODE] },
      { client_id: 'radio', grant_types: [DEVICE_CODE] },
    ],
    users: [{ username: 'alice' }],
  })
  const clock = createClock(() => 1_800_000_000_000)
  return await serve(config, [
    makeTenant(config.tenants[0]!, { clock, store: new SlowStore(clock), keys: KEYS }),
  ])
}

const pollForm = (device_code: unknown, client_id = 'tv') => ({
  grant_type: DEVICE_CODE,
  client_id,
  device_code: String(device_code),
})

describe('RFC 8628 §3.5 a device code', () => {
  it('gives tokens to exactly one of 2,000 polls at once, and these work', async () => {
    await using provider = await start()
    const { url } = provider
    const { body } = await begin(url, { scope: 'openid' })
    await decide(body)
    const came = await postMany(`${url}/token`, { form: pollForm(body['device_code']), times: 2_000 })
    expect(tally(came)).toEqual({ 200: 1, '400 invalid_grant': 1_999 })
    const { access_token } = JSON.parse(came.find(({ status }) => status === 200)?.text ?? '{}')
    expect((await get(`${url}/userinfo`, bearer(access_token))).status).toBe(200)
  })

  it('is left to its client while five hundred others try it', async () => {
    await using provider = await start()
    const { url } = provider
    const { body } = await begin(url)
    await decide(body)
    const [others, own] = await Promise.all([
      postMany(`${url}/token`, { form: pollForm(body['device_code'], 'radio'), times: 500 }),
      postMany(`${url}/token`, { form: pollForm(body['device_code']), times: 1 }),
    ])
    expect([tally(others), tally(own)]).toEqual([{ '400 invalid_grant': 500 }, { 200: 1 }])
  })

  it('is pending for one of those who ask at once, the others are too fast', async () => {
    await using provider = await start()
    const { url } = provider
    const { body } = await begin(url)
    const came = await postMany(`${url}/token`, { form: pollForm(body['device_code']), times: 20 })
    expect(tally(came)).toEqual({ '400 authorization_pending': 1, '400 slow_down': 19 })
  })
})

describe('RFC 8628 §3.3 a user code', () => {
  it('takes one decision where it is allowed and denied at the same moment, and keeps to it', async () => {
    await using provider = await start()
    const { url } = provider
    for (let round = 0; round < 10; round += 1) {
      const { body } = await begin(url)
      const browsers = [new Browser(url), new Browser(url)]
      const asked = await Promise.all(
        browsers.map((each) => typeCode(each, body['verification_uri'], body['user_code'])),
      )
      const pages = await Promise.all(
        browsers.map((each, at) => each.submit(asked[at]!, { action: at === 0 ? 'allow' : 'deny' })),
      )
      expect(pages.map(({ status }) => status).sort()).toEqual([200, 400])
      const isAllowed = pages[0]?.status === 200
      const { status, body: answer } = await poll(url, body['device_code'])
      expect([status, answer['error']]).toEqual(isAllowed ? [200, undefined] : [400, 'access_denied'])
    }
  })

  it('is decided once where the form is sent a hundred times at once', async () => {
    await using provider = await start()
    const { url } = provider
    const { body } = await begin(url)
    const page = await typeCode(new Browser(url), body['verification_uri'], body['user_code'])
    const form = { ...hiddenFields(page), action: 'allow' }
    const headers = { origin: new URL(url).origin }
    const came = await postMany(page.url, { form, headers, times: 100 })
    expect(tally(came)).toEqual({ 200: 1, '400 interaction.unknown': 99 })
    expect((await poll(url, body['device_code'])).status).toBe(200)
  })
})
