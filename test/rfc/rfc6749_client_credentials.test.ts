import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, decode, post } from '../support/http.ts'

const GRANT = { grant_type: 'client_credentials' }

describe('RFC 6749 §4.4 Client Credentials Grant', () => {
  it('gives a client a token of its own', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const { status, body } = await post(`${idp.issuer}/token`, GRANT, basic('orders', 's3cret'))
    expect(status).toBe(200)
    const { claims } = decode(String(body.access_token))
    expect(claims).toMatchObject({ iss: idp.issuer, sub: 'orders', client_id: 'orders' })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(body.expires_in)
  })

  it('gives no refresh token and no ID token', async () => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: 's3cret', scope: 'openid offline_access' }],
    })
    const { body } = await post(`${idp.issuer}/token`, GRANT, basic('orders', 's3cret'))
    expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
  })

  it('gives a different token each time', async () => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const url = `${idp.issuer}/token`
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(url, GRANT, basic('orders', 's3cret'))),
    )
    const ids = answers.map(({ body }) => decode(String(body.access_token)).claims.jti)
    expect(new Set(ids).size).toBe(50)
  })

  it('refuses a public client with unauthorized_client', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'spa' }] })
    const answer = await post(`${idp.issuer}/token`, { ...GRANT, client_id: 'spa' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  it('refuses a client that registered the method none with unauthorized_client, even if it has a secret', async () => {
    const client = { client_id: 'spa', client_secret: 's3cret', token_endpoint_auth_method: 'none' }
    await using idp = await startIdp({ clients: [client] })
    const answer = await post(`${idp.issuer}/token`, { ...GRANT, client_id: 'spa' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  it('refuses a confidential client that only names itself with invalid_client', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
    const answer = await post(`${idp.issuer}/token`, { ...GRANT, client_id: 'orders' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toMatch(/without credentials, expected client_secret/)
  })
})
