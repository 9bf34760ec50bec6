import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { decode, post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const WEB = 'c11e0000-0000-4000-8000-000000000001'
const MIDDLE = 'c11e0000-0000-4000-8000-000000000002'
const PUBLIC = 'c11e0000-0000-4000-8000-000000000003'
const OBO = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const ORDERS = { identifier: 'api://orders', id: '0e50ace0-0000-4000-8000-000000000009' }
const ADA = 'ada@contoso.example'

const start = (middle: object = {}) =>
  startIdp({
    dialect: 'entra',
    id: TENANT,
    users: [{ username: ADA, name: 'Ada Lovelace', roles: ['Orders.Approve'] }, { username: 'bob' }],
    resources: [
      { identifier: 'api://middle', id: MIDDLE, scopes: ['access'], access_token: { version: 2 } },
      { ...ORDERS, scopes: ['read', 'write'], access_token: { version: 2 } },
      { identifier: 'https://billing.example.test', scopes: ['pay'] },
    ],
    clients: [
      {
        client_id: WEB,
        client_secret: 's3cret',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'client_credentials'],
      },
      { client_id: MIDDLE, client_secret: 's3cret', grant_types: [OBO, 'refresh_token'], ...middle },
      { client_id: PUBLIC, grant_types: [OBO] },
    ],
  } as ConfigInput)
type Idp = Awaited<ReturnType<typeof start>>

const SCOPE = 'api://orders/read openid profile offline_access'

/** As MSAL asks. */
const ask = (idp: Idp, assertion: string, form: Record<string, string | undefined> = {}) => {
  const usual = {
    client_id: MIDDLE,
    client_secret: 's3cret',
    grant_type: OBO,
    requested_token_use: 'on_behalf_of',
    assertion,
    scope: SCOPE,
    client_info: '1',
    claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
  }
  const sent = Object.entries({ ...usual, ...form }).filter((pair): pair is [string, string] => !!pair[1])
  return post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, sent)
}

const called = (idp: Idp, more: object = {}) =>
  idp.token({ client: WEB, user: ADA, resource: 'api://middle', scope: 'access', ...more })

describe('Entra: on behalf of', () => {
  it('gives tokens of the same user for the next API, as far as they are asked for', async () => {
    await using idp = await start()
    const answer = await ask(idp, await called(idp))
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({
      token_type: 'Bearer',
      scope: 'api://orders/read openid profile',
      refresh_token: expect.any(String),
    })
    const before = decode(await called(idp)).claims
    expect(claimsOf(answer)).toMatchObject({
      aud: ORDERS.id,
      azp: MIDDLE,
      azpacr: '1',
      oid: before['oid'],
      scp: 'read',
    })
    const { uid, utid } = JSON.parse(Buffer.from(String(answer.body['client_info']), 'base64url').toString())
    expect([uid, utid]).toEqual([before['oid'], TENANT])
    expect(decode(String(answer.body['id_token'])).claims).toMatchObject({
      aud: MIDDLE,
      oid: before['oid'],
      preferred_username: ADA,
    })
  })

  it('takes the token of a login, by each of the names that the API has', async () => {
    await using idp = await start()
    const client = await DiscoveringClient.at(idp.issuer, WEB, 's3cret')
    const { code } = await client.authorize({ scope: 'api://middle/access' }, ADA)
    const { body } = await client.redeem(code, { scope: 'api://middle/access' })
    expect((await ask(idp, String(body['access_token']))).status).toBe(200)
    for (const audience of [MIDDLE, `api://${MIDDLE}`])
      expect((await ask(idp, await called(idp, { resource: undefined, audience }))).status).toBe(200)
  })

  it('goes on from API to API, and its refresh token too', async () => {
    await using idp = await start()
    const first = await ask(idp, await called(idp))
    const form = { grant_type: 'refresh_token', client_id: MIDDLE, client_secret: 's3cret' }
    const refresh_token = String(first.body['refresh_token'])
    const scope = 'https://billing.example.test/pay'
    const next = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, { ...form, refresh_token, scope })
    expect(claimsOf(next)).toMatchObject({ aud: 'https://billing.example.test', scp: 'pay', upn: ADA })
    const own = await ask(idp, await called(idp), { scope: 'api://middle/access' })
    expect((await ask(idp, String(own.body['access_token']))).status).toBe(200)
  })

  it('gives neither ID token nor refresh token where they are not asked for', async () => {
    await using idp = await start()
    const { body } = await ask(idp, await called(idp), {
      scope: 'api://orders/.default',
      client_info: undefined,
    })
    for (const name of ['id_token', 'refresh_token', 'client_info']) expect(body).not.toHaveProperty(name)
    expect(body['scope']).toContain('api://orders/.default')
  })

  it('works at v1, where the resource stands by itself', async () => {
    await using idp = await start()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/token`, {
      client_id: MIDDLE,
      client_secret: 's3cret',
      grant_type: OBO,
      requested_token_use: 'on_behalf_of',
      assertion: await called(idp),
      resource: 'https://billing.example.test',
    })
    expect(answer.status, answer.text).toBe(200)
    expect(claimsOf(answer)).toMatchObject({ aud: 'https://billing.example.test', upn: ADA })
  })
})

describe('Entra: on behalf of, refused', () => {
  type Case = (idp: Idp) => Promise<Awaited<ReturnType<typeof ask>>>

  const forged = async (idp: Idp) => {
    const [header, claims] = (await called(idp)).split('.')
    return `${header}.${claims}.${Buffer.alloc(256, 1).toString('base64url')}`
  }
  const foreign = async (idp: Idp) => {
    const { privateKey } = await makeKey('RS256')
    return await new SignJWT(decode(await called(idp)).claims)
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey)
  }
  const idToken = async (idp: Idp) => {
    const { body } = await ask(idp, await called(idp))
    return String(body['id_token'])
  }

  it.each<[what: string, code: number, error: string, make: Case]>([
    ['a broken signature', 50013, 'invalid_grant', async (idp) => ask(idp, await forged(idp))],
    ['the signature of somebody else', 50013, 'invalid_grant', async (idp) => ask(idp, await foreign(idp))],
    ['what is no JWT', 50027, 'invalid_grant', (idp) => ask(idp, 'nonsense')],
    ['an ID token', 50027, 'invalid_grant', async (idp) => ask(idp, await idToken(idp))],
    [
      'the token of a client',
      50027,
      'invalid_grant',
      async (idp) => ask(idp, await idp.token({ client: WEB, resource: 'api://middle' })),
    ],
    [
      'a token for another API',
      500131,
      'invalid_grant',
      async (idp) => ask(idp, await called(idp, { resource: 'api://orders', scope: 'read' })),
    ],
    [
      'no requested_token_use',
      900144,
      'invalid_request',
      async (idp) => ask(idp, await called(idp), { requested_token_use: undefined }),
    ],
    [
      'another requested_token_use',
      9002313,
      'invalid_request',
      async (idp) => ask(idp, await called(idp), { requested_token_use: 'impersonation' }),
    ],
    ['no assertion', 900144, 'invalid_request', (idp) => ask(idp, '')],
    [
      'a scope that the client may not have',
      65001,
      'invalid_grant',
      async (idp) => ask(idp, await called(idp), { scope: 'api://orders/delete' }),
    ],
    [
      'an API that nobody declares',
      500011,
      'invalid_resource',
      async (idp) => ask(idp, await called(idp), { scope: 'api://nowhere/.default' }),
    ],
    [
      'a public client',
      7000218,
      'invalid_client',
      async (idp) => ask(idp, await called(idp), { client_id: PUBLIC, client_secret: undefined }),
    ],
  ])('%s: AADSTS%i', async (_what, code, error, make) => {
    await using idp = await start()
    const { status, body } = await make(idp)
    expect([status, body['error'], body['error_codes']]).toEqual([
      error === 'invalid_client' ? 401 : 400,
      error,
      [code],
    ])
  })

  it('an expired token: AADSTS500133', async () => {
    await using idp = await start()
    const assertion = await called(idp, { lifetime: '5m' })
    await idp.clock.advance('6m')
    expect((await ask(idp, assertion)).body).toMatchObject({ error: 'invalid_grant', error_codes: [500133] })
  })

  it('a user who has not consented, until they have: AADSTS65001, for MSAL to ask them', async () => {
    await using idp = await start({
      consent: true,
      redirect_uris: [CALLBACK],
      grant_types: [OBO, 'authorization_code', 'refresh_token'],
    })
    const assertion = await called(idp)
    expect((await ask(idp, assertion)).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [65001],
      suberror: 'consent_required',
    })
    const client = await DiscoveringClient.at(idp.issuer, MIDDLE, 's3cret')
    await client.authorize({ scope: 'api://orders/read' }, ADA)
    expect((await ask(idp, assertion)).status).toBe(200)
    expect((await ask(idp, assertion, { scope: 'api://orders/write' })).body['error_codes']).toEqual([65001])
  })
})
