import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerOf, basic, get, post, requestToken } from '../support/http.ts'

const ME = ['orders', 's3cret'] as const

const start = (format: 'jwt' | 'opaque' = 'jwt') =>
  startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret', access_token: { format } }] })

describe('OpenID Connect Core §5.3 UserInfo', () => {
  it.each(['jwt', 'opaque'] as const)("tells the sub of a client's own %s token", async (format) => {
    await using idp = await start(format)
    const authorization = `Bearer ${await requestToken(idp.issuer, ME)}`
    const { status, headers, body } = await get(`${idp.issuer}/userinfo`, { authorization })
    expect({ status, body }).toEqual({ status: 200, body: { sub: 'orders' } })
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('takes the token by GET and POST in the header, and by POST in the form', async () => {
    await using idp = await start()
    const access_token = await requestToken(idp.issuer, ME)
    const header = { authorization: `Bearer ${access_token}` }
    const lower = { authorization: `bearer  ${access_token}` }
    const url = `${idp.issuer}/userinfo`
    const answers = [
      await get(url, header),
      await get(url, lower),
      await answerOf(await fetch(url, { method: 'POST', headers: header })),
      await post(url, '', header),
      await post(url, { access_token }),
    ]
    expect(answers.map(({ status, body }) => [status, body.sub])).toEqual(answers.map(() => [200, 'orders']))
  })
})

describe('RFC 6750 §2 Authenticated Requests', () => {
  it('refuses a token that came in the header and in the form with invalid_request', async () => {
    await using idp = await start()
    const access_token = await requestToken(idp.issuer, ME)
    const header = { authorization: `Bearer ${access_token}` }
    const answer = await post(`${idp.issuer}/userinfo`, { access_token }, header)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="default", error="invalid_request"/)
  })

  it('does not take a token from the query string', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    expect((await get(`${idp.issuer}/userinfo?access_token=${token}`)).status).toBe(401)
  })

  it('does not take a token from a JSON body', async () => {
    await using idp = await start()
    const access_token = await requestToken(idp.issuer, ME)
    const type = { 'content-type': 'application/json' }
    expect((await post(`${idp.issuer}/userinfo`, JSON.stringify({ access_token }), type)).status).toBe(401)
  })
})

describe('RFC 6750 §3 WWW-Authenticate', () => {
  it.each([
    ['nothing', {}],
    ['client credentials', basic(...ME)],
    ['an empty Bearer', { authorization: 'Bearer' }],
  ])('names only the scheme and the realm, where %s came instead of a token', async (_what, headers) => {
    await using idp = await start()
    const answer = await get(`${idp.issuer}/userinfo`, headers as Record<string, string>)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="default"')
  })

  it.each(['jwt', 'opaque'] as const)('says invalid_token for an expired %s token', async (format) => {
    await using idp = await start(format)
    const authorization = `Bearer ${await requestToken(idp.issuer, ME)}`
    await idp.clock.advance('61m')
    const answer = await get(`${idp.issuer}/userinfo`, { authorization })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    const challenge = answer.headers.get('www-authenticate')
    expect(challenge).toMatch(/^Bearer realm="default", error="invalid_token", error_description="[^"\\]+"$/)
    expect(challenge).toMatch(/expired/)
  })

  it.each(['jwt', 'opaque'] as const)('says invalid_token for a revoked %s token', async (format) => {
    await using idp = await start(format)
    const token = await requestToken(idp.issuer, ME)
    await post(`${idp.issuer}/revoke`, { token }, basic(...ME))
    const answer = await get(`${idp.issuer}/userinfo`, { authorization: `Bearer ${token}` })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(answer.headers.get('www-authenticate')).toMatch(/error="invalid_token"/)
  })

  it.each(['garbage', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', '"quoted"', 'x'.repeat(8000)])(
    'says invalid_token for %s',
    async (token) => {
      await using idp = await start()
      const answer = await get(`${idp.issuer}/userinfo`, { authorization: `Bearer ${token}` })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
      expect(answer.headers.get('www-authenticate')).toMatch(
        /^Bearer realm="default", error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]+"$/,
      )
    },
  )

  it('refuses more than one access token in the form with invalid_request', async () => {
    await using idp = await start()
    const token = await idp.token({ client: 'orders' })
    const answer = await post(`${idp.issuer}/userinfo`, `access_token=${token}&access_token=${token}`)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it('says invalid_token for a token of another provider', async () => {
    await using other = await startIdp({
      keys: [{ alg: 'RS256' }],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    await using idp = await start()
    const authorization = `Bearer ${await requestToken(other.issuer, ME)}`
    expect((await get(`${other.issuer}/userinfo`, { authorization })).status).toBe(200)
    const answer = await get(`${idp.issuer}/userinfo`, { authorization })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  it('is a valid header also where the request named the realm', async () => {
    await using idp = await startIdp({ tenants: { one: {}, two: {} } })
    const answer = await get(`${idp.url}/a%22%5Cb%0D%0Ac/userinfo`)
    expect(answer.status).toBe(404)
    const challenge = answer.headers.get('www-authenticate') ?? ''
    expect(challenge).toMatch(/^(Bearer( [a-z_]+="[^"\\]*"(, [a-z_]+="[^"\\]*")*)?)?$/)
  })
})
