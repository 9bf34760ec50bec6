import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerOf, basic, get, post } from '../support/http.ts'
import { shell } from '../support/shell.ts'
import { bearer } from '../support/token.ts'

const APP = ['your-client-id', 'your-client-secret'] as const
const SERVICE = ['third-party', 'third-party-secret'] as const
const STRANGER = ['stranger', 'stranger-secret'] as const

const application = { client_id: APP[0], client_secret: APP[1] }
const startService = () =>
  startIdp({
    dialect: 'trivore',
    clients: [
      application,
      { client_id: SERVICE[0], client_secret: SERVICE[1], introspection: 'any' },
      { client_id: STRANGER[0], client_secret: STRANGER[1] },
    ],
  })
type Service = Awaited<ReturnType<typeof startService>>

const QUERY = `grant_type=client_credentials&client_id=${APP[0]}&client_secret=${APP[1]}`
const OPAQUE = /^[A-Za-z0-9]{32}$/

async function requestToken(idp: Service): Promise<string> {
  const { body } = await answerOf(await fetch(`${idp.url}/openid/token?${QUERY}`, { method: 'POST' }))
  return String(body['access_token'])
}

function introspect(idp: Service, token: string, as: readonly [string, string] = SERVICE) {
  return post(`${idp.url}/openid/introspect`, { token }, basic(...as))
}

describe('Trivore ID: request an access token using client credentials flow', () => {
  it('answers the documented curl with exactly the documented body', async () => {
    await using idp = await startService()
    const printed = await shell(
      `curl --location --request POST '${idp.url}/openid/token?grant_type=client_credentials&client_id=${APP[0]}&client_secret=${APP[1]}'`,
    )
    expect(Object.entries(JSON.parse(printed))).toEqual([
      ['access_token', expect.stringMatching(OPAQUE)],
      ['token_type', 'Bearer'],
      ['expires_in', 604799],
    ])
  })

  it('takes everything in the query along with a JSON content type and no body', async () => {
    await using idp = await startService()
    const headers = { 'content-type': 'application/json' }
    const request = fetch(`${idp.url}/openid/token?${QUERY}`, { method: 'POST', headers })
    const { status, body } = await answerOf(await request)
    expect({ status, token: body['access_token'] }).toEqual({
      status: 200,
      token: expect.stringMatching(OPAQUE),
    })
  })

  it('takes a JSON body, a form and Basic', async () => {
    await using idp = await startService()
    const [client_id, client_secret] = APP
    const url = `${idp.url}/openid/token`
    const params = { grant_type: 'client_credentials', client_id, client_secret }
    const headers = { 'content-type': 'application/json' }
    const json = await fetch(url, { method: 'POST', headers, body: JSON.stringify(params) })
    expect(json.status).toBe(200)
    expect((await post(url, params)).status).toBe(200)
    expect((await post(url, { grant_type: 'client_credentials' }, basic(...APP))).status).toBe(200)
  })

  it('refuses a parameter that comes in the query and in the body', async () => {
    await using idp = await startService()
    const { headers } = await post(`${idp.url}/openid/token?${QUERY}`, { client_id: APP[0] })
    expect(headers.get('x-mock-reason')).toBe('param.duplicated')
  })
})

describe('Trivore ID: using the introspection endpoint', () => {
  it('tells a permitted client active, sub, clientId and exp', async () => {
    await using idp = await startService()
    const { status, body } = await introspect(idp, await requestToken(idp))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      active: true,
      sub: APP[0],
      clientId: APP[0],
      exp: expect.any(Number),
      token_type: 'Bearer',
    })
    expect(body).not.toHaveProperty('client_id')
    expect(Number(body['exp']) - Number(body['iat'])).toBe(604_800)
  })

  it('answers the documented curl', async () => {
    await using idp = await startService()
    const printed = await shell(
      `curl --location '${idp.url}/openid/introspect' \\
--header "Authorization: Basic $(echo -n ${SERVICE.join(':')} | base64)" \\
--header 'Content-Type: application/x-www-form-urlencoded' \\
--data-urlencode 'token=${await requestToken(idp)}'`,
    )
    expect(JSON.parse(printed)).toMatchObject({ active: true, sub: APP[0] })
  })

  it('tells a client without permission only that the token is not active', async () => {
    await using idp = await startService()
    const { status, text } = await introspect(idp, await requestToken(idp), STRANGER)
    expect({ status, text }).toEqual({ status: 200, text: '{"active":false}' })
  })

  it('takes a JSON body without a content type', async () => {
    await using idp = await startService()
    const token = await requestToken(idp)
    const body = new TextEncoder().encode(JSON.stringify({ token, token_type_hint: 'access_token' }))
    const headers = basic(...SERVICE)
    const request = fetch(`${idp.url}/openid/introspect`, { method: 'POST', headers, body })
    expect((await answerOf(await request)).body).toMatchObject({ active: true, clientId: APP[0] })
  })

  it('says false when the week is over, and for a token that never was', async () => {
    await using idp = await startService()
    const token = await requestToken(idp)
    await idp.clock.advance(604_790)
    expect((await introspect(idp, token)).body).toMatchObject({ active: true })
    await idp.clock.advance(10)
    expect((await introspect(idp, token)).text).toBe('{"active":false}')
    expect((await introspect(idp, 'hinxbB9GcdmNyImNg3GGeJfsi2jBXO2Q')).text).toBe('{"active":false}')
  })

  it('needs a client that authenticates', async () => {
    await using idp = await startService()
    const { status, body } = await introspect(idp, await requestToken(idp), [SERVICE[0], 'wrong'])
    expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
  })
})

describe('Trivore ID: using the userinfo endpoint', () => {
  it('says that the subject of a client token is the client', async () => {
    await using idp = await startService()
    const { status, text } = await get(`${idp.url}/openid/userinfo`, bearer(await requestToken(idp)))
    expect({ status, text }).toEqual({ status: 200, text: `{"sub":"${APP[0]}"}` })
  })

  it('refuses a token whose week is over with 401', async () => {
    await using idp = await startService()
    const token = await requestToken(idp)
    await idp.clock.advance('7d')
    const { status, headers } = await get(`${idp.url}/openid/userinfo`, bearer(token))
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/)
  })
})

describe('Trivore ID: validating locally', () => {
  it('issues, by configuration, a JWT with exactly the documented claims', async () => {
    const clients = [{ ...application, access_token: { format: 'jwt' as const } }]
    await using idp = await startIdp({ dialect: 'trivore', clients })
    const token = await requestToken(idp)
    const keys = createRemoteJWKSet(new URL(`${idp.url}/openid/jwks.json`))
    const { payload } = await jwtVerify(token, keys, { issuer: idp.url, subject: APP[0], audience: APP[0] })
    expect(Object.keys(payload)).toEqual(['iss', 'iat', 'exp', 'sub', 'aud'])
    expect(payload).toMatchObject({ iss: idp.url, sub: APP[0], aud: APP[0] })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(604_800)
  })

  it('introspects a JWT too, until it expires', async () => {
    const clients = [
      { ...application, access_token: { format: 'jwt' as const, lifetime: '5m' } },
      { client_id: SERVICE[0], client_secret: SERVICE[1], introspection: 'any' as const },
    ]
    await using idp = await startIdp({ dialect: 'trivore', clients })
    const token = await requestToken(idp)
    expect((await introspect(idp, token)).body).toMatchObject({ active: true, sub: APP[0], clientId: APP[0] })
    await idp.clock.advance('5m')
    expect((await introspect(idp, token)).text).toBe('{"active":false}')
  })
})
