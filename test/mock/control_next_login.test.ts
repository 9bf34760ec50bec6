import { describe, expect, it } from 'vitest'
import { ask } from '../support/control_calls.ts'
import { lastRequest, nextLogin, putNextLogin, waiting } from '../support/next_login.ts'
import { isLoginPage, RelyingParty, startCodeFlow, startOp } from '../support/relying_party.ts'

const CODE = { type: 'code', mode: 'default' } as const

describe('PUT /_mock/next-login', () => {
  it.each([
    [{ user: 'alcie' }, 'user: there is no user alcie; did you mean alice? (declared: alice, bob)'],
    [{ user: 'alice', client: 'clint' }, /^client: there is no client clint; did you mean client\?/],
    [{ user: 'x', client: 'y' }, /user: there is no user x.*; client: there is no client y/],
    [{}, /says nothing of the login; expected one of user, deny, mfa, error/],
    [{ client: 'client' }, /says nothing of the login/],
    [{ error: 'server_error', user: 'alice' }, /error comes instead of a login/],
    [{ error_description: 'x', user: 'alice' }, /error_description came without error/],
    [{ deny: 'login', user: 'alice' }, /nobody signs in/],
    [{ deny: 'login', mfa: 'done' }, /nobody signs in/],
    [{ deny: 'never' }, /deny: expected one of login, consent/],
    [{ mfa: true }, /mfa: expected one of done, required/],
    [{ error: 'quo"te' }, /error: expected 1 to 500 printable ASCII characters/],
    [{ error: '' }, /error: expected 1 to 500/],
    [{ error: 'line\nbreak' }, /error: expected 1 to 500/],
    [{ error: 'x', error_description: 'caf\u00e9' }, /error_description: expected 1 to 500/],
    [{ usr: 'alice' }, /usr: unknown key; did you mean user\?/],
  ])('refuses %j with 422 and says why', async (login, detail) => {
    await using idp = await startOp()
    const { status, headers, body } = await putNextLogin(idp, login)
    expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json'])
    expect(body['detail']).toEqual(
      typeof detail === 'string' ? detail : expect.stringMatching(detail as RegExp),
    )
    expect(await waiting(idp)).toEqual([])
  })

  it('takes a user by e-mail or subject as well, and anybody where no users are declared', async () => {
    await using idp = await startOp()
    await nextLogin(idp, { user: 'alice@example.test' })
    expect(await waiting(idp)).toEqual([{ user: 'alice' }])
    await using nobody = await startCodeFlow({}, { users: [] })
    await nextLogin(nobody.idp, { user: 'whoever' })
    expect(nobody.rp.received(await nobody.rp.open())).toHaveProperty('code')
  })

  it('gives what waits to the clients that it is for, in its order', async () => {
    await using idp = await startOp()
    const [one, two] = ['client', 'client2'].map((id) => new RelyingParty(idp.issuer, CODE, id))
    await nextLogin(idp, { client: 'client2', user: 'bob' })
    await nextLogin(idp, { user: 'alice' })
    await nextLogin(idp, { client: 'client', user: 'bob' })
    const who = async (rp = one as RelyingParty) => {
      await rp.open()
      return (await lastRequest(idp, 'authorization'))['user']
    }
    expect([await who(one), await who(one), await who(two)]).toEqual(['alice', 'bob', 'bob'])
    expect(await waiting(idp)).toEqual([])
  })

  it('keeps two clients apart that sign in at the same moment', async () => {
    await using idp = await startOp()
    await nextLogin(idp, { client: 'client2', user: 'bob' })
    await nextLogin(idp, { client: 'client', user: 'alice' })
    const clients = ['client', 'client2'].map((id) => new RelyingParty(idp.issuer, CODE, id))
    await Promise.all(clients.map((rp) => rp.open()))
    const { body } = await ask('GET', `${idp.url}/_mock/requests?endpoint=authorization`)
    const users = (body['items'] as Record<string, string>[]).map(({ client_id, user }) => [client_id, user])
    expect(users.toSorted()).toEqual([
      ['client', 'alice'],
      ['client2', 'bob'],
    ])
  })

  it('lets no more than 100 wait', async () => {
    await using idp = await startOp()
    for (let count = 0; count < 100; count += 1) await nextLogin(idp, { user: 'alice' })
    const { status, body } = await putNextLogin(idp, { user: 'alice' })
    expect([status, body['detail']]).toEqual([409, '100 logins wait already; let clients sign in, or reset'])
    expect(await waiting(idp)).toHaveLength(100)
  })

  it.each([
    ['DELETE', 'next-login'],
    ['POST', 'reset'],
  ])('%s /_mock/%s forgets what waits', async (method, path) => {
    await using op = await startCodeFlow()
    await nextLogin(op.idp, { user: 'alice' })
    expect((await ask(method, `${op.idp.url}/_mock/${path}`)).status).toBe(204)
    expect(await waiting(op.idp)).toEqual([])
    expect(isLoginPage(await op.rp.open())).toBe(true)
  })

  it('is about one tenant: a sandbox and the others do not meet', async () => {
    await using idp = await startOp()
    const { id, issuer } = (await ask('POST', `${idp.url}/_mock/sandboxes`)).body as Record<string, string>
    await nextLogin(idp, { user: 'alice' }, id)
    expect([await waiting(idp), await waiting(idp, id)]).toEqual([[], [{ user: 'alice' }]])
    expect(isLoginPage(await new RelyingParty(idp.issuer, CODE).open())).toBe(true)
    const inside = new RelyingParty(String(issuer), CODE)
    expect(inside.received(await inside.open())).toHaveProperty('code')
    expect(await waiting(idp, id)).toEqual([])
  })

  it('refuses a user who was taken away meanwhile', async () => {
    await using op = await startCodeFlow()
    await nextLogin(op.idp, { user: 'bob' })
    await ask('DELETE', `${op.idp.url}/_mock/users/bob`)
    const { error, error_description } = op.rp.received(await op.rp.open())
    expect([error, error_description]).toEqual([
      'access_denied',
      expect.stringContaining('user bob is not declared in tenant default any more'),
    ])
  })
})
