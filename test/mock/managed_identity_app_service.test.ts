import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'
import { CONFIG, HEADER, MACHINE, ORDERS, STORAGE, TENANT, verified } from '../support/managed_identity.ts'
import { claimsOf } from '../support/token.ts'

const V2019 = { 'api-version': '2019-08-01', resource: STORAGE }
const V2017 = { 'api-version': '2017-09-01', resource: STORAGE }

const ask = (base: string, query: Record<string, string>, headers: Record<string, string>) =>
  get(`${base}/msi/token?${new URLSearchParams(query)}`, headers)

describe('App Service 2019-08-01', () => {
  const secret = { 'x-identity-header': HEADER }

  it('gives a token to whoever has the secret', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await ask(idp.url, V2019, secret)
    const { exp, oid } = await verified(idp, body['access_token'])
    expect(oid).toBe(MACHINE.object_id)
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        expires_on: String(exp),
        resource: STORAGE,
        token_type: 'Bearer',
        client_id: MACHINE.client_id,
      },
    ])
  })

  it.each([
    ['client_id', ORDERS.client_id],
    ['object_id', ORDERS.object_id],
    ['principal_id', ORDERS.object_id],
    ['mi_res_id', ORDERS.resource_id],
  ])('selects an identity by %s', async (name, value) => {
    await using idp = await startIdp(CONFIG)
    const answer = await ask(idp.url, { ...V2019, [name]: value }, secret)
    expect(claimsOf(answer)['oid']).toBe(ORDERS.object_id)
  })

  it.each<[string, Record<string, string>]>([
    ['without the header', {}],
    ['with another value', { 'x-identity-header': `${HEADER}!` }],
    ['with an empty value', { 'x-identity-header': '' }],
    ['with the header of 2017', { secret: HEADER }],
  ])('refuses a request %s with 401 in its own form', async (_what, headers) => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await ask(idp.url, V2019, headers)
    expect([status, body]).toEqual([
      401,
      { statusCode: 401, message: expect.stringMatching(/^the header X-IDENTITY-HEADER is /) },
    ])
  })

  it('says what else is wrong in the same form', async () => {
    await using idp = await startIdp(CONFIG)
    const refused = async (query: Record<string, string>) => {
      const { status, body } = await ask(idp.url, query, secret)
      expect(body['statusCode']).toBe(status)
      return [status, String(body['message'])]
    }
    expect(await refused({ ...V2019, client_id: 'x' })).toEqual([400, 'No managed identity found'])
    expect(await refused({ 'api-version': '2019-08-01' })).toEqual([
      400,
      "Required query variable 'resource' is missing",
    ])
    expect(await refused({ resource: STORAGE })).toEqual([
      400,
      'api-version is missing, expected 2019-08-01 or 2017-09-01',
    ])
    for (const version of ['2020-01-01', 'constructor', '__proto__'])
      expect(await refused({ ...V2019, 'api-version': version })).toEqual([
        400,
        `api-version is ${version}, expected 2019-08-01 or 2017-09-01`,
      ])
    expect(await refused({ ...V2019, resource: 'x' })).toEqual([
      400,
      expect.stringMatching(/^AADSTS500011: /),
    ])
  })

  it('has another secret at each start and for each tenant, which tells them apart', async () => {
    const { dialect: _, managed_identity: _own, ...tenant } = CONFIG
    const other = TENANT.replace('5b', '6b')
    await using idp = await startIdp({
      dialect: 'entra',
      tenants: { contoso: tenant, fabrikam: { ...tenant, id: other, aliases: [] } },
    })
    const tids = new Map<string, unknown>()
    for (const name of ['contoso', 'fabrikam']) {
      const { IDENTITY_HEADER = '' } = idp.env('azure', { tenant: name })
      const answer = await ask(idp.url, V2019, { 'x-identity-header': IDENTITY_HEADER })
      tids.set(IDENTITY_HEADER, claimsOf(answer)['tid'])
    }
    expect([...tids.values()]).toEqual([TENANT, other])
    expect(Math.min(...[...tids.keys()].map(({ length }) => length))).toBeGreaterThanOrEqual(32)
  })
})

describe('App Service 2017-09-01, which is also Azure Machine Learning', () => {
  it('has its secret and its selector under other names', async () => {
    await using idp = await startIdp(CONFIG)
    const answer = await ask(idp.url, { ...V2017, clientid: ORDERS.client_id }, { secret: HEADER })
    expect(claimsOf(answer)['oid']).toBe(ORDERS.object_id)
    const { exp } = claimsOf(answer)
    expect(answer.body['expires_on']).toBe(String(exp))
    const ignored = await ask(idp.url, { ...V2017, client_id: ORDERS.client_id }, { secret: HEADER })
    expect(claimsOf(ignored)['oid']).toBe(MACHINE.object_id)
    const { status, body } = await ask(idp.url, V2017, { 'x-identity-header': HEADER })
    expect([status, body['message']]).toEqual([401, expect.stringMatching(/^the header secret is missing; /)])
  })
})
