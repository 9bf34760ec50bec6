import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get, post } from '../support/http.ts'
import { bearer, claimsOf, headerOf } from '../support/token.ts'

const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
const DOMAIN = 'contoso.onmicrosoft.com'
const CREDENTIALS = { client_id: 'c11e0000-0000-4000-8000-000000000001', client_secret: 's3cret' }
const API_V1 = 'https://vault.example.test/'
const API_V2 = { identifier: 'api://orders', id: '0e50ace0-0000-4000-8000-000000000002' }
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const tenant = {
  dialect: 'entra' as const,
  id: TENANT,
  aliases: [DOMAIN],
  resources: [
    { identifier: API_V1, roles: ['Keys.Read'] },
    { ...API_V2, roles: ['Orders.Read.All'], access_token: { version: 2 } },
  ],
  clients: [{ ...CREDENTIALS, roles: ['Keys.Read', 'Orders.Read.All'] }],
}
const startTenant = () => startIdp(tenant)

const v1 = { grant_type: 'client_credentials', ...CREDENTIALS, resource: API_V1 }
const v2 = { grant_type: 'client_credentials', ...CREDENTIALS, scope: `${API_V2.identifier}/.default` }

describe('Entra: token version and audience follow the resource', () => {
  it('issues a v1 token with the App ID URI as audience, its slash kept', async () => {
    await using idp = await startTenant()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/token`, v1)
    const claims = claimsOf(answer)
    expect(Object.keys(claims)).toEqual(
      'aud iss iat nbf exp aio appid appidacr idp oid rh roles sub tid uti ver'.split(' '),
    )
    expect(claims).toMatchObject({
      aud: API_V1,
      iss: `${idp.url}/${TENANT}/`,
      idp: `${idp.url}/${TENANT}/`,
      appid: CREDENTIALS.client_id,
      appidacr: '1',
      oid: claims['sub'],
      roles: ['Keys.Read'],
      tid: TENANT,
      uti: expect.stringMatching(/^[\w-]{22}$/),
      ver: '1.0',
    })
    expect(claims['nbf']).toBe(claims['iat'])
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(3900)
    const { kid, ...header } = headerOf(answer)
    expect(header).toEqual({ typ: 'JWT', alg: 'RS256', x5t: kid })
  })

  it('issues a v2 token with the GUID of the resource as audience', async () => {
    await using idp = await startTenant()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, v2)
    const claims = claimsOf(answer)
    expect(Object.keys(claims)).toEqual(
      'aud iss iat nbf exp aio azp azpacr oid rh roles sub tid uti ver'.split(' '),
    )
    expect(claims).toMatchObject({
      aud: API_V2.id,
      iss: `${idp.url}/${TENANT}/v2.0`,
      azp: CREDENTIALS.client_id,
      azpacr: '1',
      oid: claims['sub'],
      roles: ['Orders.Read.All'],
      ver: '2.0',
    })
    expect(headerOf(answer)).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String) })
  })

  it('issues either at either endpoint', async () => {
    await using idp = await startTenant()
    const atV1 = await post(`${idp.url}/${TENANT}/oauth2/token`, { ...v1, resource: API_V2.identifier })
    expect(claimsOf(atV1)).toMatchObject({ ver: '2.0', aud: API_V2.id })
    const atV2 = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, { ...v2, scope: `${API_V1}/.default` })
    expect(claimsOf(atV2)).toMatchObject({ ver: '1.0', aud: API_V1 })
    const byGuid = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, {
      ...v2,
      scope: `${API_V2.id}/.default`,
    })
    expect(claimsOf(byGuid)).toMatchObject({ ver: '2.0', aud: API_V2.id })
  })

  it('leaves roles out where the client has none at the resource', async () => {
    await using idp = await startIdp({ ...tenant, clients: [CREDENTIALS] })
    const claims = claimsOf(await post(`${idp.url}/${TENANT}/oauth2/token`, v1))
    expect(claims).not.toHaveProperty('roles')
    expect(claims).not.toHaveProperty('scp')
  })
})

describe('Entra: token answers', () => {
  it('has texts for numbers at v1', async () => {
    await using idp = await startTenant()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/token`, v1)
    const { exp, nbf } = claimsOf(answer)
    expect(Object.entries(answer.body)).toEqual([
      ['token_type', 'Bearer'],
      ['expires_in', '3599'],
      ['ext_expires_in', '3599'],
      ['expires_on', String(exp)],
      ['not_before', String(nbf)],
      ['resource', API_V1],
      ['access_token', expect.any(String)],
    ])
  })

  it('has numbers, and no scope, at v2', async () => {
    await using idp = await startTenant()
    const { body } = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, v2)
    expect(Object.entries(body)).toEqual([
      ['token_type', 'Bearer'],
      ['expires_in', 3599],
      ['ext_expires_in', 3599],
      ['access_token', expect.any(String)],
    ])
  })

  it.each(['oauth2/token', 'oauth2/v2.0/token'])(
    'sends the headers of the real service at %s',
    async (path) => {
      await using idp = await startTenant()
      const { headers } = await post(`${idp.url}/${TENANT}/${path}`, path.includes('v2.0') ? v2 : v1)
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store, no-cache',
        pragma: 'no-cache',
        expires: '-1',
        'x-ms-request-id': expect.stringMatching(UUID),
        'x-ms-ests-server': expect.any(String),
        'x-ms-clitelem': '1,0,0,,',
      })
    },
  )
})

describe('Entra: tenants', () => {
  it.each([
    ['GUID', TENANT],
    ['GUID in capitals', TENANT.toUpperCase()],
    ['domain', DOMAIN],
    ['domain in another case', 'Contoso.OnMicrosoft.com'],
    ['name', 'default'],
  ])('are found by %s, and speak of themselves by GUID', async (_name, segment) => {
    await using idp = await startTenant()
    for (const [path, issuer, token] of [
      ['/v2.0', `${TENANT}/v2.0`, `${TENANT}/oauth2/v2.0/token`],
      ['', `${TENANT}/`, `${TENANT}/oauth2/token`],
    ]) {
      const { body } = await get(`${idp.url}/${segment}${path}/.well-known/openid-configuration`)
      expect(body).toMatchObject({ issuer: `${idp.url}/${issuer}`, token_endpoint: `${idp.url}/${token}` })
    }
    const answer = await post(`${idp.url}/${segment}/oauth2/v2.0/token`, v2)
    expect(claimsOf(answer)).toMatchObject({ iss: `${idp.url}/${TENANT}/v2.0`, tid: TENANT })
  })

  it('get a GUID that is always the same where the configuration gives none', async () => {
    const { id: _left, ...unnamed } = tenant
    await using one = await startIdp(unnamed)
    await using two = await startIdp(unnamed)
    expect(new URL(one.issuer).pathname.split('/')[1]).toMatch(UUID)
    expect(new URL(one.issuer).pathname).toBe(new URL(two.issuer).pathname)
  })
})

describe('Entra: keys', () => {
  it.each([
    ['v1', '/discovery/keys', 'kty use kid n e x5c x5t'],
    ['v2', '/discovery/v2.0/keys', 'kty use kid n e x5c x5t cloud_instance_name issuer'],
  ])('have the members of %s, and the thumbprint as kid', async (version, path, members) => {
    await using idp = await startTenant()
    const { body } = await get(`${idp.url}/${TENANT}${path}`)
    const [key] = body['keys'] as Record<string, unknown>[]
    expect(Object.keys(key ?? {})).toEqual(members.split(' '))
    expect(key?.['kid']).toBe(key?.['x5t'])
    const issuer = version === 'v2' ? `${idp.url}/${TENANT}/v2.0` : undefined
    expect(key?.['issuer']).toBe(issuer)
  })

  it('verify the tokens of both versions', async () => {
    await using idp = await startTenant()
    for (const [path, form, issuer] of [
      ['oauth2/token', v1, `${idp.url}/${TENANT}/`],
      ['oauth2/v2.0/token', v2, `${idp.url}/${TENANT}/v2.0`],
    ] as const) {
      const { body } = await post(`${idp.url}/${TENANT}/${path}`, form)
      const keys = createRemoteJWKSet(new URL(`${idp.url}/${TENANT}/discovery/v2.0/keys`))
      await expect(jwtVerify(String(body['access_token']), keys, { issuer })).resolves.toBeDefined()
    }
  })

  it('open userinfo, which says who the token is about', async () => {
    await using idp = await startTenant()
    const answer = await post(`${idp.url}/${TENANT}/oauth2/token`, v1)
    const { body } = await get(`${idp.url}/${TENANT}/openid/userinfo`, bearer(answer.body['access_token']))
    expect(body).toEqual({ sub: claimsOf(answer)['sub'] })
  })
})
