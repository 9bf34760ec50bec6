import { describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import {
  BASIC,
  isLoginPage,
  parametersAt,
  REDIRECT_URI,
  RelyingParty,
  startCodeFlow,
  startOp,
} from '../support/relying_party.ts'

const API = { resources: [{ identifier: 'https://api.test', scopes: ['read', 'write'] }] }

describe('RFC 6749 §4.1.1 Authorization Request', () => {
  it('gives an access token and no ID token where openid is not asked for', async () => {
    await using op = await startCodeFlow({ scope: 'read' }, API)
    const { status, body } = await op.rp.redeem(await op.rp.authorize({ scope: 'read' }))
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('id_token')
    expect(body['scope']).toBe('read')
    const { claims } = decode(String(body['access_token']))
    expect(claims).toMatchObject({ aud: 'https://api.test', client_id: 'client', scope: 'read' })
    expect(claims['sub']).not.toBe('client')
  })

  it("asks for the client's registered scope where a request names none", async () => {
    await using op = await startCodeFlow({ scope: 'openid email' })
    const { body } = await op.rp.redeem(await op.rp.authorize({ scope: undefined }))
    expect(body).toMatchObject({ scope: 'openid email', id_token: expect.any(String) })
  })

  it('takes a parameter without a value as not sent', async () => {
    await using op = await startCodeFlow()
    const empty = { prompt: '', max_age: '', claims: '', nonce: '', code_challenge: '', id_token_hint: '' }
    const { body } = await op.rp.redeem(await op.rp.authorize(empty))
    expect(decode(String(body['id_token'])).claims).not.toHaveProperty('nonce')
  })

  it.each(['scope', 'response_type', 'nonce', 'prompt', 'code_challenge', 'max_age', 'unheard_of'])(
    'refuses %s that came twice with invalid_request',
    async (name) => {
      await using op = await startCodeFlow()
      const url = `${op.rp.url({ [name]: '1' })}&${name}=1`
      const answer = op.rp.received(await op.rp.browser.open(url))
      expect(answer).toMatchObject({ error: 'invalid_request' })
      expect(answer['error_description']).toBe(`parameter ${name} came 2 times; send it once`)
    },
  )

  it('refuses parameters that came in the query and in the form of one request', async () => {
    await using op = await startCodeFlow()
    const answer = op.rp.received(await op.rp.browser.open(op.rp.url(), { scope: 'openid' }))
    expect(answer['error']).toBe('invalid_request')
  })

  it.each([
    ['an unknown scope', { scope: 'openid admin' }, 'invalid_scope'],
    ['a scope with an illegal character', { scope: 'openid a"b' }, 'invalid_scope'],
    ['an unknown response_type', { response_type: 'magic' }, 'unsupported_response_type'],
    [
      'a response_type that the client did not register',
      { response_type: 'code token' },
      'unauthorized_client',
    ],
    ['an unknown response_mode', { response_mode: 'pigeon' }, 'invalid_request'],
    ['a max_age that is no number', { max_age: 'soon' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'dance' }, 'invalid_request'],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request'],
    ['claims that are no object', { claims: '[]' }, 'invalid_request'],
    ['an id_token_hint that is none', { id_token_hint: 'x.y.z' }, 'invalid_request'],
    ['a registration parameter', { registration: '{}' }, 'registration_not_supported'],
  ])('refuses %s with an error that says so: %o', async (_what, params, error) => {
    await using op = await startCodeFlow({ response_types: ['code'] }, API)
    const place = error === 'unauthorized_client' ? 'fragment' : 'query'
    const answer = op.rp.received(await op.rp.open(params), place)
    expect(answer['error']).toBe(error)
    expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
    expect(answer['error_description']).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{10,}$/)
  })

  it('has an error_description of allowed characters, whatever came', async () => {
    await using op = await startCodeFlow()
    for (const prompt of ['"', '\\', 'ä€😀', '\r\nSet-Cookie: a=b', '\0', '\t', 'x'.repeat(5000)]) {
      const page = await op.rp.open({ prompt })
      expect(op.rp.received(page)['error_description']).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
      expect(page.headers.get('set-cookie')).toBeNull()
    }
  })
})

describe('RFC 6749 §4.1.2.1 Error Response, where the client cannot be told', () => {
  it.each([
    ['no client_id', { client_id: undefined }, 'A parameter is missing', 'invalid_request'],
    ['an unknown client_id', { client_id: 'nobody' }, 'The client is unknown', 'invalid_client'],
    [
      'a client_id in another letter case',
      { client_id: 'Client' },
      'The client is unknown',
      'invalid_client',
    ],
    [
      'an unknown client and a prompt of none',
      { client_id: 'x', prompt: 'none' },
      'The client is unknown',
      'invalid_client',
    ],
  ])('shows a page and redirects nowhere: %s', async (_what, params, phrase, error) => {
    await using op = await startCodeFlow()
    const page = await op.rp.open(params)
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.html).toContain(`${phrase}</h1>`)
    expect(page.html).toContain(error)
  })

  it.each(['client_id', 'redirect_uri'])(
    'shows a page where %s came twice, though both are the same',
    async (name) => {
      await using op = await startCodeFlow()
      const url = new URL(op.rp.url())
      url.searchParams.append(name, url.searchParams.get(name) ?? '')
      const page = await op.rp.browser.open(url.href)
      expect([page.status, page.left]).toEqual([400, undefined])
      expect(page.html).toContain('A parameter came twice</h1>')
    },
  )
})

describe.each(BASIC)('RFC 6749 §4.1.2.1 access_denied, by $mode', (flow) => {
  it('is what a client hears when its user denies on the login page', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const answer = rp.received(await rp.browser.submit(await rp.open(), { action: 'deny' }))
    expect(answer).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('login page'),
    })
    expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
    expect(isLoginPage(await rp.open())).toBe(true)
  })

  it('is what a client hears when its user denies on the consent page', async () => {
    await using idp = await startOp({ consent: true })
    const rp = new RelyingParty(idp.issuer, flow)
    const consent = await rp.pick(await rp.open())
    const answer = rp.received(await rp.browser.submit(consent, { action: 'deny' }))
    expect(answer).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('consent page'),
    })
    expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
  })

  /** 512 characters: all of printable ASCII, and beyond. */
  const odd = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('')
  const STATES = [
    ['512 odd characters', `${odd.repeat(6)}`.slice(0, 512)],
    ['what HTML and URLs would change', `"><script>alert('1')</script>&amp;&quot;%20%2B+ #?/\\`],
    ['characters outside ASCII', 'zażółć 状態 😀 \u200f'],
    ['line breaks and tabs', 'a\nb\r\nc\td'],
  ] as const

  it.each(STATES)('RFC 6749 §4.1.2 state comes back as it was: %s', async (_what, state) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    expect((await rp.authorize({ state }))['code']).toMatch(/./)
    expect(rp.received(await rp.open({ state, prompt: 'login consent none' }))['error']).toBe(
      'invalid_request',
    )
  })

  it('RFC 6749 §4.1.2 has no state where none was sent', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    for (const state of [undefined, '']) {
      const came = parametersAt(await rp.open({ state, prompt: 'none' }))
      expect(Object.keys({ ...came['query'], ...came['form_post'] })).toEqual([
        'error',
        'error_description',
        'iss',
      ])
    }
  })
})

describe('RFC 9700 §4.12 redirects', () => {
  it('are 303, so that no browser sends a form on to the client', async () => {
    await using op = await startCodeFlow()
    const { origin, pathname, searchParams } = new URL(op.rp.url({ prompt: 'none' }))
    const response = await fetch(`${origin}${pathname}`, {
      method: 'POST',
      body: searchParams,
      redirect: 'manual',
    })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(new RegExp(`^${REDIRECT_URI}\\?error=login_required&`))
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
