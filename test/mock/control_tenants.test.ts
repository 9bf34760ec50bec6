import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { API, APP, clientAt, SECRET, signedIn, startCloud } from '../support/entra_cloud.ts'
import { get, post, requestToken } from '../support/http.ts'
import { bearer } from '../support/token.ts'

const ADA = 'ada@contoso.example'
const BOB = 'bob@fabrikam.example'
const SCOPE = 'openid profile offline_access'

describe('what one tenant of several declares', () => {
  const CONFIG = {
    tenants: {
      one: { users: [{ username: 'alice' }], clients: [{ client_id: 'c', client_secret: 's' }] },
      two: { users: [{ username: 'bob' }] },
    },
  }

  it('is changed where the tenant is named, and stays as it is elsewhere', async () => {
    await using idp = await startIdp(CONFIG)
    const users = (query = '') => ask('GET', `${idp.url}/_mock/users${query}`)
    expect((await users()).body).toEqual({ items: [{ username: 'alice' }] })
    expect((await users('?tenant=two')).body).toEqual({ items: [{ username: 'bob' }] })
    await ask('PUT', `${idp.url}/_mock/users/carol?tenant=two`, {})
    expect((await users()).body).toEqual({ items: [{ username: 'alice' }] })
    expect((await users('?tenant=two')).body).toEqual({ items: [{ username: 'bob' }, { username: 'carol' }] })
    expect((await users('?tenant=three')).status).toBe(404)
  })

  it('is changed in a sandbox for that alone', async () => {
    await using idp = await startIdp(CONFIG)
    const { body } = await ask('POST', `${idp.url}/_mock/sandboxes`)
    const put = await ask('PUT', `${idp.url}/_mock/clients/new?tenant=${body['id']}`, { client_secret: 's' })
    expect(put.status).toBe(201)
    expect(await requestToken(String(body['issuer']), ['new', 's'])).toMatch(/\./)
    await expect(requestToken(idp.issuer, ['new', 's'])).rejects.toThrow(/invalid_client/)
    expect((await ask('DELETE', `${idp.url}/_mock/clients/c?tenant=${body['id']}`)).status).toBe(204)
    await expect(requestToken(String(body['issuer']), ['c', 's'])).rejects.toThrow(/invalid_client/)
    expect(await requestToken(idp.issuer, ['c', 's'])).toMatch(/\./)
  })
})

describe('a change in a cloud of tenants', () => {
  const at = (idp: { readonly url: string }, path: string, tenant: string) =>
    `${idp.url}/_mock/${path}?tenant=${tenant}`

  it('is seen where users of all tenants sign in', async () => {
    await using idp = await startCloud()
    await ask('PUT', at(idp, 'users/carol@fabrikam.example', 'fabrikam'), { name: 'Carol' })
    const name = async (user: string) => (await signedIn(await clientAt(idp, 'common'), user)).id['name']
    expect(await name('carol@fabrikam.example')).toBe('Carol')
    await ask('PATCH', at(idp, `users/${BOB}`, 'fabrikam'), { name: 'Robert' })
    expect(await name(BOB)).toBe('Robert')
  })

  it('that takes a user away leaves nothing of the login, wherever it was made', async () => {
    for (const segment of ['common', 'contoso.example']) {
      await using idp = await startCloud()
      const client = await clientAt(idp, segment)
      const { body } = await signedIn(client, ADA, SCOPE)
      const { body: graph } = await signedIn(client, ADA, 'openid https://graph.microsoft.com/User.Read')
      const me = () => get(`${idp.url}/v1.0/me`, bearer(graph['access_token']))
      expect((await me()).status).toBe(200)
      expect((await ask('DELETE', at(idp, `users/${ADA}`, 'contoso'))).status).toBe(204)
      expect((await me()).status).toBe(401)
      const form = { client_id: APP, client_secret: SECRET, grant_type: 'refresh_token' }
      const { token_endpoint } = (await get(`${idp.url}/${segment}/v2.0/.well-known/openid-configuration`))
        .body
      const refused = await post(String(token_endpoint), {
        ...form,
        refresh_token: String(body['refresh_token']),
      })
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
      expect(refused.body['error_description']).toMatch(/^AADSTS50034/)
    }
  })

  it('keeps a resource that a client has as its audience by its id', async () => {
    await using idp = await startCloud()
    await ask('PATCH', at(idp, `clients/${APP}`, 'contoso'), { audience: API.id })
    const refused = await ask('DELETE', at(idp, `resources/${encodeURIComponent(API.identifier)}`, 'contoso'))
    expect(refused).toMatchObject({ status: 409 })
  })

  it('has what only Entra ID has, and the grants that every application has there', async () => {
    await using idp = await startCloud()
    const url = at(idp, 'clients/5b0d9b1e-0000-4000-8000-000000000009', 'fabrikam')
    const entra = { sign_in_audience: 'AzureADMyOrg', spa_redirect_uris: ['http://localhost:4000/'] }
    const put = await ask('PUT', url, { client_secret: 's', entra })
    expect(put).toMatchObject({ status: 201, body: { entra } })
    expect(put.body).not.toHaveProperty('grant_types')
    expect((await ask('PUT', url, put.body)).body).toEqual(put.body)
  })
})
