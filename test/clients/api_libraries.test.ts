import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { auth, claimIncludes, requiredScopes } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jwt from 'jsonwebtoken'
import jwksRsa from 'jwks-rsa'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'

const API = 'https://api.example.test'

const start = (alg = 'RS256') =>
  startIdp({
    keys: [{ alg }],
    resources: [{ identifier: API, scopes: ['orders:read', 'orders:write'] }],
    clients: [
      {
        client_id: 'orders',
        client_secret: 's3cret',
        audience: API,
        scope: 'orders:read',
        roles: ['reader'],
      },
    ],
  })

/** An API of ours behind these checks; where it listens. */
async function serveApi(...checks: readonly RequestHandler[]) {
  const app = express()
  app.get('/orders', ...checks, (request, response) => {
    response.json({ sub: request.auth?.payload.sub })
  })
  const refused: ErrorRequestHandler = (error, _request, response, _next) => {
    response
      .status(error.status ?? 500)
      .set(error.headers ?? {})
      .json({ error: error.code ?? error.message })
  }
  app.use(refused)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
  const close = () =>
    new Promise<void>((resolve) => server.close(() => resolve()) && server.closeAllConnections())
  return { url, [Symbol.asyncDispose]: close }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('jose', () => {
  it('verifies issuer, audience, type and expiry by the remote JWKS', async () => {
    await using idp = await start()
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    const options = { issuer: idp.issuer, audience: API, typ: 'at+jwt', requiredClaims: ['jti', 'iat'] }
    const token = await idp.token({ client: 'orders' })
    expect((await jwtVerify(token, keys, options)).payload).toMatchObject({
      sub: 'orders',
      roles: ['reader'],
    })
    const codeOf = async (text: string, change: object = {}) =>
      jwtVerify(text, keys, { ...options, ...change }).then(
        () => 'accepted',
        ({ code, claim }) => `${code} ${claim ?? ''}`.trim(),
      )
    expect(await codeOf(token, { audience: 'other' })).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED aud')
    expect(await codeOf(token, { issuer: `${idp.issuer}/` })).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED iss')
    expect(await codeOf(token, { typ: 'JWT' })).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED typ')
    expect(await codeOf(await idp.token({ client: 'orders', lifetime: -10 }))).toBe('ERR_JWT_EXPIRED exp')
    expect(await codeOf(await idp.token({ client: 'orders', claims: { jti: null } }))).toBe('accepted')
  })

  it('finds no key for a token of another provider', async () => {
    await using idp = await start()
    await using other = await start()
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    const foreign = await other.token({ client: 'orders' })
    await expect(jwtVerify(foreign, keys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  })
})

describe('jsonwebtoken with jwks-rsa', () => {
  const verify = (token: string, issuer: string, audience: string) =>
    new Promise((resolve, reject) => {
      const client = jwksRsa({ jwksUri: `${issuer}/jwks.json` })
      const getKey: jwt.GetPublicKeyOrSecret = ({ kid }, done) => {
        client.getSigningKey(kid).then(
          (key) => done(null, key.getPublicKey()),
          (error) => done(error),
        )
      }
      const options = { issuer, audience, algorithms: ['RS256', 'PS256', 'ES256'] satisfies jwt.Algorithm[] }
      jwt.verify(token, getKey, options, (error, payload) => (error ? reject(error) : resolve(payload)))
    })

  it.each(['RS256', 'PS256', 'ES256'])('verifies %s', async (alg) => {
    await using idp = await start(alg)
    const token = await idp.token({ client: 'orders' })
    expect(await verify(token, idp.issuer, API)).toMatchObject({ sub: 'orders', scope: 'orders:read' })
    await expect(verify(token, idp.issuer, 'other')).rejects.toThrow('jwt audience invalid')
    const expired = await idp.token({ client: 'orders', lifetime: '-1m' })
    await expect(verify(expired, idp.issuer, API)).rejects.toThrow('jwt expired')
    await using other = await start(alg)
    const foreign = await other.token({ client: 'orders' })
    await expect(verify(foreign, idp.issuer, API)).rejects.toThrow(/Unable to find a signing key/)
  })
})

describe('express with express-oauth2-jwt-bearer', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('lets a valid %s token in, and no other', async (alg) => {
    await using idp = await start(alg)
    await using api = await serveApi(auth({ issuerBaseURL: idp.issuer, audience: API, tokenSigningAlg: alg }))
    expect((await get(api.url)).status).toBe(401)
    const valid = await get(api.url, bearer(await idp.token({ client: 'orders' })))
    expect([valid.status, valid.body]).toEqual([200, { sub: 'orders' }])
    const elsewhere = await get(
      api.url,
      bearer(await idp.token({ client: 'orders', audience: 'https://b.example' })),
    )
    expect([elsewhere.status, elsewhere.body.error]).toEqual([401, 'invalid_token'])
    const token = await idp.token({ client: 'orders' })
    expect((await get(api.url, bearer(`${token.slice(0, -5)}AAAAA`))).status).toBe(401)
    await idp.clock.advance('-61m')
    const expired = await get(api.url, bearer(await idp.token({ client: 'orders' })))
    expect([expired.status, expired.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/error="invalid_token".*exp/),
    ])
    await idp.clock.advance('61m')
    expect((await get(api.url, bearer(await idp.token({ client: 'orders' })))).status).toBe(200)
  })

  it('takes access tokens of RFC 9068 in its strict mode', async () => {
    await using idp = await start()
    await using api = await serveApi(auth({ issuerBaseURL: idp.issuer, audience: API, strict: true }))
    expect((await get(api.url, bearer(await idp.token({ client: 'orders' })))).status).toBe(200)
    const bent = await idp.token({ client: 'orders', claims: { client_id: null } })
    expect((await get(api.url, bearer(bent))).status).toBe(401)
  })

  it('finds scopes and roles where it looks for them', async () => {
    await using idp = await start()
    const checks = [auth({ issuerBaseURL: idp.issuer, audience: API }), requiredScopes('orders:read')]
    await using api = await serveApi(...checks, claimIncludes('roles', 'reader'))
    const statusOf = async (change: object) =>
      (await get(api.url, bearer(await idp.token({ client: 'orders', ...change })))).status
    expect(await statusOf({})).toBe(200)
    expect(await statusOf({ scope: 'orders:write' })).toBe(403)
    expect(await statusOf({ roles: ['writer'] })).toBe(401)
  })
})
