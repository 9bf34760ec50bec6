import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { post } from '../support/http.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const client = { client_id: 'daemon', client_secret: 's3cret' }
const config = {
  dialect: 'entra',
  id: TENANT,
  resources: [{ identifier: 'api://orders', scopes: ['read'] }],
  users: [{ username: 'ada', password: 'lovelace' }],
}
const ROPC = {
  grant_type: 'password',
  ...client,
  username: 'ada',
  password: 'lovelace',
  scope: 'api://orders/read offline_access',
}

// Applications of Entra ID register no grant types. https://www.rfc-editor.org/rfc/rfc7591.html#section-2
describe('grant types in Entra ID', () => {
  it('are not registered: a client that says nothing uses any, and gets refresh tokens that it can use', async () => {
    await using idp = await startIdp({ ...config, clients: [client] })
    const url = `${idp.url}/${TENANT}/oauth2/v2.0/token`
    const { body } = await post(url, ROPC)
    const again = await post(url, {
      grant_type: 'refresh_token',
      ...client,
      refresh_token: String(body['refresh_token']),
    })
    expect(again.status, JSON.stringify(again.body)).toBe(200)
    expect(again.body).toHaveProperty('access_token')
  })

  it('are those that the configuration names, where it names some', async () => {
    const clients = [{ ...client, grant_types: ['client_credentials' as const] }]
    await using idp = await startIdp({ ...config, clients })
    const { status, body } = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, ROPC)
    // As where public client flows are not allowed.
    expect([status, body['error_codes']]).toEqual([401, [7000218]])
  })

  it('stay registered elsewhere, a client without redirect URIs for client_credentials alone', async () => {
    await using idp = await startIdp({ clients: [client], users: config.users })
    const { body } = await post(`${idp.url}/token`, { ...ROPC, scope: 'openid' })
    expect(body['error']).toBe('unauthorized_client')
  })
})
