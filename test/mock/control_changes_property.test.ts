import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { decode } from '../support/http.ts'

const CONFIG = {
  resources: [
    { identifier: 'https://api.test/a', scopes: ['read'] },
    { identifier: 'b', roles: ['admin'] },
  ],
  clients: [
    { client_id: 'web', client_secret: 'hush', redirect_uris: ['http://localhost/cb'] },
    { client_id: 'batch', secrets: ['one', 'two'], audience: ['b'] },
  ],
  users: [{ username: 'alice', password: 'wonderland', roles: ['admin'] }, { username: 'bob' }],
}

const idp = await startIdp(CONFIG)
afterAll(() => idp.stop())

type Kind = 'users' | 'clients' | 'resources'

/** Names that are there, and some that are not. */
const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  users: ['alice', 'bob', 'carol', 'd/e'],
  clients: ['web', 'batch', 'new', 'a b'],
  resources: ['https://api.test/a', 'b', 'c'],
}

const BODIES: Readonly<Record<Kind, readonly object[]>> = {
  users: [
    {},
    { roles: ['x'] },
    { sub: '1' },
    { password: '***' },
    { email: 'x@y.z', claims: { a: 1 } },
    { roles: 5 },
  ],
  clients: [
    {},
    { client_secret: 's' },
    { client_secret: '***' },
    { client_secret: 's', audience: 'b' },
    { client_secret: 's', audience: ['c'], scope: 'read' },
    { redirect_uris: ['http://localhost/other'] },
    { redirect_uris: 'x' },
  ],
  resources: [
    {},
    { scopes: ['read', 'write'] },
    { roles: ['admin'], claims: { a: 1 } },
    { id: 'i' },
    { scopes: {} },
  ],
}

const anyStep = fc.constantFrom<Kind>('users', 'clients', 'resources').chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    method: fc.constantFrom('PUT', 'PATCH', 'DELETE'),
    id: fc.constantFrom(...NAMES[kind]),
    body: fc.constantFrom(...BODIES[kind]),
  }),
)

async function declared(): Promise<Record<Kind, unknown>> {
  const of = async (kind: Kind) => (await ask('GET', `${idp.url}/_mock/${kind}?secrets=show`)).body['items']
  return { users: await of('users'), clients: await of('clients'), resources: await of('resources') }
}

async function claims() {
  const {
    iat: _,
    exp: _exp,
    jti: _jti,
    auth_time: _at,
    sid: _sid,
    ...rest
  } = decode(await idp.token({ client: 'web', user: 'alice', scope: 'openid read' })).claims
  return rest
}

describe('any changes of what is declared', () => {
  it('are done or refused one by one, what was done is what is told, and a reset undoes them all', async () => {
    const before = await claims()
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 12 }), async (steps) => {
        for (const { kind, method, id, body } of steps) {
          const url = `${idp.url}/_mock/${kind}/${encodeURIComponent(id)}`
          const then = await declared()
          const done = await ask(method, url, method === 'DELETE' ? undefined : body)
          expect(done.status, done.text).toBeLessThan(500)
          const now = await declared()
          if (done.status >= 400) expect(now).toEqual(then)
          else
            expect((await ask('GET', url)).body).toEqual(done.status === 204 ? expect.anything() : done.body)
          if (done.status === 204) expect((await ask('GET', url)).status).toBe(404)
          // What is told can be put as it is.
          const items = now[kind] as readonly Readonly<Record<string, string>>[]
          const key = { users: 'username', clients: 'client_id', resources: 'identifier' }[kind]
          for (const item of items.filter((each) => each[key] === id))
            expect((await ask('PUT', `${url}?secrets=show`, item)).body).toEqual(item)
          expect(await declared()).toEqual(now)
        }
        expect((await ask('POST', `${idp.url}/_mock/reset`)).status).toBe(204)
        expect(await declared()).toEqual(CONFIG)
        expect(await claims()).toEqual(before)
      }),
      { numRuns: 25 },
    )
  })
})
