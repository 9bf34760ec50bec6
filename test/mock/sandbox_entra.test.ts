import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { answerAt } from '../support/browser.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { APP, CONTOSO, SECRET } from '../support/entra_cloud.ts'
import { get } from '../support/http.ts'
import { imds, verified } from '../support/managed_identity.ts'
import { bearer } from '../support/token.ts'

const client = { client_id: APP, client_secret: SECRET, redirect_uris: [CALLBACK] }

function claimsVerified(token: unknown, app: DiscoveringClient, audience: string) {
  const keys = createRemoteJWKSet(new URL(app.url('jwks_uri')))
  return jwtVerify(String(token), keys, { issuer: String(app.metadata['issuer']), audience })
}

describe('a sandbox of Entra ID', () => {
  const start = () =>
    startIdp({
      dialect: 'entra',
      id: CONTOSO,
      clients: [client],
      users: [{ username: 'ada@contoso.example', name: 'Ada' }],
      managed_identity: { header: 'the-header', identities: [{ name: 'machine', type: 'SystemAssigned' }] },
    } as ConfigInput)

  it('shows its id as tid, in both versions of tokens, and at an upper-case path', async () => {
    await using idp = await start()
    const box = await idp.sandbox()
    for (const path of [box.id, box.id.toUpperCase()]) {
      const app = await DiscoveringClient.at(`${idp.url}/${path}/v2.0`, APP, SECRET)
      const { body } = await app.redeem((await app.authorize({}, 'ada@contoso.example'))['code'])
      const { payload } = await claimsVerified(body['id_token'], app, APP)
      expect(payload).toMatchObject({ tid: box.id, iss: box.issuer, ver: '2.0' })
    }
  })

  it('has its users in Graph, by its own tokens', async () => {
    await using idp = await start()
    await using box = await idp.sandbox({ users: [{ username: 'eve@contoso.example', name: 'Eve' }] })
    const audience = 'https://graph.microsoft.com'
    const token = await box.token({ client: APP, user: 'eve@contoso.example', audience })
    const me = await get(`${idp.url}/v1.0/me`, bearer(token))
    expect(me.body).toMatchObject({ displayName: 'Eve' })
    expect(await box.requests({ endpoint: 'graph' })).toHaveLength(1)
    expect(await idp.requests()).toEqual([])
    const own = await idp.token({ client: APP, roles: ['User.Read.All'], audience })
    expect((await get(`${idp.url}/v1.0/users/eve@contoso.example`, bearer(own))).status).toBe(404)
  })

  it('has managed identities at a path with its id alone', async () => {
    await using idp = await start()
    const identity = {
      name: 'own',
      type: 'UserAssigned' as const,
      client_id: 'a0000000-0000-4000-8000-00000000000a',
    }
    await using box = await idp.sandbox({ managed_identity: { identities: [identity] } })
    const asked = { resource: 'https://vault.azure.net', client_id: identity.client_id }
    const { body } = await imds(idp, asked, `/${box.id}`)
    expect(await verified(idp, body['access_token'], box.id)).toMatchObject({ tid: box.id })
    expect((await imds(idp, asked)).status).toBe(400)
    const { body: own } = await imds(idp, { resource: asked.resource })
    expect((await verified(idp, own['access_token']))['tid']).toBe(CONTOSO)
  })

  it('is none of those whose users sign in at common', async () => {
    await using idp = await start()
    await using box = await idp.sandbox({ users: [{ username: 'eve@sandbox.example' }] })
    const { body } = await get(`${idp.url}/common/v2.0/.well-known/openid-configuration`)
    const login = await fetch(
      `${String(body['authorization_endpoint'])}?${new URLSearchParams({ client_id: APP, redirect_uri: CALLBACK, response_type: 'code', scope: 'openid' })}`,
    )
    const page = await login.text()
    expect(page).toContain('ada@contoso.example')
    expect(page).not.toContain('eve@sandbox.example')
    expect(box.issuer).toBe(`${idp.url}/${box.id}/v2.0`)
  })

  it('has the applications that its tenant knows of its neighbours', async () => {
    await using idp = await startIdp({
      dialect: 'entra',
      tenants: {
        contoso: {
          id: CONTOSO,
          clients: [
            client,
            {
              client_id: '00000000-0000-4000-8000-0000000000ff',
              entra: { sign_in_audience: 'AzureADMyOrg' },
            },
          ],
        },
        fabrikam: { users: [{ username: 'bob' }] },
      },
    } as ConfigInput)
    const box = await idp.sandbox({ tenant: 'fabrikam' })
    expect((await box.clients.list()).map(({ client_id }) => client_id)).toEqual([APP])
    const app = await DiscoveringClient.at(box.issuer, APP, SECRET)
    const { body } = await app.redeem((await app.authorize({}, 'bob'))['code'])
    expect((await claimsVerified(body['id_token'], app, APP)).payload['tid']).toBe(box.id)
  })

  it("is called as Microsoft calls its tenants, where its tenant's hosts make it so", async () => {
    await using idp = await startIdp({
      dialect: 'entra',
      id: CONTOSO,
      hosts: ['login.microsoftonline.com'],
      clients: [client],
    } as ConfigInput)
    await using box = await idp.sandbox()
    expect(idp.issuer).toBe(`https://login.microsoftonline.com/${CONTOSO}/v2.0`)
    expect(box.issuer).toBe(`https://login.microsoftonline.com/${box.id}/v2.0`)
    expect(box.url).toBe(`${idp.url}/${box.id}`)
  })
})

describe('what one sandbox of Entra ID gave is worth nothing in another', () => {
  it('a code, a refresh token, an access token, a login', async () => {
    await using idp = await startIdp({
      dialect: 'entra',
      id: CONTOSO,
      users: [{ username: 'ada@contoso.example' }],
      clients: [{ client_id: APP, client_secret: SECRET, redirect_uris: [CALLBACK] }],
    } as ConfigInput)
    const [box, twin] = [await idp.sandbox(), await idp.sandbox()]
    const others = [twin, idp]
    const scope = 'openid offline_access https://graph.microsoft.com/User.Read'
    const app = await DiscoveringClient.at(box.issuer, APP, SECRET)
    const { code } = await app.authorize({ scope }, 'ada@contoso.example')
    for (const { issuer } of others) {
      const there = await DiscoveringClient.at(issuer, APP, SECRET)
      const refused = await there.redeem(code)
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_grant'])
    }
    const { body } = await app.redeem(code)
    for (const { issuer } of others) {
      const there = await DiscoveringClient.at(issuer, APP, SECRET)
      expect((await there.refresh(body['refresh_token'])).body['error']).toBe('invalid_grant')
      const silent = there.request({ prompt: 'none' })
      expect(answerAt(await app.browser.open(silent)).get('error')).toBe('login_required')
    }
    const graph = () => get(`${idp.url}/v1.0/me`, { authorization: `Bearer ${String(body['access_token'])}` })
    expect((await graph()).status).toBe(200)
    await box.stop()
    expect((await graph()).status).toBe(401)
  })
})
