import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { decode } from '../support/http.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const APP = ['c11e0000-0000-4000-8000-000000000001', 's3cret'] as const
const ORDERS = 'api://orders'
const BILLING = 'https://billing.example.test/'
const BARE = 'api://bare'
const GRAPH = 'https://graph.microsoft.com'
const OPENID = 'openid profile offline_access'

type ClientInput = NonNullable<ConfigInput['clients']>[number]

const startTenant = (more: Partial<ClientInput> = {}) =>
  startIdp({
    dialect: 'entra',
    id: TENANT,
    users: [{ username: 'alice' }],
    resources: [
      { identifier: ORDERS, scopes: ['read', 'write'] },
      { identifier: BILLING, scopes: ['pay'] },
      { identifier: BARE },
      { identifier: GRAPH, scopes: ['User.Read'] },
    ],
    clients: [
      {
        client_id: APP[0],
        client_secret: APP[1],
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token', 'password'],
        ...more,
      },
    ],
  } as ConfigInput)
type Idp = Awaited<ReturnType<typeof startTenant>>

const v2Client = ({ issuer }: Idp) => DiscoveringClient.at(issuer, ...APP)
const v1Client = ({ url }: Idp) => DiscoveringClient.at(`${url}/${TENANT}`, ...APP)
const scp = (body: Record<string, unknown>) => {
  const { aud, scp: scopes } = decode(String(body['access_token'])).claims
  return [aud, scopes]
}

describe('Entra: scopes of v2', () => {
  it.each([
    [`${ORDERS}/read ${OPENID}`, [ORDERS, 'read'], `${ORDERS}/read openid profile`],
    [`${ORDERS}/read ${ORDERS}/write`, [ORDERS, 'read write'], `${ORDERS}/read ${ORDERS}/write`],
    [
      `${ORDERS}/.default openid`,
      [ORDERS, 'read write'],
      `${ORDERS}/read ${ORDERS}/write ${ORDERS}/.default openid`,
    ],
    [`${BILLING}/pay openid`, [BILLING, 'pay'], `${BILLING}/pay openid`],
    [
      `${BARE}/.default openid`,
      [BARE, 'user_impersonation'],
      `${BARE}/user_impersonation ${BARE}/.default openid`,
    ],
  ])('%s is %j in the token', async (scope, claims, answered) => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const { code } = await client.authorize({ scope })
    const { body } = await client.redeem(code, { scope })
    expect([scp(body), body['scope']]).toEqual([claims, answered])
    // The scope may be left out where the code is redeemed.
    const again = await client.redeem((await client.authorize({ scope }))['code'])
    expect(scp(again.body)).toEqual(claims)
  })

  it('may be of several APIs in one sign-in, and of one in a token', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const scope = `${ORDERS}/read ${BILLING}/pay openid offline_access`
    const { code } = await client.authorize({ scope })
    const refused = await client.redeem(code, { scope })
    expect(refused.body).toMatchObject({ error: 'invalid_request', error_codes: [28000] })
    const redeemed = await client.redeem(code, { scope: `${BILLING}/pay` })
    expect(scp(redeemed.body)).toEqual([BILLING, 'pay'])
    const first = await client.redeem((await client.authorize({ scope }))['code'])
    expect(scp(first.body)).toEqual([ORDERS, 'read'])
  })

  it.each(['User.Read', `${GRAPH}/User.Read`])(
    'of Graph are answered as they were asked: %s',
    async (name) => {
      await using idp = await startTenant()
      const client = await v2Client(idp)
      const scope = `${name} openid`
      const { body } = await client.redeem((await client.authorize({ scope }))['code'], { scope })
      // MSAL finds the token again by the scope of the answer.
      expect([scp(body), body['scope']]).toEqual([[GRAPH, 'User.Read openid'], scope])
      expect((await client.userinfo(body['access_token'])).status).toBe(200)
    },
  )

  it('work with a password too', async () => {
    await using idp = await startTenant()
    const form = { grant_type: 'password', username: 'alice', password: 'any' }
    const { body } = await (await v2Client(idp)).token({ ...form, scope: `${ORDERS}/write openid` })
    expect(scp(body)).toEqual([ORDERS, 'write'])
  })
})

describe('Entra: refreshing', () => {
  it('gets tokens for other APIs that the client may have', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const signedIn = await client.redeem((await client.authorize({ scope: OPENID }))['code'])
    let { refresh_token } = signedIn.body
    for (const [scope, claims] of [
      [`${ORDERS}/read ${OPENID}`, [ORDERS, 'read']],
      [`${ORDERS}/.default ${OPENID}`, [ORDERS, 'read write']],
      [`${BILLING}/pay ${OPENID}`, [BILLING, 'pay']],
    ] as const) {
      const { body } = await client.refresh(refresh_token, { scope })
      expect(scp(body)).toEqual(claims)
      refresh_token = body['refresh_token']
    }
  })

  it.each([
    ['does not exist', {}, `${ORDERS}/nope`],
    ['is not registered for the client', { scope: 'read' }, `${ORDERS}/write`],
    ['the user would be asked about', { consent: true }, `${ORDERS}/read`],
  ])('has the user sign in again for a scope that %s', async (_why, more, scope) => {
    await using idp = await startTenant(more)
    const client = await v2Client(idp)
    const { body } = await client.redeem((await client.authorize({ scope: OPENID }))['code'])
    const refused = await client.refresh(body['refresh_token'], { scope: `${scope} ${OPENID}` })
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'consent_required',
      error_codes: [65001],
      error_description: expect.stringContaining(`application with ID '${APP[0]}'`),
    })
  })

  it('needs offline_access at v2, and nothing at v1', async () => {
    await using idp = await startTenant()
    const [v2, v1] = [await v2Client(idp), await v1Client(idp)]
    const without = await v2.redeem((await v2.authorize({ scope: 'openid' }))['code'])
    expect(without.body).not.toHaveProperty('refresh_token')
    const { body } = await v1.redeem((await v1.authorize({ resource: ORDERS }))['code'])
    expect(body).toHaveProperty('refresh_token')
    const { body: other } = await v1.refresh(body['refresh_token'], { resource: BILLING })
    expect(scp(other)).toEqual([BILLING, 'pay'])
  })
})

describe('Entra: token answers for users', () => {
  it('have numbers at v2, and client_info where it is asked for', async () => {
    await using idp = await startTenant()
    const client = await v2Client(idp)
    const scope = `${ORDERS}/read ${OPENID}`
    const { body } = await client.redeem((await client.authorize({ scope }))['code'], { client_info: '1' })
    expect(Object.entries(body)).toEqual([
      ['token_type', 'Bearer'],
      ['scope', `${ORDERS}/read openid profile`],
      ['expires_in', 3599],
      ['ext_expires_in', 3599],
      ['access_token', expect.any(String)],
      ['refresh_token', expect.any(String)],
      ['id_token', expect.any(String)],
      ['client_info', expect.any(String)],
    ])
    const { oid } = decode(String(body['id_token'])).claims
    const info = Buffer.from(String(body['client_info']), 'base64url').toString()
    expect(JSON.parse(info)).toEqual({ uid: oid, utid: TENANT })
  })

  it('have texts at v1, where every sign-in has an ID token', async () => {
    await using idp = await startTenant()
    const client = await v1Client(idp)
    const { code } = await client.authorize({ scope: undefined, resource: ORDERS })
    const { body } = await client.redeem(code, { resource: ORDERS })
    expect(Object.entries(body)).toEqual([
      ['token_type', 'Bearer'],
      ['scope', 'read write'],
      ['expires_in', '3599'],
      ['ext_expires_in', '3599'],
      ['expires_on', expect.stringMatching(/^\d+$/)],
      ['not_before', expect.stringMatching(/^\d+$/)],
      ['resource', ORDERS],
      ['access_token', expect.any(String)],
      ['refresh_token', expect.any(String)],
      ['id_token', expect.any(String)],
    ])
  })
})
