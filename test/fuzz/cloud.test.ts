/** What stands on the host beside the tenants, asked by nobody in good faith; fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { CONFIG, HEADER, MACHINE, ORDERS, STORAGE, TENANT } from '../support/managed_identity.ts'
import { requestAs } from '../support/raw.ts'
import { text } from './hostile.ts'

const RUNS = { numRuns: 4000 }
const OID = 'f0000000-0000-4000-8000-000000000001'
const CLIENT = 'c0000000-0000-4000-8000-000000000001'

let idp: StartedIdp
let tokens: readonly string[]
let port: number

beforeAll(async () => {
  idp = await startIdp({
    ...CONFIG,
    clients: [{ client_id: CLIENT, client_secret: 's3cret', roles: ['User.Read.All'] }],
    users: [{ username: 'ada', sub: OID, groups: { generate: 300 } }],
  })
  const graph = { client: CLIENT, audience: 'https://graph.microsoft.com' }
  tokens = await Promise.all([
    idp.token(graph),
    idp.token({ ...graph, user: 'ada' }),
    idp.token({ client: CLIENT, audience: STORAGE }),
  ])
  port = Number(new URL(idp.url).port)
})
afterAll(() => idp.stop())

/** Those that give tokens to whoever has no header of its own but these. */
const IDENTITY = [
  '/metadata/identity/oauth2/token',
  '/metadata/instance',
  '/metadata/instance/compute',
  '/msi/token',
  '/sf/token',
  '/arc/token',
  '/cloudshell/token',
]
const OTHERS = [
  ...['/v1.0', '/v1.0/me', '/beta/me/memberOf', '/v1.0/me/getMemberObjects', '/v1.0/me/checkMemberGroups'],
  ...[
    '/v1.0/users/nobody',
    '/v1.0/me/photo',
    `/v1.0/users/${OID}`,
    '/beta/organization',
    '/oidc/userinfo',
    `/${TENANT}/users/${OID}/getMemberObjects`,
  ],
  ...['/common/discovery/instance', '/common/userrealm/ada', '/_mock/ca.pem', '/'],
]

/** As much of it as Unicode has. */
const wellFormed = (each: string) => Buffer.from(each, 'utf8').toString('utf8')
const segment = text.map((each) => encodeURIComponent(wellFormed(each)))
/** Something beside the usual, in one of five. */
const rarely = (...odd: string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.oneof(segment, fc.constantFrom('', ...odd)).map((each) => `/${each}`) },
  )
const path = fc
  .tuple(
    rarely(TENANT, 'common', '%ff', '..'),
    fc.constantFrom(...IDENTITY, ...IDENTITY, ...OTHERS),
    rarely('%2F', '%00', '%FF', '$value'),
  )
  .map((parts) => parts.join(''))

const values = fc.oneof(
  text,
  fc.constantFrom(STORAGE, '2019-08-01', '2017-09-01', '2018-02-01', 'https://management.azure.com/'),
  fc.constantFrom(
    ORDERS.client_id,
    MACHINE.object_id,
    MACHINE.resource_id,
    'id',
    'id,displayName',
    '1',
    '999',
  ),
  fc.constantFrom('https://login.microsoftonline.com/common', 'https://[::1', 'javascript:x', 'ada@'),
)
const NAMES = [
  ...['resource', 'api-version', 'client_id', 'object_id', 'msi_res_id', 'clientid', 'user'],
  ...['$select', '$top', '$skiptoken', '$count', '$filter', 'authorization_endpoint'],
]
const bag = (names: fc.Arbitrary<string>) => fc.dictionary(names, values, { maxKeys: 2 })
const params = fc
  .tuple(
    fc.record(
      { resource: fc.oneof(values, fc.constant(STORAGE)), 'api-version': values },
      { requiredKeys: [] },
    ),
    bag(fc.constantFrom(...NAMES)),
    bag(text),
  )
  .map((bags) => new URLSearchParams(Object.assign({}, ...bags)).toString())

const header = text.map((each) => each.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ''))
const request = fc.record({
  path,
  query: params,
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'PATCH'),
  form: fc.option(params),
  secret: fc.oneof(fc.constant(HEADER), fc.constant(HEADER), header),
  metadata: fc.oneof(fc.constant('true'), fc.constant('True'), header),
  token: fc.oneof(fc.nat(2), header, fc.constantFrom('a.bnVsbA.c', 'a.eyJ0aWQiOnt9fQ.c')),
})

describe('what stands beside the tenants', () => {
  it('answers whatever comes, never with a fault of its own, and scripts of other origins get no token', async () => {
    const outcomes = new Set<string>()
    const law = fc.asyncProperty(request, async ({ path, query, method, form, secret, metadata, token }) => {
      const headers = {
        metadata,
        secret,
        'x-identity-header': secret,
        authorization: `Bearer ${typeof token === 'number' ? tokens[token] : token}`,
        origin: 'https://elsewhere.test',
      }
      const asked = `${path}?${query}`
      // What is refused before it is read whole is not known to be a HEAD, and is answered with a body.
      const how = method === 'HEAD' && asked.length > 4096 ? 'GET' : method
      const answer = await requestAs({ port, path: asked, method: how, headers, ...(form && { form }) })
      const outcome = `${answer.status} ${answer.headers.get('x-mock-reason') ?? ''}`
      outcomes.add(outcome)
      if (answer.status >= 500) expect(outcome).toBe('501 graph.not_implemented')
      expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
      if (IDENTITY.some((each) => path.startsWith(each)))
        expect(answer.headers.get('access-control-allow-origin')).toBe(null)
    })
    await fc.assert(law, RUNS)
    // What lies behind the first check is reached too.
    const reasons = [
      '200 ',
      '400 resource.unknown',
      '400 identity.unknown',
      '404 graph.not_found',
      '401 token.invalid',
    ]
    expect(reasons.filter((each) => !outcomes.has(each))).toEqual([])
  }, 60_000)
})
