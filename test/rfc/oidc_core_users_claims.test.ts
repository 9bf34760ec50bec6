import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import { idClaims } from '../support/browser.ts'
import { decode } from '../support/http.ts'
import {
  EMAIL,
  PROFILE,
  REDIRECT_URI,
  RelyingParty,
  SECRET,
  startCodeFlow,
} from '../support/relying_party.ts'

type User = NonNullable<ConfigInput['users']>[number]

const UUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** What a login tells of a user in each place, without what tokens say of themselves. */
async function told(user: User, { scope = 'openid', client = {}, config = {} as ConfigInput } = {}) {
  await using op = await startCodeFlow(client, { ...config, users: [user] })
  const { rp } = op
  const { body } = await rp.redeem(rp.received(await rp.pick(await rp.open({ scope }), user.username)))
  const own = (claims: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !PROTOCOL.includes(name)))
  return {
    id_token: own(idClaims(body)),
    access_token: own(decode(String(body['access_token'])).claims),
    userinfo: own((await rp.userinfo(body['access_token'])).body),
  }
}

const PROTOCOL =
  'iss sub aud exp iat auth_time nonce acr amr azp at_hash c_hash sid jti client_id scope'.split(' ')

/** The sub of a user of a tenant, at a provider that is started for this. */
async function subAt(tenant: string, user: User): Promise<unknown> {
  const clients = [{ client_id: 'client', client_secret: SECRET, redirect_uris: [REDIRECT_URI] }]
  const tenants = { [tenant]: { users: [{ username: 'zoe' }, user], clients } }
  await using op = await startCodeFlow({}, { users: [], clients: [], login: {}, tenants })
  const rp = new RelyingParty(op.idp.issuer, op.rp.flow)
  return (await rp.taken(rp.received(await rp.pick(await rp.open(), user.username)))).id.sub
}

describe('OpenID Connect Core §2 sub', () => {
  it('is a UUID made of tenant and username, the same at every start and whatever else the user is', async () => {
    const first = await subAt('one', { username: 'alice' })
    const again = await subAt('one', {
      username: 'alice',
      name: 'Another Name',
      password: 'x',
      email: 'a@x.test',
    })
    expect(first).toMatch(UUID_V5)
    expect(again).toBe(first)
  })

  it('differs from tenant to tenant, and from user to user', async () => {
    const subs = [
      await subAt('one', { username: 'alice' }),
      await subAt('two', { username: 'alice' }),
      await subAt('one', { username: 'bob' }),
    ]
    expect(new Set(subs).size).toBe(3)
  })

  it('is the configured one where there is one, byte for byte', async () => {
    expect(await subAt('one', { username: 'alice', sub: '  248|289+761/001  ' })).toBe('  248|289+761/001  ')
  })

  it('is the same in the ID token, the access token and UserInfo', async () => {
    await using op = await startCodeFlow()
    const { id, access_token } = await op.rp.login()
    const subs = [
      decode(String(access_token)).claims['sub'],
      (await op.rp.userinfo(access_token)).body['sub'],
    ]
    expect(subs).toEqual([id.sub, id.sub])
  })

  it('of somebody who is not declared is as stable', async () => {
    const subs: unknown[] = []
    for (const _ of [1, 2]) {
      await using op = await startCodeFlow()
      const page = await op.rp.browser.submit(await op.rp.open(), { username: 'dave' })
      subs.push((await op.rp.taken(op.rp.received(page))).id.sub)
    }
    expect(subs).toEqual([expect.stringMatching(UUID_V5), subs[0]])
  })
})

describe('OpenID Connect Core §5.4 claims of scopes', () => {
  it('stand in UserInfo alone, and only those that the user has', async () => {
    const user = { username: 'alice', name: 'Alice', email: 'a@x.test' }
    expect(await told(user, { scope: 'openid profile email phone address' })).toEqual({
      id_token: {},
      access_token: {},
      userinfo: { name: 'Alice', preferred_username: 'alice', email: 'a@x.test', email_verified: true },
    })
  })

  it('stand in the ID token too where the client has id_token: {scope_claims: true}', async () => {
    const user = { username: 'alice', name: 'Alice', email: 'a@x.test', email_verified: false }
    const client = { id_token: { scope_claims: true } }
    const { id_token, userinfo, access_token } = await told(user, { scope: 'openid email', client })
    expect([id_token, userinfo, access_token]).toEqual([
      { email: 'a@x.test', email_verified: false },
      id_token,
      {},
    ])
  })

  it('of email and profile are complete for a user who has everything, by default verified and called by the username', async () => {
    const { preferred_username: _, ...profile } = PROFILE
    const user = { username: 'al', ...profile, email: EMAIL.email }
    const { userinfo } = await told(user, { scope: 'openid profile email' })
    expect(userinfo).toEqual({ ...profile, preferred_username: 'al', ...EMAIL })
  })

  it('are released by scopes of the configuration, for the claims these name', async () => {
    const user = { username: 'alice', claims: { points: 7, since: 2001, free: true } }
    const config = { scopes: { loyalty: ['points', 'since', 'locale'] } }
    expect((await told(user, { config })).userinfo).toEqual({ free: true })
    const { id_token, userinfo } = await told(user, { config, scope: 'openid loyalty' })
    expect([id_token, userinfo]).toEqual([{ free: true }, { points: 7, since: 2001, free: true }])
  })
})

describe('roles, groups and other claims of a user', () => {
  const ALICE = {
    username: 'alice',
    roles: ['admin'],
    groups: ['staff'],
    claims: { tier: 'gold', shoe: { size: 38 } },
  }
  const ALL = { roles: ['admin'], groups: ['staff'], tier: 'gold', shoe: { size: 38 } }

  it('stand in the ID token, the access token and UserInfo alike', async () => {
    expect(await told(ALICE)).toEqual({ id_token: ALL, access_token: ALL, userinfo: ALL })
  })

  it('stand only where claims_in names them', async () => {
    const claims_in = { id_token: ['groups'], access_token: ['tier', 'roles'], userinfo: ['groups', 'tier'] }
    expect(await told({ ...ALICE, claims_in })).toEqual({
      id_token: { groups: ['staff'], shoe: ALL.shoe },
      access_token: { tier: 'gold', roles: ['admin'], shoe: ALL.shoe },
      userinfo: { groups: ['staff'], tier: 'gold', shoe: ALL.shoe },
    })
  })

  it('can put a standard claim into a token by claims_in, when its scope was asked for', async () => {
    const user: User = {
      username: 'alice',
      email: 'a@x.test',
      claims_in: { access_token: ['email'], id_token: ['email'] },
    }
    expect(await told(user)).toEqual({ id_token: {}, access_token: {}, userinfo: {} })
    expect(await told(user, { scope: 'openid email' })).toEqual({
      id_token: { email: 'a@x.test' },
      access_token: { email: 'a@x.test' },
      userinfo: { email_verified: true },
    })
  })

  it('are not there where the user has none, rather than empty', async () => {
    expect(await told({ username: 'alice' })).toEqual({ id_token: {}, access_token: {}, userinfo: {} })
  })

  it('may be of any JSON, and come back as they are', async () => {
    const claims = {
      nothing: null,
      list: [1, [2, { three: '3' }]],
      'with space': 'ä😀',
      '': 'empty name',
    }
    const { id_token, userinfo } = await told({ username: 'alice', claims })
    expect([id_token, userinfo]).toEqual([claims, claims])
  })

  it('follow the roles that the resource of the token declares', async () => {
    const resources = [
      { identifier: 'https://a.test', roles: ['admin'] },
      { identifier: 'https://b.test', roles: ['writer'] },
    ]
    await using op = await startCodeFlow(
      {},
      { resources, users: [{ username: 'alice', roles: ['admin', 'writer', 'own'] }] },
    )
    const { body } = await op.rp.redeem(await op.rp.authorize({ resource: 'https://a.test' }))
    expect(decode(String(body['access_token'])).claims['roles']).toEqual(['admin', 'own'])
    expect(idClaims(body)['roles']).toEqual(['admin', 'writer', 'own'])
  })
})
