import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerOf, basic, get, post } from '../support/http.ts'
import { bearer, claimsOf, headerOf } from '../support/token.ts'

const CREDENTIALS = ['app', 's3cret'] as const
const FORM = { grant_type: 'client_credentials', client_id: CREDENTIALS[0], client_secret: CREDENTIALS[1] }
const client = { client_id: CREDENTIALS[0], client_secret: CREDENTIALS[1] }
const jwtClient = { ...client, access_token: { format: 'jwt' as const } }

const startService = () => startIdp({ dialect: 'trivore', clients: [client] })

describe('Trivore: places', () => {
  it('stands at the root with its only tenant', async () => {
    await using idp = await startService()
    expect(idp.issuer).toBe(idp.url)
    const { body } = await get(`${idp.url}/.well-known/openid-configuration`)
    expect(body).toMatchObject({
      issuer: idp.url,
      token_endpoint: `${idp.url}/openid/token`,
      userinfo_endpoint: `${idp.url}/openid/userinfo`,
      jwks_uri: `${idp.url}/openid/jwks.json`,
    })
  })

  it('advertises neither introspection nor revocation, and introspects all the same', async () => {
    await using idp = await startService()
    const { body } = await get(`${idp.url}/.well-known/openid-configuration`)
    expect(Object.keys(body).filter((name) => /introspection|revocation/.test(name))).toEqual([])
    expect((await post(`${idp.url}/openid/introspect`, FORM)).headers.get('x-mock-reason')).toBe(
      'param.missing',
    )
    expect((await post(`${idp.url}/openid/revoke`, FORM)).status).toBe(404)
  })

  it('stands under its name where there are several tenants', async () => {
    const tenants = { hsl: { clients: [client] }, fintraffic: { clients: [client] } }
    await using idp = await startIdp({ dialect: 'trivore', tenants })
    expect(idp.issuerOf('fintraffic')).toBe(`${idp.url}/fintraffic`)
    const { body } = await get(`${idp.url}/fintraffic/.well-known/openid-configuration`)
    expect(body['token_endpoint']).toBe(`${idp.url}/fintraffic/openid/token`)
    expect((await post(`${idp.url}/fintraffic/openid/token`, FORM)).status).toBe(200)
    expect((await post(`${idp.url}/openid/token`, FORM)).status).toBe(404)
  })
})

describe('Trivore: parameters', () => {
  it('come from the query, a form or JSON, at the token and the introspection endpoint', async () => {
    await using idp = await startService()
    const { token } = { token: String((await post(`${idp.url}/openid/token`, FORM)).body['access_token']) }
    const query = new URLSearchParams({ ...FORM, token })
    const headers = { 'content-type': 'application/json' }
    const url = `${idp.url}/openid/introspect`
    for (const request of [
      fetch(`${url}?${query}`, { method: 'POST' }),
      fetch(url, { method: 'POST', body: query }),
      fetch(url, { method: 'POST', headers, body: JSON.stringify({ ...FORM, token }) }),
    ])
      expect((await answerOf(await request)).body).toMatchObject({ active: true, clientId: 'app' })
  })

  it.each([
    ['{"grant_type":', 'body.malformed'],
    ['["grant_type"]', 'body.malformed'],
    ['{"grant_type":{"is":"client_credentials"}}', 'param.invalid'],
    ['{"grant_type":["client_credentials","password"]}', 'param.duplicated'],
    ['{}', 'grant.missing'],
  ])('are refused in JSON that is %s', async (body, reason) => {
    await using idp = await startService()
    const headers = { 'content-type': 'application/json' }
    const { status, headers: answered } = await answerOf(
      await fetch(`${idp.url}/openid/token`, { method: 'POST', headers, body }),
    )
    expect([status, answered.get('x-mock-reason')]).toEqual([400, reason])
  })
})

describe('Trivore: tokens', () => {
  it('are opaque texts of 32 letters and digits, each another', async () => {
    await using idp = await startService()
    const tokens = new Set<unknown>()
    for (let i = 0; i < 20; i++)
      tokens.add((await post(`${idp.url}/openid/token`, FORM)).body['access_token'])
    expect(tokens.size).toBe(20)
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9]{32}$/)
  })

  it('are JWTs with five claims and no typ where the client is configured so', async () => {
    await using idp = await startIdp({ dialect: 'trivore', clients: [jwtClient] })
    const answer = await post(`${idp.url}/openid/token`, FORM)
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 604799 })
    expect(Object.keys(claimsOf(answer))).toEqual(['iss', 'iat', 'exp', 'sub', 'aud'])
    expect(Object.keys(headerOf(answer))).toEqual(['alg', 'kid'])
  })

  it('carry scope, roles and the audience that somebody configured', async () => {
    const configured = {
      ...jwtClient,
      audience: 'https://api.example',
      scope: 'orders:read',
      roles: ['reader'],
    }
    await using idp = await startIdp({ dialect: 'trivore', clients: [configured] })
    const answer = await post(`${idp.url}/openid/token`, FORM)
    expect(claimsOf(answer)).toMatchObject({
      aud: 'https://api.example',
      scope: 'orders:read',
      roles: ['reader'],
    })
    expect(answer.body).not.toHaveProperty('scope')
  })

  it('have the lifetime that the configuration says, less the second that passed', async () => {
    await using idp = await startIdp({
      dialect: 'trivore',
      lifetimes: { access_token: '1h' },
      clients: [client],
    })
    expect((await post(`${idp.url}/openid/token`, FORM)).body['expires_in']).toBe(3599)
  })
})

describe('Trivore: errors', () => {
  it('are those of the RFCs', async () => {
    await using idp = await startService()
    const wrong = await post(
      `${idp.url}/openid/token`,
      { grant_type: 'client_credentials' },
      basic(CREDENTIALS[0], 'wrong'),
    )
    expect([wrong.status, wrong.body['error']]).toEqual([401, 'invalid_client'])
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic /)
    const unknown = await get(`${idp.url}/openid/userinfo`, bearer('hinxbB9GcdmNyImNg3GGeJfsi2jBXO2Q'))
    expect([unknown.status, unknown.body['error']]).toEqual([401, 'invalid_token'])
  })
})
