import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { basic, get, post, requestToken } from '../support/http.ts'
import { SECRET, startCodeFlow } from '../support/relying_party.ts'
import { bearer } from '../support/token.ts'

const ME = ['orders', 's3cret'] as const

const start = (format: 'jwt' | 'opaque' = 'jwt') =>
  startIdp({
    clients: [
      { client_id: 'orders', client_secret: 's3cret', access_token: { format } },
      { client_id: 'other', client_secret: 'other' },
      { client_id: 'api', client_secret: 'api', introspection: 'any' },
    ],
  })

async function isActive(issuer: string, token: string): Promise<unknown> {
  return (await post(`${issuer}/introspect`, { token }, basic('api', 'api'))).body.active
}

/** The same ES256 token with s replaced by n - s, which ECDSA verifies just as well. */
function mirrored(jwt: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const [header, claims, signature = ''] = jwt.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const other = Buffer.from(s.toString(16).padStart(64, '0'), 'hex')
  return [header, claims, Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url')].join('.')
}

describe('RFC 7009 §2 Token Revocation', () => {
  it.each(['jwt', 'opaque'] as const)('ends a %s token of the client, everywhere', async (format) => {
    await using idp = await start(format)
    const [token, kept] = [await requestToken(idp.issuer, ME), await requestToken(idp.issuer, ME)]
    expect(await isActive(idp.issuer, token)).toBe(true)
    const answer = await post(`${idp.issuer}/revoke`, { token }, basic(...ME))
    expect(answer).toMatchObject({ status: 200, text: '' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
    expect(await isActive(idp.issuer, token)).toBe(false)
    const userinfo = await get(`${idp.issuer}/userinfo`, { authorization: `Bearer ${token}` })
    expect(userinfo).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(await isActive(idp.issuer, kept)).toBe(true)
  })

  it.each(['jwt', 'opaque'] as const)('answers 200 to a %s token that is revoked already', async (format) => {
    await using idp = await start(format)
    const token = await requestToken(idp.issuer, ME)
    for (const _time of ['first', 'second', 'third']) {
      expect((await post(`${idp.issuer}/revoke`, { token }, basic(...ME))).status).toBe(200)
      expect(await isActive(idp.issuer, token)).toBe(false)
    }
  })

  it.each(['garbage', 'a.b.c', '..', 'x'.repeat(10_000)])(
    'answers 200 to %s, which is no token',
    async (token) => {
      await using idp = await start()
      expect((await post(`${idp.issuer}/revoke`, { token }, basic(...ME))).status).toBe(200)
    },
  )

  it('answers 200 to an expired token', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    await idp.clock.advance('61m')
    expect((await post(`${idp.issuer}/revoke`, { token }, basic(...ME))).status).toBe(200)
  })

  it('revokes a JWT also under another signature that verifies', async () => {
    await using idp = await startIdp({
      keys: [{ alg: 'ES256' }],
      clients: [
        { client_id: 'orders', client_secret: 's3cret' },
        { client_id: 'api', client_secret: 'api', introspection: 'any' },
      ],
    })
    const token = await requestToken(idp.issuer, ME)
    const twin = mirrored(token)
    expect([await isActive(idp.issuer, token), await isActive(idp.issuer, twin)]).toEqual([true, true])
    await post(`${idp.issuer}/revoke`, { token: twin }, basic(...ME))
    expect([await isActive(idp.issuer, token), await isActive(idp.issuer, twin)]).toEqual([false, false])
  })

  it('ignores token_type_hint, a wrong and an unknown one too', async () => {
    await using idp = await start()
    for (const token_type_hint of ['access_token', 'refresh_token', 'pineapple']) {
      const token = await requestToken(idp.issuer, ME)
      const answer = await post(`${idp.issuer}/revoke`, { token, token_type_hint }, basic(...ME))
      expect(answer.status).toBe(200)
      expect(await isActive(idp.issuer, token)).toBe(false)
    }
  })

  it.each(['jwt', 'opaque'] as const)(
    'refuses the %s token of another client and leaves it alone',
    async (format) => {
      await using idp = await start(format)
      const token = await requestToken(idp.issuer, ME)
      const answer = await post(`${idp.issuer}/revoke`, { token }, basic('other', 'other'))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(await isActive(idp.issuer, token)).toBe(true)
    },
  )
})

describe('RFC 7009 §2.1 Revocation Request', () => {
  it.each([
    ['no credentials', {}, {}, 'invalid_client'],
    ['wrong credentials', {}, basic('orders', 'wrong'), 'invalid_client'],
    ['no token', { token: '' }, basic(...ME), 'invalid_request'],
  ])('refuses a request with %s', async (_what, form, headers, error) => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const answer = await post(`${idp.issuer}/revoke`, { token, ...form }, headers as Record<string, string>)
    expect(answer).toMatchObject({ status: error === 'invalid_client' ? 401 : 400, body: { error } })
    expect(await isActive(idp.issuer, token)).toBe(true)
  })

  it('authenticates by the same methods as the token endpoint', async () => {
    const key = await makeKey()
    await using idp = await startIdp({
      clients: [
        { client_id: 'partner', jwks: { keys: [key.jwk] } },
        { client_id: 'api', client_secret: 'api', introspection: 'any' },
      ],
    })
    const sign = async (aud: string) =>
      assertionForm(await assertion({ client: 'partner', aud, key: key.privateKey }))
    const token = String((await post(`${idp.issuer}/token`, await sign(idp.issuer))).body.access_token)
    const aud = `${idp.issuer}/revoke`
    expect((await post(aud, { ...(await sign(aud)), token })).status).toBe(200)
    expect(await isActive(idp.issuer, token)).toBe(false)
  })

  it('takes POST with a form only', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const byGet = await get(`${idp.issuer}/revoke?token=${token}`, basic(...ME))
    expect([byGet.status, byGet.headers.get('allow')]).toEqual([405, 'POST'])
    const type = { 'content-type': 'application/json' }
    const byJson = await post(`${idp.issuer}/revoke`, JSON.stringify({ token }), { ...basic(...ME), ...type })
    expect(byJson).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await isActive(idp.issuer, token)).toBe(true)
  })
})

describe('RFC 7009 §2.1 revoking a refresh token', () => {
  it('ends the access tokens of the same grant too', async () => {
    await using op = await startCodeFlow()
    const { body } = await op.rp.redeem(await op.rp.authorize())
    const client = basic('client', SECRET)
    expect(
      (await post(`${op.rp.issuer}/revoke`, { token: String(body['refresh_token']) }, client)).status,
    ).toBe(200)
    expect((await op.rp.refresh(body['refresh_token'])).body['error']).toBe('invalid_grant')
    const userinfo = await get(`${op.rp.issuer}/userinfo`, bearer(body['access_token']))
    expect(userinfo.status).toBe(401)
  })

  it('ends them also when the token was rotated meanwhile: its successor is of the same grant', async () => {
    await using op = await startCodeFlow()
    const { body } = await op.rp.redeem(await op.rp.authorize())
    const next = (await op.rp.refresh(body['refresh_token'])).body
    await post(`${op.rp.issuer}/revoke`, { token: String(body['refresh_token']) }, basic('client', SECRET))
    expect((await op.rp.refresh(next['refresh_token'])).body['error']).toBe('invalid_grant')
  })
})
