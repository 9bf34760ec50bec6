import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { decode } from '../support/http.ts'

const CONFIG = {
  clients: [{ client_id: 'web', client_secret: 'hush', redirect_uris: ['http://localhost/cb'] }],
  users: [
    { username: 'alice', password: 'wonderland', email: 'alice@example.test', roles: ['reader'], sub: '1' },
    { username: 'bob' },
  ],
}

const start = async () => {
  const idp = await startIdp(CONFIG)
  const users = (name = '', query = '') =>
    `${idp.url}/_mock/users${name === '' ? '' : `/${encodeURIComponent(name)}`}${query}`
  return { idp, users, [Symbol.asyncDispose]: () => idp.stop() }
}

describe('the users of a provider that runs', () => {
  it('are listed as the configuration has them, without secrets', async () => {
    await using op = await start()
    const { status, body, headers } = await ask('GET', op.users())
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toEqual({ items: [{ ...CONFIG.users[0], password: '***' }, CONFIG.users[1]] })
    expect((await ask('GET', op.users('alice', '?secrets=show'))).body).toEqual(CONFIG.users[0])
  })

  it('can be added, and sign in from the very next request', async () => {
    await using op = await start()
    const carol = { email: 'carol@example.test', roles: ['admin'] }
    const put = await ask('PUT', op.users('carol'), carol)
    expect([put.status, put.body]).toEqual([201, { username: 'carol', ...carol }])
    expect((await ask('GET', op.users('carol'))).body).toEqual(put.body)
    const { claims } = decode(await op.idp.token({ client: 'web', user: 'carol' }))
    expect(claims).toMatchObject({ roles: ['admin'] })
  })

  it('can be replaced as a whole', async () => {
    await using op = await start()
    const put = await ask('PUT', op.users('alice'), { username: 'alice', roles: ['admin'] })
    expect([put.status, put.body]).toEqual([200, { username: 'alice', roles: ['admin'] }])
    expect((await ask('GET', op.users('', '?secrets=show'))).body).toEqual({
      items: [put.body, CONFIG.users[1]],
    })
  })

  it('keep their passwords where those that were masked come back', async () => {
    await using op = await start()
    const { body } = await ask('GET', op.users('alice'))
    expect((await ask('PUT', op.users('alice'), { ...body, roles: ['admin'] })).status).toBe(200)
    expect((await ask('GET', op.users('alice', '?secrets=show'))).body).toEqual({
      ...CONFIG.users[0],
      roles: ['admin'],
    })
  })

  it('can be changed in part', async () => {
    await using op = await start()
    const patch = { roles: ['admin'], email: null, address: { locality: 'Oxford' } }
    const changed = { username: 'alice', password: '***', sub: '1', roles: ['admin'], address: patch.address }
    expect(await ask('PATCH', op.users('alice'), patch)).toMatchObject({ status: 200, body: changed })
    const more = await ask('PATCH', op.users('alice'), { address: { country: 'GB' } })
    expect(more.body).toEqual({ ...changed, address: { locality: 'Oxford', country: 'GB' } })
    expect((await ask('GET', op.users('alice', '?secrets=show'))).body['password']).toBe('wonderland')
  })

  it('can be taken away', async () => {
    await using op = await start()
    const { status, text } = await ask('DELETE', op.users('bob'))
    expect([status, text]).toEqual([204, ''])
    expect((await ask('GET', op.users('bob'))).status).toBe(404)
    await expect(op.idp.token({ client: 'web', user: 'bob' })).rejects.toThrow(/bob/)
  })

  it('have names of any characters', async () => {
    await using op = await start()
    for (const name of ['ä/b?c#d%', '__proto__', 'constructor', 'a b', '...', 'x'.repeat(200)]) {
      const url = op.users(name)
      expect((await ask('PUT', url, { roles: [name] })).status, name).toBe(201)
      expect((await ask('GET', url)).body).toEqual({ username: name, roles: [name] })
      expect((await ask('DELETE', url)).status).toBe(204)
    }
    expect((await ask('GET', op.users())).body['items']).toHaveLength(2)
  })

  const NO_ALISE = 'there is no user alise; did you mean alice? (declared: alice, bob)'
  const OTHER = (id: string) =>
    `username: username in the body is not ${id}, which is in the path; write the same, or leave it out`

  it.each<
    readonly [
      call: readonly [method: string, path: string, body?: unknown],
      status: number,
      detail: RegExp | string,
    ]
  >([
    [['GET', 'alise'], 404, NO_ALISE],
    [['PATCH', 'alise', {}], 404, NO_ALISE],
    [['DELETE', 'alise'], 404, NO_ALISE],
    [['PUT', 'carol', { username: 'alice' }], 422, OTHER('carol')],
    [['PATCH', 'alice', { username: 'carol' }], 422, OTHER('alice')],
    [['PUT', 'carol', { sub: '1' }], 422, 'sub: sub 1 is already that of user alice'],
    [['PUT', 'carol', { password: '***' }], 422, /^password: \*\*\* keeps the password that is there/],
    [['PUT', 'carol', { rols: [] }], 422, /^rols: unknown key; did you mean roles\?/],
    [['PUT', 'carol', []], 422, 'expected a map, got a list of 0'],
    [['PATCH', 'alice', 5], 422, 'expected a map, got number 5'],
    [['PUT', 'carol'], 400, /takes a JSON body/],
    [['GET', 'alice?secrets=yes'], 400, 'secrets is yes; expected show, or no such parameter'],
  ])('%j is refused with %d and changes nothing', async ([method, path, body], status, detail) => {
    await using op = await start()
    const before = (await ask('GET', op.users('', '?secrets=show'))).body
    const refused = await ask(method, `${op.users()}/${path}`, body)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json',
    ])
    const expected = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(refused.body['detail']).toEqual(expected)
    expect((await ask('GET', op.users('', '?secrets=show'))).body).toEqual(before)
  })

  it('are told with everything that is wrong at once, each where it is', async () => {
    await using op = await start()
    const { status, body } = await ask('PUT', op.users('carol'), { sub: '1', roles: 'r', emial: 'x' })
    expect(status).toBe(422)
    expect(body['errors']).toMatchObject([{ path: 'roles' }, { path: 'emial' }, { path: 'sub' }])
  })

  it('lose no change where many are made at once', async () => {
    await using op = await start()
    const names = Array.from({ length: 30 }, (_, at) => `user-${at}`)
    // In this process they overlap: each has begun before the first is done.
    await Promise.all(names.map((username) => op.idp.users.put({ username })))
    const deletes = names.slice(0, 10).map((name) => op.idp.users.delete(name))
    const patches = names.slice(10).map((name) => op.idp.users.patch(name, { roles: [name] }))
    await Promise.all([...deletes, ...patches])
    const items = await op.idp.users.list()
    expect(items.slice(2)).toEqual(names.slice(10).map((username) => ({ username, roles: [username] })))
  })
})
