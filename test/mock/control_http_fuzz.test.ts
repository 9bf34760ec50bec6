/** Calls that nobody makes in good faith: never a fault of the provider, and never half of a change. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { awkwardJson, jsonText, text } from '../fuzz/hostile.ts'
import { get } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

const RUNS = { numRuns: 1500 }

let idp: StartedIdp
/** What there is: `GET /_mock/users`. */
let operations: readonly string[]
beforeAll(async () => {
  idp = await startIdp({
    keys: [{ alg: 'ES256' }],
    users: [{ username: 'alice' }],
    resources: [{ identifier: 'https://api.example.test' }],
    clients: [
      { client_id: 'web', client_secret: 'a-secret', redirect_uris: ['http://localhost:3000/callback'] },
    ],
  })
  const { body } = await get(`${idp.url}/_mock/openapi.json`)
  operations = Object.entries(body['paths'] as object).flatMap(([path, methods]) =>
    // A stream goes on and on.
    path.endsWith('/stream') ? [] : Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
})
afterAll(() => idp.stop())

/** All that a call can change, as it is told. */
async function state(): Promise<string> {
  const lists = [
    'clock',
    'users',
    'clients',
    'resources',
    'keys',
    'next-login',
    'sessions',
    'grants',
    'provider',
  ]
  const told = lists.map(async (path) => (await get(`${idp.url}/_mock/${path}`)).text)
  return (await Promise.all(told)).join('\n')
}

/** The same, with a clock that stands still. */
async function stopped(): Promise<string> {
  await idp.clock.freeze()
  return await state()
}

const wellFormed = (each: string) => Buffer.from(each, 'utf8').toString('utf8')
const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('alice', 'web', 'https://api.example.test', 'nobody') },
  { weight: 1, arbitrary: text.map((each) => wellFormed(each).slice(0, 200)) },
)
const segment = fc.oneof(
  { weight: 5, arbitrary: name.map(encodeURIComponent) },
  { weight: 1, arbitrary: fc.constantFrom('%', '%ff', '%c0%af', '..', '%2e%2e', ';', '%00') },
)

const KEYS = [
  ...['advance', 'set', 'freeze', 'reset', 'client', 'user', 'deny', 'mfa', 'error', 'alg', 'step', 'status'],
  ...[
    'client_id',
    'client_secret',
    'redirect_uris',
    'scope',
    'username',
    'email',
    'roles',
    'claims',
    'scopes',
  ],
  ...['lifetime', 'audience', 'users', 'clients', 'keys', 'dialect', 'name', 'cache_control', 'constructor'],
]
const VALUES = fc.oneof(
  awkwardJson,
  fc.constantFrom<unknown>('5m', '-1', 'alice', 'web', 'activate', 'retire', 'hidden', 1e300, -1, true, [
    'alice',
  ]),
)
const GOOD = [{ email: 'alice@example.test' }, { client_secret: 'x' }, { scopes: ['x'] }, { advance: 1 }, {}]
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...GOOD.map((each) => JSON.stringify(each))) },
  { weight: 6, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), VALUES, { maxKeys: 3 }).map(jsonText) },
  { weight: 2, arbitrary: awkwardJson.map(jsonText) },
  { weight: 1, arbitrary: text },
)

const JSON_TYPES = ['application/json', 'application/json; charset=utf-8', 'application/merge-patch+json']
const header = text.map((each) => each.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200))
/** In one of ten. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

const call = fc.record({
  at: fc.nat(),
  names: fc.array(segment, { minLength: 2, maxLength: 2 }),
  more: seldom(segment),
  method: seldom(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')),
  query: seldom(
    fc.dictionary(
      fc.oneof(name, fc.constantFrom('tenant', 'limit', 'format', 'secrets', 'kind', 'severity')),
      name,
      {
        maxKeys: 2,
      },
    ),
  ),
  body: fc.option(body),
  type: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...JSON_TYPES) },
    { weight: 1, arbitrary: fc.oneof(header, fc.constant('text/plain')) },
  ),
  headers: seldom(
    fc.dictionary(
      fc.constantFrom(
        'origin',
        'sec-fetch-site',
        'accept',
        'authorization',
        'content-encoding',
        'last-event-id',
      ),
      fc.oneof(header, fc.constantFrom('null', 'none', 'text/html')),
      { maxKeys: 2 },
    ),
  ),
})

type Made = typeof call extends fc.Arbitrary<infer T> ? T : never

function sent({ at, names, more, method, query, body: form, type, headers }: Made) {
  const [first = '', second = ''] = names
  const [usual = '', known = ''] = (operations[at % operations.length] ?? '').split(' ')
  const path = `${known.replace(/\{\w+\}/, () => first)}${more === undefined ? '' : `/${second}`}`
  const search = new URLSearchParams(query ?? {}).toString()
  const isRead = ['GET', 'DELETE'].includes(usual) && at % 5 > 0
  const json = form === null || isRead ? {} : { form, headers: { 'content-type': type, ...headers } }
  return {
    path: search === '' ? path : `${path}?${search}`,
    method: method ?? usual,
    headers: { ...headers },
    ...json,
  }
}

describe('the control API', () => {
  it('answers whatever comes, and what it refuses has changed nothing', async () => {
    const outcomes = new Set<string>()
    let before = await stopped()
    const law = fc.asyncProperty(call, async (made) => {
      // What was taken away comes back now and then.
      if (made.at % 8 === 0) {
        await idp.reset()
        before = await stopped()
      }
      const request = sent(made)
      const { status, headers } = await requestAs({ port: Number(new URL(idp.url).port), ...request })
      outcomes.add(`${request.method} ${status}`)
      expect(status).toBeLessThan(500)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-mock-idp')).toBe('idp-double')
      expect([...headers.keys()].filter((each) => each.startsWith('access-control'))).toEqual([])
      if (status >= 400) {
        expect(headers.get('content-type')).toMatch(/^(application\/problem\+json|text\/html)/)
        expect(await state()).toBe(before)
        return
      }
      before = await stopped()
    })
    await fc.assert(law, RUNS)
    // What lies behind the checks is reached too.
    const reached = [
      'GET 200',
      'POST 200',
      'PUT 200',
      'PUT 201',
      'PATCH 200',
      'DELETE 204',
      'POST 422',
      'POST 415',
    ]
    expect(reached.filter((each) => !outcomes.has(each))).toEqual([])
    expect(({} as Record<string, unknown>)['toString']).toBe(Object.prototype.toString)
  }, 120_000)
})
