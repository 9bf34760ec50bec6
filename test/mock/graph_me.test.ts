import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ADA, ADA_ID, CONFIG, graphToken, TENANT } from '../support/graph.ts'
import { answerOf, get, post } from '../support/http.ts'
import { bearer, claimsOf } from '../support/token.ts'

const PERSON = {
  businessPhones: [],
  displayName: 'Ada Lovelace',
  givenName: 'Ada',
  jobTitle: 'Analyst',
  mail: 'ada.lovelace@contoso.example',
  mobilePhone: '+44 20 7946 0000',
  officeLocation: null,
  preferredLanguage: 'en-GB',
  surname: 'Lovelace',
  userPrincipalName: ADA,
  id: ADA_ID,
}

describe('Microsoft Graph: the signed-in user', () => {
  it.each(['v1.0', 'beta'])('is what /%s/me answers', async (version) => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(`${idp.url}/${version}/me`, await graphToken(idp, ADA))
    expect(status).toBe(200)
    expect(body).toEqual({
      '@odata.context': `https://graph.microsoft.com/${version}/$metadata#users/$entity`,
      ...PERSON,
    })
  })

  it('has as much as $select says', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    const { body } = await get(`${idp.url}/v1.0/me?$select=id,%20department,accountEnabled`, headers)
    expect(body).toEqual({
      '@odata.context':
        'https://graph.microsoft.com/v1.0/$metadata#users(id,department,accountEnabled)/$entity',
      id: ADA_ID,
      department: null,
      accountEnabled: true,
    })
    const wrong = await get(`${idp.url}/v1.0/me?$select=DisplayName`, headers)
    expect([wrong.status, wrong.body['error']]).toMatchObject([
      400,
      {
        code: 'BadRequest',
        message:
          "Could not find a property named 'DisplayName' on type 'microsoft.graph.user'. Did you mean displayName?",
      },
    ])
  })

  it('is also found by object id and by name, as anybody else is', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    const nameAt = async (id: string) =>
      (await get(`${idp.url}/v1.0/users/${encodeURIComponent(id)}`, headers)).body['userPrincipalName']
    for (const id of [ADA_ID, ADA_ID.toUpperCase(), ADA, ADA.toUpperCase()])
      expect(await nameAt(id)).toBe(ADA)
    expect(await nameAt('bob')).toBe('bob')
  })

  it('has a token of any redirect: by code, by GUID, with a slash at the end', async () => {
    await using idp = await startIdp({
      ...CONFIG,
      clients: [{ client_id: 'web', client_secret: 's3cret', grant_types: ['password'] }],
    })
    const credentials = { client_id: 'web', client_secret: 's3cret', username: ADA, password: 'any' }
    const forms = [
      { scope: 'openid profile User.Read' },
      { scope: 'https://graph.microsoft.com/User.Read' },
      { scope: '00000003-0000-0000-c000-000000000000/User.Read' },
    ]
    for (const form of forms) {
      const token = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, {
        grant_type: 'password',
        ...credentials,
        ...form,
      })
      const { status, body } = await get(`${idp.url}/v1.0/me`, bearer(token.body['access_token']))
      expect([form.scope, claimsOf(token)['aud'], status, body['id']]).toEqual([
        form.scope,
        expect.any(String),
        200,
        ADA_ID,
      ])
    }
    const slash = await idp.token({ client: 'web', user: ADA, audience: 'https://graph.microsoft.com/' })
    expect((await get(`${idp.url}/v1.0/me`, bearer(slash))).status).toBe(200)
  })

  it('has no picture: 404 ImageNotFound, which clients take for none', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    for (const path of [
      'me/photo/$value',
      'me/photo/%24value/',
      'me/photos/48x48/$value',
      `users/${ADA_ID}/photo/$value`,
    ]) {
      const { status, body } = await get(`${idp.url}/v1.0/${path}`, headers)
      expect([path, status, body['error']]).toEqual([
        path,
        404,
        expect.objectContaining({ code: 'ImageNotFound' }),
      ])
    }
  })

  it('who is a guest has a name that tells the home', async () => {
    const guest = { username: 'gil@fabrikam.example', entra: { user_type: 'Guest' as const } }
    await using idp = await startIdp({ ...CONFIG, users: [guest] })
    const headers = await graphToken(idp, guest.username)
    const name = 'gil_fabrikam.example#EXT#@contoso.onmicrosoft.com'
    const me = await get(`${idp.url}/v1.0/me?$select=id,userPrincipalName,userType`, headers)
    expect(me.body).toMatchObject({ userPrincipalName: name, userType: 'Guest' })
    const byName = await get(`${idp.url}/v1.0/users/${encodeURIComponent(name)}`, await graphToken(idp))
    expect(byName.body['id']).toBe(me.body['id'])
  })

  it('belongs to an organisation', async () => {
    await using idp = await startIdp({ ...CONFIG, entra: { display_name: 'Contoso Ltd' } })
    const { body } = await get(`${idp.url}/v1.0/organization`, await graphToken(idp, ADA))
    expect(body['value']).toEqual([
      {
        id: TENANT,
        displayName: 'Contoso Ltd',
        tenantType: 'AAD',
        verifiedDomains: [
          { name: 'contoso.onmicrosoft.com', type: 'Managed', isDefault: true, isInitial: true },
          { name: 'contoso.example', type: 'Managed', isDefault: false, isInitial: false },
        ],
      },
    ])
  })

  it('can be asked by a page in the browser', async () => {
    await using idp = await startIdp(CONFIG)
    const origin = 'https://app.example.test'
    const preflight = await fetch(`${idp.url}/v1.0/me`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization',
    ])
    const answer = await get(`${idp.url}/v1.0/me`, { ...(await graphToken(idp, ADA)), origin })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })
})

describe('Microsoft Graph: userinfo', () => {
  it('stands at the root of the host, and has the sub of the ID token', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    const { status, body } = await get(`${idp.url}/oidc/userinfo`, headers)
    const own = await get(`${idp.url}/${TENANT}/oidc/userinfo`, headers)
    expect([status, body]).toEqual([200, own.body])
    expect(body['sub']).toEqual(expect.any(String))
    expect((await post(`${idp.url}/oidc/userinfo`, {}, headers)).body).toEqual(body)
  })

  it('is where discovery says', async () => {
    await using idp = await startIdp(CONFIG)
    const { body } = await get(`${idp.url}/${TENANT}/v2.0/.well-known/openid-configuration`)
    expect(body['userinfo_endpoint']).toBe(`${idp.url}/oidc/userinfo`)
  })

  it('is of the tenant whose token came', async () => {
    const { dialect: _, ...contoso } = CONFIG
    const fabrikam = { ...contoso, id: TENANT.replace('5b', '6b'), aliases: [] }
    await using idp = await startIdp({ dialect: 'entra', tenants: { contoso, fabrikam } })
    const audience = 'https://graph.microsoft.com'
    const token = await idp.token({ client: 'web', user: ADA, tenant: 'fabrikam', audience })
    for (const path of ['/oidc/userinfo', '/v1.0/me'])
      expect([path, (await get(`${idp.url}${path}`, bearer(token))).status]).toEqual([path, 200])
  })

  it('refuses as every userinfo endpoint does', async () => {
    await using idp = await startIdp(CONFIG)
    const answer = await answerOf(await fetch(`${idp.url}/oidc/userinfo`))
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer /),
    ])
  })
})
