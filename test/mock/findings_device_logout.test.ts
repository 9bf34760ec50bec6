import { describe, expect, it } from 'vitest'
import { get } from '../support/http.ts'
import { CALLBACK, type Judged, startJudged } from '../support/judged.ts'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
const BYE = 'https://shop.example.test/bye'

const startDevice = () => startJudged({ clients: [{ client_id: 'tv', grant_types: [DEVICE_CODE] }] })

async function device(idp: Judged) {
  const body = new URLSearchParams({ client_id: 'tv' })
  const response = await fetch(`${idp.issuer}/device_authorization`, { method: 'POST', body })
  const { device_code, interval } = await response.json()
  const poll = async () =>
    (await idp.token({ grant_type: DEVICE_CODE, client_id: 'tv', device_code })).body['error']
  return { interval: Number(interval), poll }
}

describe('RFC 8628 §3.5: devices that wait', () => {
  it('may ask each interval', async () => {
    await using idp = await startDevice()
    const { interval, poll } = await device(idp)
    for (const _ of [1, 2, 3, 4, 5]) {
      expect(await poll()).toBe('authorization_pending')
      idp.advance(interval)
    }
    expect(idp.findings()).toEqual([])
  })

  it('may ask too early once, and wait longer then', async () => {
    await using idp = await startDevice()
    const { interval, poll } = await device(idp)
    const said = [await poll(), await poll()]
    for (const _ of [1, 2]) {
      idp.advance(interval + 5)
      said.push(await poll())
    }
    expect(said).toEqual([
      'authorization_pending',
      'slow_down',
      'authorization_pending',
      'authorization_pending',
    ])
    expect(idp.findings()).toMatchObject([{ id: 'device_polled_too_fast', severity: 'warning', count: 1 }])
  })

  it('must heed slow_down', async () => {
    await using idp = await startDevice()
    const { poll } = await device(idp)
    for (const _ of [1, 2, 3, 4]) await poll()
    expect(idp.findings()).toMatchObject([
      { id: 'device_polled_too_fast', count: 3 },
      { id: 'slow_down_ignored', severity: 'error', count: 1 },
    ])
  })

  it('must heed it each for itself', async () => {
    await using idp = await startDevice()
    for (const { poll } of await Promise.all([1, 2, 3].map(() => device(idp))))
      for (const _ of [1, 2]) await poll()
    expect(idp.ids()).toEqual(['device_polled_too_fast'])
  })
})

describe('OpenID Connect RP-Initiated Logout §2: logouts', () => {
  const start = () =>
    startJudged({
      clients: [
        {
          client_id: 'web',
          client_secret: 's3cret',
          redirect_uris: [CALLBACK],
          post_logout_redirect_uris: [BYE],
        },
        { client_id: 'other', client_secret: 'an0ther' },
      ],
    })

  async function logout(idp: Judged, params: Readonly<Record<string, string>>) {
    const { body } = await idp.redeem(await idp.code())
    const hint: Record<string, string> = { id_token_hint: String(body['id_token']) }
    if (params['id_token_hint'] === '') delete hint['id_token_hint']
    const asked = {
      ...hint,
      ...params,
      id_token_hint: params['id_token_hint'] || (hint['id_token_hint'] ?? ''),
    }
    const access = String(body['access_token'])
    const query = new URLSearchParams(asked).toString().replace('ACCESS_TOKEN', encodeURIComponent(access))
    await fetch(`${idp.issuer}/logout?${query}`, { redirect: 'manual' })
    return idp.findings()
  }

  it('are right with the ID token, the registered URI and a state', async () => {
    await using idp = await start()
    expect(await logout(idp, { post_logout_redirect_uri: BYE, state: 'x' })).toEqual([])
    idp.clear()
    idp.advance(86_400)
    expect(await logout(idp, {})).toEqual([])
  })

  it('without id_token_hint are worth a word, unless a person typed the address', async () => {
    await using idp = await start()
    expect((await get(`${idp.issuer}/logout`)).status).toBe(200)
    expect(idp.findings()).toEqual([])
    expect(await logout(idp, { id_token_hint: '', client_id: 'web' })).toMatchObject([
      { id: 'logout_without_hint', severity: 'info', client_id: 'web' },
    ])
  })

  it('without state, where the user comes back, are worth a word', async () => {
    await using idp = await start()
    expect(await logout(idp, { post_logout_redirect_uri: BYE })).toMatchObject([
      { id: 'logout_without_state', severity: 'info' },
    ])
  })

  it('find a URI that is not registered', async () => {
    await using idp = await start()
    expect(await logout(idp, { post_logout_redirect_uri: `${BYE}/`, state: 'x' })).toMatchObject([
      { id: 'logout_redirect_uri_unregistered', severity: 'error', client_id: 'web' },
    ])
  })

  it.each(['ACCESS_TOKEN', 'alice'])('find %s in the place of the hint', async (id_token_hint) => {
    await using idp = await start()
    expect(await logout(idp, { id_token_hint })).toMatchObject([
      { id: 'logout_hint_wrong', severity: 'error' },
    ])
  })

  it('find the ID token of another client', async () => {
    await using idp = await start()
    expect(await logout(idp, { client_id: 'other' })).toMatchObject([{ id: 'logout_hint_wrong' }])
  })

  it('do not blame a client for an ID token that is older than the provider', async () => {
    await using former = await start()
    const { body } = await former.redeem(await former.code())
    await using idp = await start()
    expect(await logout(idp, { id_token_hint: String(body['id_token']) })).toEqual([])
  })
})
