import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerOf, basic, post } from '../support/http.ts'

const CLIENTS = [{ client_id: 'orders', client_secret: 's3cret', scope: 'read write' }]
const GRANT = { grant_type: 'client_credentials' }
const FORM = { ...GRANT, client_id: 'orders', client_secret: 's3cret' }
const ME = basic('orders', 's3cret')

describe('RFC 6749 §3.2 Token Endpoint', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('refuses %s with 405 and Allow', async (method) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const query = new URLSearchParams(FORM)
    const answer = await answerOf(await fetch(`${idp.issuer}/token?${query}`, { method, headers: ME }))
    expect(answer).toMatchObject({ status: 405, body: { error: 'invalid_request' } })
    expect(answer.headers.get('allow')).toBe('POST')
  })

  it.each([
    ['application/json', JSON.stringify(FORM)],
    ['application/vnd.api+json', JSON.stringify(FORM)],
    ['text/plain', new URLSearchParams(FORM).toString()],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\na\r\n--x--',
    ],
    ['application/xml', '<grant_type/>'],
  ])('refuses a body of type %s with invalid_request', async (type, body) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await post(`${idp.issuer}/token`, body, { ...ME, 'content-type': type })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(/expected application\/x-www-form-urlencoded/)
  })

  it.each(['application/x-www-form-urlencoded; charset=UTF-8', 'Application/X-WWW-Form-Urlencoded'])(
    'takes a form that says %s',
    async (type) => {
      await using idp = await startIdp({ clients: CLIENTS })
      expect((await post(`${idp.issuer}/token`, FORM, { 'content-type': type })).status).toBe(200)
    },
  )

  it('takes no parameters from the query string, and says that they came there', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await post(`${idp.issuer}/token?grant_type=client_credentials`, '', ME)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(/came in the query string/)
  })

  it.each(['grant_type', 'client_id', 'client_secret', 'scope', 'foo'])(
    'refuses a %s that comes twice with invalid_request, also with the same value',
    async (name) => {
      await using idp = await startIdp({ clients: CLIENTS })
      const once: [string, string][] = Object.entries({ ...FORM, scope: 'read', foo: 'bar' })
      const again = once.filter(([each]) => each === name)
      expect((await post(`${idp.issuer}/token`, once)).status).toBe(200)
      const answer = await post(`${idp.issuer}/token`, [...once, ...again])
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(answer.body.error_description).toContain(`parameter ${name} came 2 times`)
    },
  )

  it('treats a parameter without a value as not sent', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const url = `${idp.issuer}/token`
    const empty = await post(url, { ...FORM, scope: '', resource: '', client_assertion: '', foo: '' })
    expect(empty).toMatchObject({ status: 200, body: { scope: 'read write' } })
    const noGrant = await post(url, { ...FORM, grant_type: '' })
    expect(noGrant).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const twice = await post(url, 'scope=&scope=&scope=read&grant_type=client_credentials', ME)
    expect(twice).toMatchObject({ status: 200, body: { scope: 'read' } })
  })

  it('ignores parameters that it does not know', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const form = { ...FORM, foo: 'bar', __proto__x: '1', constructor: 'x', 'a[b]': 'c', '': 'nameless' }
    expect((await post(`${idp.issuer}/token`, form)).status).toBe(200)
    expect((await post(`${idp.issuer}/token`, '__proto__=1&grant_type=client_credentials', ME)).status).toBe(
      200,
    )
  })
})

describe('RFC 6749 §5.1 Successful Response', () => {
  it('is JSON that nobody keeps, with the members of the RFC', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const { status, headers, body } = await post(`${idp.issuer}/token`, { ...FORM, scope: 'read' })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('pragma')).toBe('no-cache')
    expect(headers.get('x-mock-idp')).toBe('idp-double')
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'read',
    })
  })

  it('leaves scope out where there is none', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    expect(Object.keys((await post(`${idp.issuer}/token`, FORM)).body)).toEqual([
      'access_token',
      'token_type',
      'expires_in',
    ])
  })
})

describe('RFC 6749 §5.2 Error Response', () => {
  it.each([
    ['invalid_request', 400, 'a missing grant_type', { grant_type: '' }],
    ['unsupported_grant_type', 400, 'an unknown grant_type', { grant_type: 'telepathy' }],
    ['unsupported_grant_type', 400, 'a grant_type in other letters', { grant_type: 'Client_Credentials' }],
    ['invalid_client', 401, 'a wrong secret', { client_secret: 'wrong' }],
    ['invalid_scope', 400, 'a scope that is not registered', { scope: 'admin' }],
    ['invalid_target', 400, 'an unknown resource', { resource: 'https://unknown.example' }],
    ['unauthorized_client', 400, 'a public client', { client_id: 'public', client_secret: '' }],
  ])('is %s with %d for %s', async (error, status, _what, change) => {
    await using idp = await startIdp({ clients: [...CLIENTS, { client_id: 'public' }] })
    const answer = await post(`${idp.issuer}/token`, { ...FORM, ...change })
    expect(answer).toMatchObject({ status, body: { error } })
    expect(Object.keys(answer.body)).toEqual(['error', 'error_description'])
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
    expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
  })

  it('is unauthorized_client for a grant that the client did not register', async () => {
    await using idp = await startIdp({ clients: [{ ...CLIENTS[0]!, grant_types: [] }] })
    const answer = await post(`${idp.issuer}/token`, FORM)
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
    expect(answer.body.error_description).toMatch(/grant_types/)
  })

  it('authenticates the client before it says whether the client may use the grant', async () => {
    await using idp = await startIdp({ clients: [{ ...CLIENTS[0]!, grant_types: [] }] })
    const answer = await post(`${idp.issuer}/token`, { ...FORM, client_secret: 'wrong' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  it.each([
    ['grant_type', 'über "grant" \\ ☃\r\n\tX-Evil: 1'],
    ['scope', 'a"b\\c'],
    ['scope', 'gr\u00fc\u00df'],
    ['resource', 'https://x.example/"\\\r\nSet-Cookie: a=b#'],
    ['client_id', '\u0000\u001f"\\\u007f'],
    ['client_assertion_type', '☃"\\'],
  ])('describes a bad %s in the characters that an error_description may have', async (name, value) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const form = name === 'client_assertion_type' ? { ...GRANT, client_assertion: 'e30.e30.e30' } : FORM
    const answer = await post(`${idp.issuer}/token`, { ...form, [name]: value })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    expect(answer.headers.has('x-evil')).toBe(false)
    expect(answer.headers.has('set-cookie')).toBe(false)
  })

  it('does not repeat a long value in full', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await post(`${idp.issuer}/token`, { ...FORM, grant_type: 'x'.repeat(20_000) })
    expect(answer.body.error).toBe('unsupported_grant_type')
    expect(answer.text.length).toBeLessThan(600)
  })
})
