import { describe, expect, it } from 'vitest'
import { isLoginPage, startCodeFlow } from '../support/relying_party.ts'

type Started = Awaited<ReturnType<typeof startCodeFlow>>

const LATIN = {
  scopes: { loyalty: ['points'] },
  users: [
    {
      username: 'alice',
      name: 'Alice',
      email: 'alice@example.test',
      claims: { points: 7, levels: ['gold'], shoe: { size: 38 } },
    },
  ],
}

/** Signs in with a claims parameter; gives what stands in the ID token and in UserInfo beside the protocol's own. */
async function told({ rp }: Started, claims: unknown, more: Record<string, string> = {}) {
  const own = ['name', 'email', 'email_verified', 'locale', 'points', 'levels', 'shoe', 'preferred_username']
  const { id, access_token } = await rp.login({ claims: JSON.stringify(claims), ...more }, own)
  const { sub: _sub, ...userinfo } = (await rp.userinfo(access_token)).body
  const id_token = Object.fromEntries(Object.entries(id).filter(([name]) => own.includes(name)))
  return { id_token, userinfo, acr: id['acr'] }
}

describe('OpenID Connect Core §5.5 claims', () => {
  it('are released where they are asked for, and only there', async () => {
    await using op = await startCodeFlow()
    const { id_token, userinfo } = await told(op, {
      id_token: { email: null },
      userinfo: { name: { essential: true }, locale: null },
    })
    expect(id_token).toEqual({ email: 'alice@example.test' })
    expect(userinfo).toEqual({ name: 'Alice Pleasance Liddell', locale: 'en-GB' })
  })

  it('come beside those of the scope', async () => {
    await using op = await startCodeFlow()
    const { userinfo } = await told(op, { userinfo: { name: null } }, { scope: 'openid email' })
    expect(Object.keys(userinfo).sort()).toEqual(['email', 'email_verified', 'name'])
  })

  it.each([
    ['a claim that the user has not', { userinfo: { nickname2: null, name: null } }],
    [
      'a claim that is essential and that nobody has',
      { userinfo: { unheard_of: { essential: true }, name: null } },
    ],
    [
      'a member that is not understood',
      { userinfo: { name: { essential: true, purpose: 'x' } }, elsewhere: { a: 1 } },
    ],
    ['a place that is null', { id_token: null, userinfo: { name: null } }],
    [
      'protocol claims',
      { id_token: { iss: null, auth_time: { essential: true } }, userinfo: { name: null } },
    ],
    [
      'names that JavaScript knows',
      { userinfo: { constructor: null, toString: { essential: true }, name: null } },
    ],
  ])('ignores %s', async (_what, claims) => {
    await using op = await startCodeFlow()
    const { id_token, userinfo } = await told(op, claims)
    expect([id_token, userinfo]).toEqual([{}, { name: 'Alice Pleasance Liddell' }])
  })

  it.each([
    ['no JSON', 'name'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a place that is a list', '{"userinfo":["name"]}'],
    ['a claim that is text', '{"userinfo":{"name":"essential"}}'],
    ['an essential that is text', '{"userinfo":{"name":{"essential":"yes"}}}'],
    ['values that are no list', '{"userinfo":{"name":{"values":"x"}}}'],
    ['JSON nested too deep to be meant', `${'['.repeat(5000)}`],
  ])('is refused with invalid_request where it is %s', async (_what, claims) => {
    await using op = await startCodeFlow()
    expect(op.rp.received(await op.rp.open({ claims }))['error']).toBe('invalid_request')
  })

  it('is not looked at where openid is not asked for', async () => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize({ scope: 'email', claims: 'no JSON' })
    expect((await op.rp.redeem(answer)).status).toBe(200)
  })

  it('holds for the tokens that are refreshed, also when their scope is narrowed', async () => {
    await using op = await startCodeFlow()
    const claims = JSON.stringify({ userinfo: { name: null } })
    const { tokens } = await op.rp.login({ claims, scope: 'openid email' })
    const { body } = await op.rp.refresh(tokens?.['refresh_token'], { scope: 'openid' })
    const { sub: _sub, ...userinfo } = (await op.rp.userinfo(body['access_token'])).body
    expect(userinfo).toEqual({ name: 'Alice Pleasance Liddell' })
  })
})

describe('OpenID Connect Core §5.5.1 value and values', () => {
  it.each([
    ['its value', { points: { value: 7 } }, { points: 7 }],
    ['another value', { points: { value: 8 } }, {}],
    ['the same value as text', { points: { value: '7' } }, {}],
    ['a value among several', { points: { values: [6, 7] } }, { points: 7 }],
    ['none of several', { points: { values: [5, 6] } }, {}],
    ['no value at all', { points: { values: [] } }, {}],
    ['an equal list', { levels: { value: ['gold'] } }, { levels: ['gold'] }],
    ['an equal object', { shoe: { value: { size: 38 } } }, { shoe: { size: 38 } }],
    ['another object', { shoe: { value: { size: 39 } } }, {}],
  ])('releases a claim with %s', async (_what, userinfo, released) => {
    await using op = await startCodeFlow({}, LATIN)
    const [name = ''] = Object.keys(userinfo)
    const came = (await told(op, { userinfo })).userinfo
    expect(name in came ? { [name]: came[name] } : {}).toEqual(released)
  })
})

describe('OpenID Connect Core §5.5.1.1 acr', () => {
  const acr = (how: object) => ({ claims: JSON.stringify({ id_token: { acr: how } }) })

  it.each([
    ['acr_values', { acr_values: '2 1' }, '2'],
    ['acr_values of which the first is unknown', { acr_values: 'gold 2' }, '2'],
    ['the claims parameter', acr({ values: ['gold', '2'] }), '2'],
    ['the claims parameter before acr_values', { ...acr({ value: '2' }), acr_values: '1' }, '2'],
    ['nothing', {}, '1'],
    ['what no login has', { acr_values: 'gold' }, '1'],
  ])('is the one that %s asks for', async (_what, params, expected) => {
    await using op = await startCodeFlow()
    expect((await op.rp.login(params as Record<string, string>)).id['acr']).toBe(expected)
  })

  it("is the client's default where a request names none", async () => {
    await using op = await startCodeFlow({ default_acr_values: ['2'] })
    expect((await op.rp.login()).id['acr']).toBe('2')
    expect((await op.rp.login({ acr_values: '1', prompt: 'login' })).id['acr']).toBe('1')
  })

  it('asks for a login where an essential value is not that of the session, and then has it', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    for (const how of [
      { essential: true, value: '2' },
      { essential: true, values: ['gold', '2'] },
    ]) {
      await op.rp.login({ prompt: 'login', acr_values: '1' })
      expect(isLoginPage(await op.rp.open(acr(how)))).toBe(true)
      expect((await op.rp.login(acr(how))).id['acr']).toBe('2')
      expect((await op.rp.login({ ...acr(how), prompt: 'none' })).id['acr']).toBe('2')
    }
  })

  it('that is voluntary, or essential without a value, is content with the session', async () => {
    await using op = await startCodeFlow()
    await op.rp.login()
    for (const params of [{ acr_values: '2' }, acr({ value: '2' }), acr({ essential: true })])
      expect((await op.rp.login({ ...params, prompt: 'none' })).id['acr']).toBe('1')
  })

  it('that is essential and that no login has is refused with unmet_authentication_requirements', async () => {
    await using op = await startCodeFlow()
    expect(
      op.rp.received(await op.rp.open(acr({ essential: true, values: ['gold', 'silver'] }))),
    ).toMatchObject({
      error: 'unmet_authentication_requirements',
      error_description:
        'acr gold or silver is essential, logins here have 1 or 2; add it to login.acr_values',
    })
  })
})
