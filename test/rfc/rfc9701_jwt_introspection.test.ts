import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, decode, post, requestToken } from '../support/http.ts'

const accept = 'application/token-introspection+jwt'
const ME = ['orders', 's3cret'] as const

const start = () =>
  startIdp({
    keys: [{ alg: 'RS256' }, { alg: 'ES384' }],
    clients: [
      { client_id: 'orders', client_secret: 's3cret', scope: 'read' },
      { client_id: 'api', client_secret: 'api', introspection: 'any' },
      {
        client_id: 'ec',
        client_secret: 'ec',
        introspection: 'any',
        introspection_signed_response_alg: 'ES384',
      },
      { client_id: 'stranger', client_secret: 'stranger' },
    ],
  })

describe('RFC 9701 §5 JWT Response', () => {
  it('is a signed JWT for the client that asks for one', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const answer = await post(`${idp.issuer}/introspect`, { token }, { ...basic('api', 'api'), accept })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(accept)
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    const options = { issuer: idp.issuer, audience: 'api', typ: 'token-introspection+jwt' }
    const { payload, protectedHeader } = await jwtVerify(answer.text, keys, options)
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'token-introspection+jwt' })
    expect(Object.keys(payload)).toEqual(['iss', 'aud', 'iat', 'token_introspection'])
    expect(payload.token_introspection).toEqual({
      active: true,
      ...decode(token).claims,
      token_type: 'Bearer',
    })
  })

  it('is signed with introspection_signed_response_alg', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    const { text } = await post(`${idp.issuer}/introspect`, { token }, { ...basic('ec', 'ec'), accept })
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    const { protectedHeader } = await jwtVerify(text, keys, { issuer: idp.issuer, audience: 'ec' })
    expect(protectedHeader.alg).toBe('ES384')
  })

  it('stays what it is where the dialect has its own header and claims for access tokens', async () => {
    await using idp = await startIdp({
      tenants: {
        demo: {
          dialect: 'keycloak@26',
          clients: [{ client_id: 'api', client_secret: 'api', introspection: 'any' }],
        },
      },
    })
    const url = `${idp.issuer}/protocol/openid-connect/token/introspect`
    const token = await idp.token({ client: 'api' })
    const { text } = await post(url, { token }, { ...basic('api', 'api'), accept })
    const { header, claims } = decode(text)
    expect(header.typ).toBe('token-introspection+jwt')
    expect(Object.keys(claims)).toEqual(['iss', 'aud', 'iat', 'token_introspection'])
    expect(claims.token_introspection).toMatchObject({ active: true, azp: 'api', typ: 'Bearer' })
  })

  it.each([
    ['garbage', 'api'],
    ['a token of another client', 'stranger'],
  ])('tells of %s only that it is not active', async (what, client) => {
    await using idp = await start()
    const token = what === 'garbage' ? what : await requestToken(idp.issuer, ME)
    const { text } = await post(`${idp.issuer}/introspect`, { token }, { ...basic(client, client), accept })
    expect(decode(text).claims.token_introspection).toEqual({ active: false })
  })

  it('is plain JSON for whoever does not ask', async () => {
    await using idp = await start()
    const token = await requestToken(idp.issuer, ME)
    for (const header of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      const answer = await post(`${idp.issuer}/introspect`, { token }, { ...basic('api', 'api'), ...header })
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      expect(answer.body.active).toBe(true)
    }
  })

  it('is JSON with the error where the request is refused', async () => {
    await using idp = await start()
    const headers = { ...basic('api', 'wrong'), accept }
    const answer = await post(`${idp.issuer}/introspect`, { token: 'x' }, headers)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })
})
