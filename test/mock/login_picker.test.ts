import { describe, expect, it } from 'vitest'
import { idClaims, type Page } from '../support/browser.ts'
import { decode } from '../support/http.ts'
import { isLoginPage, startCodeFlow } from '../support/relying_party.ts'

const USERS = {
  users: [
    {
      username: 'alice',
      password: 'wonderland',
      email: 'alice@example.test',
      roles: ['admin'],
      groups: ['staff'],
      claims: { tier: 'gold' },
    },
    { username: 'bob', name: 'Bob' },
  ],
}

const start = () => startCodeFlow({}, USERS)
type Started = Awaited<ReturnType<typeof start>>

/** Opens the login page and sends its form. */
async function submit({ rp }: Started, fields: Record<string, string>, params: Record<string, string> = {}) {
  return await rp.browser.submit(await rp.open(params), fields)
}

/** The claims of the tokens that a sent form leads to. */
async function told({ rp }: Started, page: Page) {
  const { body } = await rp.redeem(rp.received(page))
  const access_token = decode(String(body['access_token'])).claims
  return { id: idClaims(body), access_token, userinfo: (await rp.userinfo(body['access_token'])).body }
}

const problemOn = ({ html }: Page) => /data-testid="problem">([^<]*)</.exec(html)?.[1]

describe('login.mode picker', () => {
  it('signs a user in by a click, whatever password there is', async () => {
    await using op = await start()
    const page = await op.rp.open()
    expect(page.html).toMatch(
      /<button [^>]*name="user" value="alice" id="user-alice" data-testid="user-alice">/,
    )
    const { id } = await told(op, await op.rp.pick(page))
    expect(id).toMatchObject({ roles: ['admin'], groups: ['staff'], amr: ['user'] })
  })

  it.each(['alice', 'alice@example.test', 'ALICE@EXAMPLE.TEST'])(
    'knows a declared user who is typed as %s',
    async (username) => {
      await using op = await start()
      expect((await told(op, await submit(op, { username }))).id['roles']).toEqual(['admin'])
    },
  )

  it('signs anybody in by a name, for that a test may want', async () => {
    await using op = await start()
    const { id, userinfo } = await told(
      op,
      await submit(op, { username: 'Zoë <zoe@x.test>' }, { scope: 'openid profile' }),
    )
    expect(userinfo).toEqual({ sub: id['sub'], preferred_username: 'Zoë <zoe@x.test>' })
  })

  it.each([
    ['no name', {}, 'Type a username.'],
    ['a name without end', { username: 'x'.repeat(257) }, 'The username is longer than 256 characters.'],
    ['a card of nobody', { user: 'eve' }, 'eve is no user of tenant default any more.'],
  ])('shows the page again with 400 for %s, and that page works', async (_what, fields, problem) => {
    await using op = await start()
    const page = await submit(op, fields as Record<string, string>)
    expect([page.status, isLoginPage(page), problemOn(page)]).toEqual([400, true, problem])
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(op.rp.received(await op.rp.pick(page))).toHaveProperty('code')
  })
})

describe('claims for one login', () => {
  const EDITS = {
    tier: 'silver',
    shoe: { size: 38 },
    roles: ['reader'],
    groups: 'guests',
    email: 'a@x.test',
    sub: 'someone-else',
  }

  it('stand above those of the user in every token, and are what UserInfo tells', async () => {
    await using op = await start()
    const page = await submit(
      op,
      { username: 'alice', claims: JSON.stringify(EDITS) },
      { scope: 'openid email' },
    )
    const { id, access_token, userinfo } = await told(op, page)
    const everywhere = {
      sub: 'someone-else',
      tier: 'silver',
      shoe: { size: 38 },
      roles: ['reader'],
      groups: ['guests'],
    }
    expect(id).toMatchObject(everywhere)
    expect(access_token).toMatchObject(everywhere)
    expect(userinfo).toEqual({ ...everywhere, email: 'a@x.test', email_verified: true })
  })

  it('stay as long as the session, also after a refresh, and go with the next login', async () => {
    await using op = await start()
    const page = await submit(op, { username: 'alice', claims: '{"tier":"silver"}' })
    const { body } = await op.rp.redeem(op.rp.received(page))
    const silent = await told(op, await op.rp.open({ prompt: 'none' }))
    const refreshed = (await op.rp.refresh(body['refresh_token'])).body
    expect([silent.id['tier'], idClaims(refreshed)['tier']]).toEqual(['silver', 'silver'])
    const again = await told(op, await op.rp.pick(await op.rp.open({ prompt: 'login' })))
    expect(again.id['tier']).toBe('gold')
    expect((await told(op, await op.rp.open({ prompt: 'none' }))).id['tier']).toBe('gold')
  })

  it('change no other login of the same user', async () => {
    await using op = await start()
    await submit(op, { username: 'alice', claims: '{"tier":"silver"}' })
    await using other = await start()
    expect((await told(other, await other.rp.pick(await other.rp.open()))).id['tier']).toBe('gold')
  })

  it('take a claim away with null', async () => {
    await using op = await start()
    const claims = '{"tier":null,"roles":null,"email":null}'
    const { id, userinfo } = await told(
      op,
      await submit(op, { username: 'alice', claims }, { scope: 'openid email' }),
    )
    expect(userinfo).toEqual({ sub: id['sub'], groups: ['staff'] })
    for (const name of ['tier', 'roles', 'email']) expect(id).not.toHaveProperty(name)
  })

  it.each([
    'iss',
    'aud',
    'azp',
    'exp',
    'iat',
    'nbf',
    'jti',
    'nonce',
    'at_hash',
    'c_hash',
    's_hash',
    'sid',
    'auth_time',
    'client_id',
    'scope',
    '__proto__',
  ])('may not be %s, which only the provider sets', async (name) => {
    await using op = await start()
    const page = await submit(op, { username: 'alice', claims: `{"${name}":"x"}` })
    expect([page.status, problemOn(page)]).toEqual([400, `${name} is a claim that only the provider sets.`])
  })

  it.each([
    ['no JSON', '{', 'Claims are a JSON object, for example {&quot;roles&quot;: [&quot;admin&quot;]}.'],
    [
      'a list',
      '["admin"]',
      'Claims are a JSON object, for example {&quot;roles&quot;: [&quot;admin&quot;]}.',
    ],
    ['null', 'null', 'Claims are a JSON object, for example {&quot;roles&quot;: [&quot;admin&quot;]}.'],
    ['a sub that is a number', '{"sub":1}', 'sub is 1 to 255 printable ASCII characters.'],
    ['an empty sub', '{"sub":""}', 'sub is 1 to 255 printable ASCII characters.'],
    [
      'a sub of 256 characters',
      `{"sub":"${'x'.repeat(256)}"}`,
      'sub is 1 to 255 printable ASCII characters.',
    ],
  ])(
    'are refused where they are %s, and stay on the page as they were typed',
    async (_what, claims, problem) => {
      await using op = await start()
      const page = await submit(op, { username: 'alice', claims })
      expect([page.status, problemOn(page)]).toEqual([400, problem])
      expect(page.html).toContain('value="alice"')
      expect(page.html).toContain(`${claims.replaceAll('"', '&quot;')}</textarea>`)
      const better = await op.rp.browser.submit(page, { username: 'alice', claims: '{"tier":"silver"}' })
      expect((await told(op, better)).id['tier']).toBe('silver')
    },
  )
})
