import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, decode, get, post, requestToken } from '../support/http.ts'
import { RelyingParty, SECRET, startCodeFlow } from '../support/relying_party.ts'

const FORMATS = ['jwt', 'opaque'] as const
const ME = ['orders', 's3cret'] as const
const API = basic('api', 'api')

const start = (format: 'jwt' | 'opaque' = 'jwt') =>
  startIdp({
    resources: [{ identifier: 'https://api.example.test', scopes: ['read'], access_token: { format } }],
    clients: [
      {
        client_id: 'orders',
        client_secret: 's3cret',
        scope: 'read',
        roles: ['reader'],
        claims: { tier: 'gold' },
      },
      { client_id: 'api', client_secret: 'api', introspection: 'any' },
      { client_id: 'other', client_secret: 'other' },
      { client_id: 'spa' },
    ],
  })

describe('RFC 7662 §2.2 Introspection Response', () => {
  it.each(FORMATS)('tells what a live %s token says', async (format) => {
    await using idp = await start(format)
    const token = await requestToken(idp.issuer, ME)
    const { status, headers, body } = await post(`${idp.issuer}/introspect`, { token }, API)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      active: true,
      iss: idp.issuer,
      sub: 'orders',
      aud: 'https://api.example.test',
      client_id: 'orders',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      scope: 'read',
      roles: ['reader'],
      tier: 'gold',
      token_type: 'Bearer',
    })
    expect(Number(body.exp) - Number(body.iat)).toBe(3600)
    expect(token.split('.')).toHaveLength(format === 'jwt' ? 3 : 1)
  })

  it('tells of a JWT what the JWT says', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const { body } = await post(`${idp.issuer}/introspect`, { token }, API)
    expect(body).toMatchObject(decode(token).claims)
  })

  it('says active of the token, whatever claim of this name it has', async () => {
    const claims = { active: false }
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret', claims }] })
    const token = await requestToken(idp.issuer, ME)
    expect(decode(token).claims).toMatchObject(claims)
    const { body } = await post(`${idp.issuer}/introspect`, { token }, basic(...ME))
    expect(body).toMatchObject({ active: true, client_id: 'orders' })
  })

  it('tells nothing of an ID token, also of one without nonce', async () => {
    await using op = await startCodeFlow({}, { strictness: { nonce: 'lax' } })
    const rp = new RelyingParty(op.idp.issuer, { type: 'id_token', mode: 'default' })
    const { id_token: token = '' } = await rp.authorize({ nonce: undefined })
    expect(decode(token).claims).toMatchObject({ aud: 'client' })
    const { body } = await post(`${op.idp.issuer}/introspect`, { token }, basic('client', SECRET))
    expect(body).toEqual({ active: false })
  })

  it.each(FORMATS)('tells nothing of an expired %s token but that it is not active', async (format) => {
    await using idp = await start(format)
    const token = await requestToken(idp.issuer, ME)
    await idp.clock.advance(3590)
    expect((await post(`${idp.issuer}/introspect`, { token }, API)).body.active).toBe(true)
    await idp.clock.advance(10)
    const { status, body } = await post(`${idp.issuer}/introspect`, { token }, API)
    expect({ status, body }).toEqual({ status: 200, body: { active: false } })
  })

  it.each([
    ['garbage', () => 'garbage'],
    ['three dots', () => '...'],
    ['what looks like a JWT', () => 'a.b.c'],
    ['a JWT without a signature', (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.`],
    ['a JWT with alg none', (token: string) => `eyJhbGciOiJub25lIn0.${token.split('.')[1]}.`],
    ['a JWT with other claims', (token: string) => token.replace(/\.[^.]+\./, '.eyJzdWIiOiJhbGljZSJ9.')],
    ['a JWT with more parts', (token: string) => `${token}.x`],
    ['a very long text', () => 'x'.repeat(50_000)],
    ['text outside ASCII', () => '☃'],
  ])('says of %s that it is not active', async (_what, change) => {
    await using idp = await start()
    const token = change(await requestToken(idp.issuer, ME))
    const { status, body } = await post(`${idp.issuer}/introspect`, { token }, API)
    expect({ status, body }).toEqual({ status: 200, body: { active: false } })
  })

  it('does not take a client assertion, or a signed introspection answer, for an access token', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const accept = 'application/token-introspection+jwt'
    const { text } = await post(`${idp.issuer}/introspect`, { token }, { ...API, accept })
    expect(text.split('.')).toHaveLength(3)
    const { body } = await post(`${idp.issuer}/introspect`, { token: text }, API)
    expect(body).toEqual({ active: false })
  })

  it.each(FORMATS)('says of the %s token of another tenant that it is not active', async (format) => {
    const client = {
      client_id: 'orders',
      client_secret: 's3cret',
      introspection: 'any' as const,
      access_token: { format },
    }
    await using idp = await startIdp({ tenants: { one: { clients: [client] }, two: { clients: [client] } } })
    const token = await requestToken(idp.issuerOf('one'), ME)
    const active = async (tenant: string) =>
      (await post(`${idp.issuerOf(tenant)}/introspect`, { token }, basic(...ME))).body.active
    expect(await active('one')).toBe(true)
    expect(await active('two')).toBe(false)
  })
})

describe('RFC 7662 §2.1 Introspection Request', () => {
  it.each([
    ['no credentials', {}, 401, 'invalid_client'],
    ['a wrong secret', basic('api', 'wrong'), 401, 'invalid_client'],
    ['a bearer token', { authorization: 'Bearer x' }, 401, 'invalid_client'],
  ])('refuses a request with %s', async (_what, headers, status, error) => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const answer = await post(`${idp.issuer}/introspect`, { token }, headers as Record<string, string>)
    expect(answer).toMatchObject({ status, body: { error } })
    expect(answer.body).not.toHaveProperty('active')
  })

  it('refuses a public client', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const answer = await post(`${idp.issuer}/introspect`, { token, client_id: 'spa' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body).not.toHaveProperty('active')
  })

  it('refuses a request without a token with invalid_request', async () => {
    await using idp = await start()
    const answer = await post(`${idp.issuer}/introspect`, { token: '' }, API)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.body.error_description).toMatch(/token is missing/)
  })

  it.each(FORMATS)(
    'shows a %s token to its own client, to its audience and to those who may see any',
    async (format) => {
      await using idp = await startIdp({
        resources: [{ identifier: 'orders-api', access_token: { format } }],
        clients: [
          { client_id: 'orders', client_secret: 's', audience: 'orders-api' },
          { client_id: 'orders-api', client_secret: 's' },
          { client_id: 'gateway', client_secret: 's', introspection: 'any' },
          { client_id: 'stranger', client_secret: 's', introspection: 'own' },
        ],
      })
      const token = await requestToken(idp.issuer, ['orders', 's'])
      const seen: Record<string, unknown> = {}
      for (const client of ['orders', 'orders-api', 'gateway', 'stranger']) {
        seen[client] = (await post(`${idp.issuer}/introspect`, { token }, basic(client, 's'))).body
      }
      expect(seen).toMatchObject({
        orders: { active: true },
        'orders-api': { active: true },
        gateway: { active: true },
      })
      expect(seen['stranger']).toEqual({ active: false })
    },
  )

  it('takes a token_type_hint, right or wrong', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    for (const token_type_hint of ['access_token', 'refresh_token', 'x']) {
      const { body } = await post(`${idp.issuer}/introspect`, { token, token_type_hint }, API)
      expect(body.active).toBe(true)
    }
  })

  it('takes POST only', async () => {
    await using idp = await start()
    const answer = await get(`${idp.issuer}/introspect?token=x`, API)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
