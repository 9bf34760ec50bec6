import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get, post } from '../support/http.ts'
import { CONFIG, imds, MACHINE, ORDERS, STORAGE, TENANT, verified } from '../support/managed_identity.ts'
import { claimsOf } from '../support/token.ts'

const TOKEN = '/metadata/identity/oauth2/token'

describe('IMDS: a token of a virtual machine', () => {
  it('has numbers as text, and says again what it is for', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, headers, body } = await imds(idp, { 'api-version': '2018-02-01', resource: STORAGE })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    const { exp, nbf } = await verified(idp, body['access_token'])
    expect(body).toEqual({
      access_token: expect.any(String),
      client_id: MACHINE.client_id,
      expires_in: '86399',
      expires_on: String(exp),
      ext_expires_in: '86399',
      not_before: String(nbf),
      resource: STORAGE,
      token_type: 'Bearer',
    })
  })

  it('is a v1 token of an application, for a day, which tells the resource id of the identity', async () => {
    await using idp = await startIdp(CONFIG)
    const claims = claimsOf(await imds(idp, { resource: STORAGE }))
    expect(Object.keys(claims)).toEqual(
      'aud iss iat nbf exp aio appid appidacr idp oid rh roles sub tid uti ver xms_mirid'.split(' '),
    )
    expect(claims).toMatchObject({
      aud: STORAGE,
      iss: `${idp.url}/${TENANT}/`,
      appid: MACHINE.client_id,
      appidacr: '2',
      idp: `${idp.url}/${TENANT}/`,
      oid: MACHINE.object_id,
      sub: MACHINE.object_id,
      roles: MACHINE.roles,
      tid: TENANT,
      ver: '1.0',
      xms_mirid: MACHINE.resource_id,
    })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(86_400 + 300)
  })

  it('has the issuer of the tenant, whatever the machine calls the provider', async () => {
    await using idp = await startIdp({ ...CONFIG, issuer: { url: 'https://login.example.test' } })
    const elsewhere = idp.url.replace('localhost', '127.0.0.1')
    const answer = await get(`${elsewhere}${TOKEN}?resource=${STORAGE}`, { metadata: 'true' })
    expect(claimsOf(answer)['iss']).toBe(`https://login.example.test/${TENANT}/`)
    await using local = await startIdp(CONFIG)
    const here = await get(`${local.url.replace('localhost', '127.0.0.1')}${TOKEN}?resource=${STORAGE}`, {
      metadata: 'true',
    })
    expect(claimsOf(here)['iss']).toBe(`${local.url}/${TENANT}/`)
  })

  it('has the version that the resource wants, and lives as long as is configured', async () => {
    const id = '0e50ace0-0000-4000-8000-000000000002'
    const resources = [{ identifier: STORAGE, id, access_token: { version: 2 } }]
    await using idp = await startIdp({ ...CONFIG, resources, lifetimes: { access_token: '10m' } })
    const answer = await imds(idp, { resource: STORAGE })
    expect(answer.body).toMatchObject({ expires_in: '599', resource: STORAGE })
    expect(claimsOf(answer)).toMatchObject({ aud: id, azp: MACHINE.client_id, azpacr: '2', ver: '2.0' })
  })

  it('expires as the clock of the provider goes', async () => {
    await using idp = await startIdp(CONFIG)
    const first = await imds(idp, { resource: STORAGE })
    await idp.clock.advance('23h')
    const second = await imds(idp, { resource: STORAGE })
    const seconds = Number(second.body['expires_on']) - Number(first.body['expires_on'])
    expect(seconds).toBeGreaterThanOrEqual(23 * 3600)
  })
})

describe('IMDS: which identity', () => {
  it.each([
    ['client_id', ORDERS.client_id],
    ['client_id', ORDERS.client_id.toLowerCase()],
    ['object_id', ORDERS.object_id],
    ['principal_id', ORDERS.object_id],
    ['msi_res_id', ORDERS.resource_id],
    ['mi_res_id', ORDERS.resource_id.toUpperCase()],
  ])('is the one that %s %s selects, and the answer says it again', async (name, value) => {
    await using idp = await startIdp(CONFIG)
    const answer = await imds(idp, { resource: STORAGE, [name]: value })
    expect(claimsOf(answer)).toMatchObject({ appid: ORDERS.client_id, oid: ORDERS.object_id })
    expect(claimsOf(answer)).not.toHaveProperty('roles')
    expect(answer.body).toMatchObject(name === 'client_id' ? {} : { [name]: value })
  })

  it('is none that is not declared: 400 with the words of the real one', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, headers, body } = await imds(idp, { resource: STORAGE, client_id: 'somebody' })
    expect(status).toBe(400)
    expect(body).toEqual({ error: 'invalid_request', error_description: 'Identity not found' })
    expect(headers.get('x-mock-reason')).toBe('identity.unknown')
  })

  it('is not two at once', async () => {
    await using idp = await startIdp(CONFIG)
    const both = { client_id: ORDERS.client_id, object_id: MACHINE.object_id }
    const { status, body } = await imds(idp, { resource: STORAGE, ...both })
    expect([status, body]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: 'client_id and object_id came, send one of them',
      },
    ])
  })

  it('is the only one that a user assigned where the system assigned none', async () => {
    await using one = await startIdp({ ...CONFIG, managed_identity: { identities: [ORDERS] } })
    expect(claimsOf(await imds(one, { resource: STORAGE }))['oid']).toBe(ORDERS.object_id)
    const identities = [ORDERS, { name: 'billing' }]
    await using two = await startIdp({ ...CONFIG, managed_identity: { identities } })
    const { status, body } = await imds(two, { resource: STORAGE })
    expect(status).toBe(400)
    expect(body['error_description']).toMatch(/^Multiple user assigned identities exist/)
  })

  it('is there without any configuration, with the same ids at every start', async () => {
    const config = { dialect: 'entra', resources: [{ identifier: STORAGE }] }
    await using one = await startIdp(config)
    await using two = await startIdp(config)
    const tokens = [one, two].map(async (idp) => claimsOf(await imds(idp, { resource: STORAGE })))
    const [first, second] = await Promise.all(tokens)
    expect(first).toMatchObject({ appid: second?.['appid'], oid: second?.['oid'] })
    expect(first?.['appid']).not.toBe(first?.['oid'])
    expect(first?.['xms_mirid']).toMatch(
      /^\/subscriptions\/[\da-f-]{36}\/resourceGroups\/.+\/virtualMachines\/system$/,
    )
  })

  it('is one of the tenant that declares it; the first tenant has the others', async () => {
    const { dialect: _, ...tenant } = CONFIG
    const other = { ...tenant, id: TENANT.replace('5b', '6b'), aliases: ['fabrikam.onmicrosoft.com'] }
    const [contoso, fabrikam] = [[MACHINE], [{ ...ORDERS, type: 'SystemAssigned' as const }]]
    await using idp = await startIdp({
      dialect: 'entra',
      tenants: {
        contoso: { ...tenant, managed_identity: { identities: contoso } },
        fabrikam: { ...other, managed_identity: { identities: fabrikam } },
      },
    })
    const tidOf = async (query: Record<string, string>, path?: string) =>
      claimsOf(await imds(idp, { resource: STORAGE, ...query }, path))['tid']
    expect(await tidOf({})).toBe(TENANT)
    expect(await tidOf({ client_id: ORDERS.client_id })).toBe(other.id)
    for (const name of ['fabrikam', 'FABRIKAM.onmicrosoft.com', other.id])
      expect(await tidOf({}, `/${name}`)).toBe(other.id)
    const { status, body } = await imds(idp, { resource: STORAGE }, '/northwind')
    expect([status, body['error_description']]).toEqual([400, 'Identity not found'])
  })
})

describe('IMDS: requests', () => {
  it('are answered with a slash at the end, with two at the beginning, and below a base path', async () => {
    await using idp = await startIdp({ ...CONFIG, server: { base_path: '/auth' } })
    for (const path of [`${TOKEN}/`, `/${TOKEN}`, `/${TOKEN}/`, `/contoso.onmicrosoft.com${TOKEN}`]) {
      const { status } = await get(`${idp.url}${path}?resource=${STORAGE}`, { metadata: 'true' })
      expect([path, status]).toEqual([path, 200])
    }
  })

  it('need the Metadata header, and the probe that has nothing at all is told so', async () => {
    await using idp = await startIdp(CONFIG)
    for (const query of ['', `?resource=${STORAGE}`]) {
      const { status, body } = await get(`${idp.url}${TOKEN}${query}`)
      expect([status, body]).toEqual([
        400,
        { error: 'invalid_request', error_description: 'Required metadata header not specified' },
      ])
    }
    const other = await get(`${idp.url}${TOKEN}?resource=${STORAGE}`, { metadata: 'false' })
    expect(other.status).toBe(400)
  })

  it('come from the machine itself, not through a proxy', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = { metadata: 'true', 'x-forwarded-for': '10.0.0.1' }
    const { status, body } = await get(`${idp.url}${TOKEN}?resource=${STORAGE}`, headers)
    expect([status, body['error']]).toEqual([400, 'invalid_request'])
    expect(body['error_description']).toContain('X-Forwarded-For')
  })

  it('name a resource that the tenant knows', async () => {
    await using idp = await startIdp(CONFIG)
    const none = await imds(idp, {})
    expect([none.status, none.body]).toEqual([
      400,
      { error: 'invalid_request', error_description: "Required query variable 'resource' is missing" },
    ])
    const { status, headers, body } = await imds(idp, { resource: 'https://vault.example.test' })
    expect([status, body['error']]).toEqual([400, 'invalid_resource'])
    expect(body['error_description']).toMatch(
      /^AADSTS500011: The resource principal named https:\/\/vault\.example\.test was not found in the tenant named /,
    )
    expect(headers.get('x-mock-reason')).toBe('resource.unknown')
  })

  it('name resources of Azure itself with a slash or without, as the token then does', async () => {
    await using idp = await startIdp(CONFIG)
    for (const resource of ['https://management.azure.com/', 'https://management.azure.com']) {
      const answer = await imds(idp, { resource })
      expect(answer.body['resource']).toBe(resource)
      expect(claimsOf(answer)['aud']).toBe(resource)
    }
  })

  it('pass with an unknown resource where strictness says so', async () => {
    await using idp = await startIdp({ ...CONFIG, strictness: { resource: 'lax' } })
    const answer = await imds(idp, { resource: 'https://vault.example.test/' })
    expect(claimsOf(answer)['aud']).toBe('https://vault.example.test/')
  })

  it('are GET; there is nothing of it without a tenant of Entra', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, headers } = await post(`${idp.url}${TOKEN}`, {}, { metadata: 'true' })
    expect([status, headers.get('allow')]).toEqual([405, 'GET'])
    await using standard = await startIdp()
    expect((await imds(standard, { resource: STORAGE })).status).toBe(404)
  })
})

describe('IMDS: the instance', () => {
  it('is the machine of the identity that the system assigned', async () => {
    await using idp = await startIdp(CONFIG)
    const url = `${idp.url}/metadata/instance`
    const { status, body } = await get(`${url}?api-version=2021-02-01`, { metadata: 'true' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      compute: {
        azEnvironment: 'AzurePublicCloud',
        location: 'westeurope',
        name: 'machine',
        resourceGroupName: 'Orders',
        resourceId: MACHINE.resource_id,
        subscriptionId: 'd0000000-0000-4000-8000-000000000001',
      },
    })
    const region = await get(`${url}/compute/location?format=text`, { metadata: 'true' })
    expect([region.headers.get('content-type'), region.text]).toEqual([
      'text/plain; charset=utf-8',
      'westeurope',
    ])
    expect((await get(`${url}/compute/nothing`, { metadata: 'true' })).status).toBe(404)
    expect((await get(url)).body).toEqual({ error: 'Required metadata header not specified' })
  })
})
