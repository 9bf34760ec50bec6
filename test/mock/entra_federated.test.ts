import { beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../../src/context.ts'
import { startIdp } from '../../src/index.ts'
import { listen } from '../support/application.ts'
import { assertion, type ClientKey, makeKey } from '../support/assertion.ts'
import {
  APP,
  CLUSTER,
  contoso,
  EXCHANGE,
  exchange,
  federated,
  SUBJECT,
  TENANT,
  workloadToken,
} from '../support/federated.ts'
import { basic, post } from '../support/http.ts'
import { resolved, startLogged } from '../support/logged.ts'
import { makeTenant, serve } from '../support/serve.ts'
import { claimsOf } from '../support/token.ts'

let key: ClientKey
let other: ClientKey
beforeAll(async () => {
  ;[key, other] = await Promise.all([makeKey('RS256', 'cluster'), makeKey('RS256', 'cluster')])
})

const workload = (claims: object = {}, { signer = key } = {}) => workloadToken(signer, claims)

const now = () => Math.floor(Date.now() / 1000)

describe('Entra: workload identity federation', () => {
  it('authenticates a client by the token of another issuer, again and again', async () => {
    await using idp = await startIdp(contoso(federated({ jwks: { keys: [key.jwk] } })))
    const token = await workload()
    for (let time = 0; time < 2; time += 1) {
      const answer = await exchange(idp, token)
      expect(answer.status, answer.text).toBe(200)
      expect(claimsOf(answer)).toMatchObject({ azp: APP, azpacr: '2' })
    }
  })

  it('fetches the keys from jwks_uri', async () => {
    await using cluster = await listen()
    cluster.serve((_request, response) => void response.end(JSON.stringify({ keys: [key.jwk] })))
    await using idp = await startIdp(contoso(federated({ jwks_uri: `${cluster.url}/keys` })))
    expect((await exchange(idp, await workload())).status).toBe(200)
    const forged = await exchange(idp, await workload({}, { signer: other }))
    expect(forged).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [50013] } })
    cluster.serve((_request, response) => void response.writeHead(500).end())
    expect((await exchange(idp, await workload())).body['error_codes']).toEqual([50013])
  })

  it('knows the keys of the other tenants of the server', async () => {
    const issuer = 'https://idp.test/cluster'
    const pod = { client_id: 'pod', client_secret: 's3cret', sub: SUBJECT, audience: EXCHANGE }
    await using idp = await startIdp({
      issuer: { url: 'https://idp.test' },
      tenants: {
        cluster: { dialect: 'standard', keys: [{ alg: 'ES256' }], clients: [pod] },
        contoso: contoso({ issuer, subject: SUBJECT }),
      },
    })
    const form = { grant_type: 'client_credentials' }
    const minted = await post(`${idp.url}/cluster/token`, form, basic('pod', 's3cret'))
    expect(claimsOf(minted)).toMatchObject({ iss: issuer, sub: SUBJECT, aud: EXCHANGE })
    expect((await exchange(idp, String(minted.body['access_token']))).status).toBe(200)
    const forged = await exchange(idp, await workload({ iss: issuer }))
    expect(forged).toMatchObject({ status: 401, body: { error_codes: [50013] } })
    expect(forged.body['error_description']).toContain('tenant cluster')
  })

  it('knows them by the name that they have at home, where its own issuer follows the caller', async () => {
    const pod = { client_id: 'pod', client_secret: 's3cret', sub: SUBJECT, audience: EXCHANGE }
    const first = await resolved({ tenants: { cluster: { clients: [pod] }, other: { dialect: 'entra' } } })
    const [cluster, other] = first.tenants.map((config) => makeTenant(config)) as [Tenant, Tenant]
    await using provider = await serve(first, [cluster, other])
    const issuer = `${provider.url}/cluster`
    const more = await resolved({ tenants: { contoso: contoso({ issuer, subject: SUBJECT }) } })
    const tenant = makeTenant(more.tenants[0]!, { neighbours: () => [cluster, tenant] })
    provider.add(tenant)
    const form = { grant_type: 'client_credentials' }
    const minted = await post(`${issuer}/token`, form, basic('pod', 's3cret'))
    const url = provider.url.replace('localhost', '127.0.0.1')
    const answer = await exchange({ url }, String(minted.body['access_token']))
    expect(answer.status, answer.text).toBe(200)
    expect(claimsOf(answer)['iss']).toBe(`${url}/${TENANT}/v2.0`)
    const forged = await exchange({ url }, await workload({ iss: issuer }))
    expect(forged.body['error_codes']).toEqual([50013])
  })

  it('knows its own keys, as those of a managed identity', async () => {
    const issuer = `https://idp.test/${TENANT}/`
    const identity = { client_id: 'c11e0000-0000-4000-8000-00000000000f', client_secret: 's3cret' }
    const subject = '0b1ec700-0000-4000-8000-000000000001'
    const tenant = contoso({ issuer, subject })
    await using idp = await startIdp({
      issuer: { url: 'https://idp.test' },
      ...tenant,
      resources: [...tenant.resources, { identifier: EXCHANGE }],
      clients: [...tenant.clients, { ...identity, sub: subject }],
    })
    const minted = await exchange(idp, '', {
      ...identity,
      scope: `${EXCHANGE}/.default`,
      client_assertion_type: '',
    })
    expect(claimsOf(minted)).toMatchObject({ iss: issuer, sub: subject, aud: EXCHANGE })
    expect((await exchange(idp, String(minted.body['access_token']))).status).toBe(200)
    const forged = await exchange(idp, await workload({ iss: issuer, sub: subject }))
    expect(forged.body['error_codes']).toEqual([50013])
  })

  it('takes it unverified where no keys of the issuer are known, and says so in the log', async () => {
    await using provider = await startLogged(contoso(federated()))
    const url = provider.issuer.slice(0, provider.issuer.indexOf(`/${TENANT}`))
    const answer = await exchange({ url }, await workload({}, { signer: other }))
    expect(answer.status).toBe(200)
    expect(provider.notes()).toEqual([
      {
        level: 'warn',
        check: 'client_assertion',
        text: expect.stringContaining(`no keys of ${CLUSTER} are known`),
      },
    ])
  })

  it('chooses among several credentials, and leaves the own assertions of the client alone', async () => {
    const own = await makeKey('RS256')
    const credentials = [
      federated({ subject: 'another' }),
      federated({ audience: 'api://other' }),
      federated({ jwks: { keys: [key.jwk] } }),
    ]
    const tenant = contoso(...credentials)
    const clients = tenant.clients.map((client) => ({ ...client, jwks: { keys: [own.jwk] } }))
    await using idp = await startIdp({ ...tenant, clients })
    expect((await exchange(idp, await workload({ aud: ['x', EXCHANGE] }))).status).toBe(200)
    for (const address of [`${TENANT}/v2.0`, 'common/oauth2/v2.0/token', 'Organizations/oauth2/token']) {
      const aud = `${idp.url}/${address}`
      const itself = await assertion({ client: APP, aud, key: own.privateKey, alg: 'RS256' })
      expect((await exchange(idp, itself)).status).toBe(200)
    }
  })
})

describe('Entra: workload identity federation, refused', () => {
  type Make = () => Promise<string>

  it.each<[what: string, code: number, make: Make]>([
    ['another issuer', 700211, () => workload({ iss: 'https://oidc.other.local' })],
    ['the issuer with a slash', 700211, () => workload({ iss: `${CLUSTER}/` })],
    ['no issuer', 700211, () => workload({ iss: undefined })],
    ['another subject', 700213, () => workload({ sub: 'system:serviceaccount:default:batch' })],
    ['a subject in other letters', 700213, () => workload({ sub: SUBJECT.toUpperCase() })],
    ['another audience', 700212, () => workload({ aud: 'api://other' })],
    ['no audience', 700212, () => workload({ aud: undefined })],
    ['the signature of somebody else', 50013, () => workload({}, { signer: other })],
    ['an expired token', 700024, () => workload({ exp: now() - 600 })],
    ['a token of tomorrow', 700024, () => workload({ nbf: now() + 86_400, exp: now() + 90_000 })],
  ])('%s: AADSTS%i', async (_what, code, make) => {
    await using idp = await startIdp(contoso(federated({ jwks: { keys: [key.jwk] } })))
    const { status, body } = await exchange(idp, await make())
    expect([status, body['error'], body['error_codes']]).toEqual([401, 'invalid_client', [code]])
  })

  it('a request without client_id, for the token does not say whose it is: AADSTS900144', async () => {
    await using idp = await startIdp(contoso(federated({ jwks: { keys: [key.jwk] } })))
    const answer = await exchange(idp, await workload(), { client_id: '' })
    expect(answer.body).toMatchObject({ error: 'invalid_request', error_codes: [900144] })
  })

  it('a client that nobody vouches for: AADSTS700021', async () => {
    await using idp = await startIdp({
      ...contoso(),
      clients: [{ client_id: APP, jwks: { keys: [key.jwk] } }],
    })
    expect((await exchange(idp, await workload())).body['error_codes']).toEqual([700021])
  })

  it('a client that comes with nothing is not taken for a public one', async () => {
    await using idp = await startIdp(contoso(federated()))
    const form = { client_id: APP, grant_type: 'client_credentials', scope: 'api://x/.default' }
    const answer = await post(`${idp.url}/${TENANT}/oauth2/v2.0/token`, form)
    expect(answer).toMatchObject({ status: 401, body: { error_codes: [7000218] } })
  })
})
