import { describe, expect, it } from 'vitest'
import { HOSTILE_TEXTS } from '../support/form.ts'
import { get } from '../support/http.ts'
import { type Place, parametersAt, RelyingParty, startOp } from '../support/relying_party.ts'

const flow = (type: string) => ({ type, mode: 'default' }) as const
const TOKENS = ['id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'token']

const MODES: readonly Place[] = ['query', 'fragment', 'form_post']

interface Way {
  readonly type: string
  /** The response_mode that is sent, if any. */
  readonly asked: Place | 'default'
  readonly place: Place
}

/** Where the answer goes: by default, and by each mode that may be asked for. */
function waysOf(type: string, usual: Place, modes: readonly Place[]): Way[] {
  return [
    { type, asked: 'default', place: usual },
    ...modes.map((mode) => ({ type, asked: mode, place: mode })),
  ]
}
const WAYS = [
  ...['code', 'none'].flatMap((type) => waysOf(type, 'query', MODES)),
  ...TOKENS.flatMap((type) => waysOf(type, 'fragment', ['fragment', 'form_post'])),
]
const sent = ({ asked }: Way) => ({ response_mode: asked === 'default' ? undefined : asked })

describe('OAuth 2.0 Multiple Response Types §2.1 Response Modes', () => {
  it.each(WAYS)('brings the answer of $type with response_mode=$asked in the $place only', async (way) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow(way.type))
    const answer = rp.received(await rp.pick(await rp.open(sent(way))), way.place)
    expect(answer).not.toHaveProperty('error')
  })

  it.each(WAYS)('brings the errors of $type with response_mode=$asked in the $place only', async (way) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow(way.type))
    const errorOf = async (params: Record<string, string>) =>
      rp.received(await rp.open({ ...sent(way), ...params }), way.place)['error']
    expect(await errorOf({ prompt: 'none' })).toBe('login_required')
    expect(await errorOf({ prompt: 'none login' })).toBe('invalid_request')
    expect(await errorOf({ max_age: 'soon' })).toBe('invalid_request')
    expect(await errorOf({ claims: '{' })).toBe('invalid_request')
    const login = await rp.open(sent(way))
    const denied = await rp.browser.submit(login, { action: 'deny' })
    expect(rp.received(denied, way.place)).toMatchObject({ error: 'access_denied' })
  })

  it.each(TOKENS)('refuses response_mode=query for %s with invalid_request in the fragment', async (type) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow(type))
    const answer = rp.received(await rp.open({ response_mode: 'query' }), 'fragment')
    expect(answer['error']).toBe('invalid_request')
    expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
  })

  it.each(['Query', 'web_message', 'fragment query', '__proto__'])(
    'refuses response_mode=%s with invalid_request where the answer of the response type would go',
    async (response_mode) => {
      await using idp = await startOp()
      for (const [type, place] of [
        ['code', 'query'],
        ['code id_token', 'fragment'],
      ] as const) {
        const rp = new RelyingParty(idp.issuer, flow(type))
        expect(rp.received(await rp.open({ response_mode }), place)['error']).toBe('invalid_request')
      }
    },
  )

  it.each(MODES)('brings the error of a request without response_type by response_mode=%s', async (mode) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow(''))
    const page = await rp.open({ response_type: undefined, response_mode: mode })
    expect(rp.received(page, mode)['error']).toBe('invalid_request')
  })

  it('advertises the modes that it serves', async () => {
    await using idp = await startOp()
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body['response_modes_supported']).toEqual(
      expect.arrayContaining(['query', 'fragment', 'form_post']),
    )
  })

  it.each(MODES)('brings the state by %s as it came, octet by octet', async (response_mode) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow('code'))
    await rp.pick(await rp.open())
    for (const state of HOSTILE_TEXTS) {
      const page = await rp.open({ response_mode, state })
      expect(parametersAt(page)[response_mode]).toMatchObject({ state, code: expect.any(String) })
      rp.received(page, response_mode)
    }
  })
})

describe('RFC 6749 §3.1.2 Redirection Endpoint', () => {
  it.each([
    ['https://rp.test/cb?bar=foo', 'query', /^https:\/\/rp\.test\/cb\?bar=foo&code=/],
    ['https://rp.test/cb?', 'query', /^https:\/\/rp\.test\/cb\?&?code=/],
    ['https://rp.test/cb?bar=foo', 'fragment', /^https:\/\/rp\.test\/cb\?bar=foo#code=/],
    ['com.example.app:/cb', 'query', /^com\.example\.app:\/cb\?code=/],
    ['com.example.app:/cb', 'fragment', /^com\.example\.app:\/cb#code=/],
  ])(
    'oidcc-redirect-uri-query-OK: keeps %s as it is and adds the answer to the %s',
    async (redirect_uri, response_mode, expected) => {
      await using idp = await startOp({ redirect_uris: [redirect_uri] })
      const rp = new RelyingParty(idp.issuer, flow('code'))
      const login = await rp.open({ redirect_uri, response_mode })
      const { headers } = await rp.pick(login)
      expect(headers.get('location')).toMatch(expected)
    },
  )

  it('sends the browser on with 303, so that a form is not sent again, and keeps nothing', async () => {
    await using idp = await startOp()
    for (const type of ['code', 'id_token']) {
      const rp = new RelyingParty(idp.issuer, flow(type))
      const { status, headers } = await rp.pick(await rp.open())
      expect({ status, store: headers.get('cache-control') }).toEqual({ status: 303, store: 'no-store' })
    }
  })

  it('answers HEAD as GET, without the body', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow('id_token'))
    const login = await fetch(rp.url(), { method: 'HEAD' })
    expect([login.status, new URL(login.url).pathname, await login.text()]).toEqual([200, '/login', ''])
    const refused = await fetch(rp.url({ prompt: 'none' }), { method: 'HEAD', redirect: 'manual' })
    expect(refused.headers.get('location')).toMatch(/^https:\/\/rp\.test\/callback#error=login_required&/)
    const form = await fetch(rp.url({ prompt: 'none', response_mode: 'form_post' }), { method: 'HEAD' })
    expect([form.status, form.headers.get('content-type'), await form.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '',
    ])
  })
})
