import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { decode } from '../support/http.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const APP = ['c11e0000-0000-4000-8000-000000000001', 's3cret'] as const
const OTHER = 'c11e0000-0000-4000-8000-000000000003'
const V2 = { identifier: 'api://orders', id: '0e50ace0-0000-4000-8000-000000000002' }
const V1 = 'https://billing.example.test'
const GRAPH = '00000003-0000-0000-c000-000000000000'

const ALICE = {
  username: 'ada@contoso.example',
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  email: 'ada.l@contoso.example',
  roles: ['Orders.Approve', 'Everything'],
  groups: ['9d0e3d1c-0000-4000-8000-000000000001'],
}

const startTenant = (user: object = {}) => {
  const more = {
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token', 'implicit'],
  }
  return startIdp({
    dialect: 'entra',
    id: TENANT,
    users: [{ ...ALICE, ...user }],
    resources: [
      { ...V2, scopes: ['read', 'write'], roles: ['Orders.Approve'], access_token: { version: 2 } },
      { identifier: V1, scopes: ['pay'] },
    ],
    clients: [APP[0], OTHER].map((client_id) => ({ client_id, client_secret: APP[1], ...more })),
  } as ConfigInput)
}
type Idp = Awaited<ReturnType<typeof startTenant>>

const v2Client = ({ issuer }: Idp, id: string = APP[0]) => DiscoveringClient.at(issuer, id, APP[1])
const v1Client = ({ url }: Idp) => DiscoveringClient.at(`${url}/${TENANT}`, ...APP)

/** The code redeemed for what was asked. */
async function signedIn(client: DiscoveringClient, params: Record<string, string> = {}) {
  const { code } = await client.authorize(params, ALICE.username)
  const { resource, scope } = params
  const { body } = await client.redeem(code, { ...(scope && { scope }), ...(resource && { resource }) })
  const claimsOf = (name: string) => decode(String(body[name])).claims
  return { body, access: claimsOf('access_token'), id: claimsOf('id_token') }
}

const SCOPE = 'openid profile offline_access'

describe('Entra: where users sign in', () => {
  it.each([
    ['v2', { face: '/v2.0', path: 'oauth2/v2.0', login: 'login' }],
    ['v1', { face: '', path: 'oauth2', login: 'oauth2/login' }],
  ])('%s has paths of its own, its pages too', async (_version, { face, path, login }) => {
    await using idp = await startTenant()
    const mount = `${idp.url}/${TENANT}`
    const client = await DiscoveringClient.at(`${mount}${face}`, ...APP)
    expect(client.metadata).toMatchObject({
      authorization_endpoint: `${mount}/${path}/authorize`,
      end_session_endpoint: `${mount}/${path}/logout`,
      request_uri_parameter_supported: false,
    })
    expect((await client.browser.open(client.request())).url).toContain(`${mount}/${login}?`)
    // Nobody is asked whether they meant it.
    const logout = await client.browser.open(client.url('end_session_endpoint'))
    expect([logout.url, logout.status]).toEqual([`${mount}/${path}/logout`, 200])
  })

  it('sends the browser back after a logout, though its ID tokens have no sid', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const { body, id } = await signedIn(client)
    expect(id).not.toHaveProperty('sid')
    const query = { id_token_hint: String(body['id_token']), post_logout_redirect_uri: CALLBACK }
    const end = `${client.url('end_session_endpoint')}?${new URLSearchParams(query)}`
    expect((await client.browser.open(end)).left?.href).toBe(CALLBACK)
    expect(await client.authorize({ prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  it('answers with session_state and without iss', async () => {
    await using idp = await startTenant()
    const answer = await (await v2Client(idp)).authorize({}, ALICE.username)
    expect(Object.keys(answer)).toEqual(['code', 'state', 'session_state'])
  })
})

describe('Entra: ID tokens', () => {
  it('of v2 say who it is by oid and sub, the sub another for each client', async () => {
    await using idp = await startTenant()
    const { body, id } = await signedIn(await v2Client(idp), { scope: `${SCOPE} email`, nonce: 'n' })
    expect(Object.keys(id).sort()).toEqual(
      'aio aud email exp groups iat iss name nbf nonce oid preferred_username rh roles sub tid uti ver'.split(
        ' ',
      ),
    )
    expect(id).toMatchObject({
      aud: APP[0],
      iss: idp.issuer,
      email: ALICE.email,
      name: ALICE.name,
      nonce: 'n',
      preferred_username: ALICE.username,
      // The other one is of an API that the client is not.
      roles: ['Everything'],
      tid: TENANT,
      ver: '2.0',
    })
    expect(Number(id['exp']) - Number(id['iat'])).toBe(3900)
    expect(decode(String(body['id_token'])).header).toEqual({
      typ: 'JWT',
      alg: 'RS256',
      kid: expect.any(String),
    })
    const elsewhere = (await signedIn(await v2Client(idp, OTHER), { scope: SCOPE })).id
    expect(elsewhere['oid']).toBe(id['oid'])
    expect(new Set([id['oid'], id['sub'], elsewhere['sub']]).size).toBe(3)
  })

  it('of v2 have name, oid and preferred_username only with profile', async () => {
    await using idp = await startTenant()
    const { id } = await signedIn(await v2Client(idp))
    for (const name of ['name', 'oid', 'preferred_username', 'email']) expect(id).not.toHaveProperty(name)
  })

  it('of v1 always say all, and tell the key by x5t', async () => {
    await using idp = await startTenant()
    const { body, id } = await signedIn(await v1Client(idp), { resource: V1, nonce: 'n' })
    expect(id).toMatchObject({
      iss: `${idp.url}/${TENANT}/`,
      amr: ['pwd'],
      family_name: ALICE.family_name,
      given_name: ALICE.given_name,
      ipaddr: '127.0.0.1',
      unique_name: ALICE.username,
      upn: ALICE.username,
      oid: expect.any(String),
      nonce: 'n',
      ver: '1.0',
    })
    const { header } = decode(String(body['id_token']))
    expect(header['x5t']).toBe(header['kid'])
  })

  it('have hashes only where they come through the browser', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const front = await client.authorize(
      { response_type: 'code id_token token', scope: SCOPE, nonce: 'n' },
      ALICE.username,
    )
    const hashes = { at_hash: expect.any(String), c_hash: expect.any(String) }
    expect(decode(String(front['id_token'])).claims).toMatchObject(hashes)
    const { id } = await signedIn(client)
    for (const name of ['at_hash', 'c_hash', 'auth_time']) expect(id).not.toHaveProperty(name)
  })

  it('have sid, login_hint and auth_time where they are asked for', async () => {
    await using idp = await startTenant()
    const claims = JSON.stringify({ id_token: { sid: null, login_hint: { essential: false } } })
    const { id } = await signedIn(await v2Client(idp), { claims, max_age: '600' })
    expect(id).toMatchObject({
      sid: expect.any(String),
      login_hint: ALICE.username,
      auth_time: expect.any(Number),
    })
  })

  it('are no access tokens', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const { body } = await signedIn(client)
    expect((await client.userinfo(body['id_token'])).status).toBe(401)
  })
})

describe('Entra: access tokens of users', () => {
  it('for an API of v2 have scp, the GUID of the API and the roles there', async () => {
    await using idp = await startTenant()
    const scope = `${V2.identifier}/read ${SCOPE}`
    const { body, access, id } = await signedIn(await v2Client(idp), { scope })
    expect(Object.keys(access).sort()).toEqual(
      'aio aud azp azpacr exp groups iat iss name nbf oid preferred_username rh roles scp sub tid uti ver'.split(
        ' ',
      ),
    )
    expect(access).toMatchObject({
      aud: V2.id,
      iss: idp.issuer,
      azp: APP[0],
      azpacr: '1',
      scp: 'read',
      oid: id['oid'],
      ver: '2.0',
    })
    // The subject is one for the API, whatever client asks.
    const elsewhere = (await signedIn(await v2Client(idp, OTHER), { scope })).access
    expect([access['sub'], access['sub'] === id['sub']]).toEqual([elsewhere['sub'], false])
    expect(access['roles']).toEqual(ALICE.roles)
    expect(body).toMatchObject({ scope: `${V2.identifier}/read openid profile` })
    const keys = createRemoteJWKSet(new URL(`${idp.url}/${TENANT}/discovery/v2.0/keys`))
    await expect(jwtVerify(String(body['access_token']), keys, { issuer: idp.issuer })).resolves.toBeDefined()
  })

  it('for an API of v1 have its App ID URI, whichever endpoint is asked', async () => {
    await using idp = await startTenant()
    const atV1 = await signedIn(await v1Client(idp), { resource: V1 })
    const atV2 = await signedIn(await v2Client(idp), { scope: `${V1}/pay ${SCOPE}` })
    for (const { access } of [atV1, atV2])
      expect(access).toMatchObject({
        aud: V1,
        iss: `${idp.url}/${TENANT}/`,
        acr: '1',
        amr: ['pwd'],
        appid: APP[0],
        appidacr: '1',
        scp: 'pay',
        unique_name: ALICE.username,
        upn: ALICE.username,
        roles: ['Everything'],
        ver: '1.0',
      })
  })

  it('without a resource are for Graph, and open userinfo', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const { body, access, id } = await signedIn(client, { scope: `${SCOPE} email` })
    expect(access).toMatchObject({ aud: GRAPH, scp: 'openid profile email' })
    expect((await client.userinfo(body['access_token'])).body).toEqual({
      sub: id['sub'],
      name: ALICE.name,
      given_name: ALICE.given_name,
      family_name: ALICE.family_name,
      email: ALICE.email,
    })
  })

  it('keep the sub that the configuration gives', async () => {
    await using idp = await startTenant({ sub: 'ada' })
    const { access, id } = await signedIn(await v2Client(idp), { scope: SCOPE })
    expect([access['sub'], id['sub'], id['oid']]).toEqual(['ada', 'ada', 'ada'])
  })
})
