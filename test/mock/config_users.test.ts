import { describe, expect, it } from 'vitest'
import { maskConfig } from '../../src/config/mask.ts'
import { standardClaims } from '../../src/config/user.ts'
import { STANDARD_CLAIMS } from '../../src/protocol/standard_claims.ts'
import { configured, problemsIn, tenantOf, type UserInput, userOf } from '../support/configured.ts'

/** A user with every standard claim. */
const ALICE = {
  username: 'alice',
  sub: '248289761001',
  password: 'wonderland',
  name: 'Alice Pleasance Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  middle_name: 'Pleasance',
  nickname: 'Al',
  preferred_username: 'a.liddell',
  profile: 'https://example.test/alice',
  picture: 'https://example.test/alice.png',
  website: 'alice.example.test',
  email: 'alice@example.test',
  email_verified: false,
  gender: 'female',
  birthdate: '1852-05-04',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  phone_number: '+44 20 7946 0018',
  phone_number_verified: true,
  address: {
    formatted: 'Deanery\nOxford',
    street_address: '1 Christ Church',
    locality: 'Oxford',
    region: 'Oxfordshire',
    postal_code: 'OX1 1DP',
    country: 'GB',
  },
  updated_at: 0,
  roles: ['admin'],
  groups: ['staff'],
  claims: { tier: 'gold', nested: { list: [1, null] } },
  claims_in: { access_token: ['tier', 'roles'], userinfo: ['email'] },
} as const

/** As YAML would give them: what the types do not allow too. */
async function problemsOf(...users: readonly unknown[]): Promise<string[]> {
  return await problemsIn({ users: users as UserInput[] })
}

describe('OpenID Connect Core §5.1 Standard Claims of a user', () => {
  it('are all known, and no others', () => {
    expect(Object.keys(standardClaims()).sort()).toEqual([...STANDARD_CLAIMS].sort())
  })

  it('are kept apart from what is not one', async () => {
    const { username, sub, password, roles, groups, claims, claims_in, ...standard } = ALICE
    expect(await userOf(structuredClone(ALICE) as unknown as UserInput)).toEqual({
      username,
      sub,
      password,
      standard,
      roles,
      groups,
      claims,
      claims_in,
      status: 'active',
    })
  })

  it('are absent where they are not set', async () => {
    const user = await userOf({ username: 'bob', sub: null })
    expect(user).toEqual({
      username: 'bob',
      standard: {},
      roles: [],
      groups: [],
      claims: {},
      claims_in: {},
      status: 'active',
    })
    expect([user.sub, user.password]).toEqual([undefined, undefined])
  })

  it.each(['1852', '1852-05-04', '0000-05-04'])('take the birthdate %s', async (birthdate) => {
    expect((await userOf({ username: 'a', birthdate })).standard).toEqual({ birthdate })
  })

  it.each([
    ['birthdate', '4.5.1852', 'expected a date as YYYY-MM-DD, 0000-MM-DD or YYYY'],
    ['birthdate', '1852-13-04', 'expected a date'],
    ['birthdate', 1852, 'put it in quotes'],
    ['phone_number', 44_207, 'put it in quotes'],
    ['email_verified', 'yes', 'expected true or false'],
    ['updated_at', 1.5, 'a whole number of seconds since 1970'],
    ['updated_at', -1, 'a whole number of seconds since 1970'],
    ['updated_at', '2024-01-01', 'a whole number of seconds since 1970'],
    ['name', '', 'a string that is not empty'],
    ['address', 'Oxford', 'expected a map'],
  ])('refuse %s: %j', async (name, value, part) => {
    const [problem, ...more] = await problemsOf({ username: 'a', [name]: value })
    expect(problem).toMatch(new RegExp(`^users\\[0\\]\\.${name}: `))
    expect(problem).toContain(part)
    expect(more).toEqual([])
  })

  it('have an address of known members', async () => {
    expect(await problemsOf({ username: 'a', address: { city: 'Oxford' } })).toEqual([
      expect.stringContaining('users[0].address.city: unknown key'),
    ])
  })
})

describe('users', () => {
  it('have names and subjects of their own', async () => {
    const problems = await problemsOf(
      { username: 'a', sub: 'one' },
      { username: 'b', sub: 'one' },
      { username: 'a' },
      { username: 'c', sub: null },
    )
    expect(problems).toEqual([
      'users[2].username: username a is already that of users[0]',
      'users[1].sub: sub one is already that of users[0]',
    ])
  })

  it.each([{}, { username: '' }, { username: 7 }])('need a username: %j', async (user) => {
    expect(await problemsOf(user)).toEqual([expect.stringMatching(/^users\[0\]\.username: /)])
  })

  it.each(['', 'é', 'x'.repeat(256), 'a\nb'])(
    'have a sub of 1 to 255 printable ASCII characters: %j',
    async (sub) => {
      expect(await problemsOf({ username: 'a', sub })).toEqual([
        expect.stringMatching(/^users\[0\]\.sub: expected 1 to 255 printable ASCII characters/),
      ])
    },
  )

  it('show no password, neither masked nor in a message', async () => {
    const config = await configured({ users: [{ username: 'a', password: 'hush-hush' }] })
    expect(maskConfig(config)).toMatchObject({ tenants: [{ users: [{ username: 'a', password: '***' }] }] })
    const problems = await problemsOf(
      { username: 'a', password: ['hush-hush'] },
      { username: 'b', password: 4711 },
    )
    expect(problems).toHaveLength(2)
    expect(problems.join()).not.toMatch(/hush|4711/)
  })

  it('belong to one tenant: next to tenants they are a problem', async () => {
    const problems = await problemsIn({
      users: [{ username: 'a' }],
      tenants: { t: { users: [{ username: 'a' }] } },
    })
    expect(problems).toEqual(['users: users is not used next to tenants: move it into one of them'])
  })

  it('are told apart in each tenant by itself', async () => {
    const same = { users: [{ username: 'a', sub: 'one' }] }
    expect(await problemsIn({ tenants: { s: same, t: same } })).toEqual([])
    expect(await problemsIn({ tenants: { s: { users: [...same.users, ...same.users] } } })).toEqual([
      'tenants.s.users[1].username: username a is already that of users[0]',
      'tenants.s.users[1].sub: sub one is already that of users[0]',
    ])
  })
})

describe('other claims of a user', () => {
  it.each(['iss', 'aud', 'exp', 'iat', 'nonce', 'at_hash', 'c_hash', 's_hash', 'sub'])(
    'may not be %s, which a token says of itself',
    async (name) => {
      expect(await problemsOf({ username: 'a', claims: { [name]: 'x' } })).toEqual([
        expect.stringMatching(
          new RegExp(`^users\\[0\\]\\.claims\\.${name}: ${name} is not a claim of the user: .+`),
        ),
      ])
    },
  )

  it('say where a subject, an issuer and a lifetime are set', async () => {
    const problems = await problemsOf({ username: 'a', claims: { sub: 'x', iss: 'x', exp: 1 } })
    expect(problems.map((problem) => problem.split(': ').at(-1))).toEqual([
      'set sub beside claims',
      'set issuer.url',
      'set lifetimes, or lifetime of the client',
    ])
  })

  it.each([
    [{ claims: { email: 'a@example.test' } }, 'claims.email: email is a key of the user'],
    [
      { claims: { preferred_username: 'a' } },
      'claims.preferred_username: preferred_username is a key of the user',
    ],
    [{ claims: { roles: ['x'] }, roles: ['y'] }, 'claims.roles: roles is set twice'],
  ])('may not say twice what a key says: %j', async (more, problem) => {
    expect(await problemsOf({ username: 'a', ...more })).toEqual([
      expect.stringContaining(`users[0].${problem}`),
    ])
  })

  it('may give roles and groups another shape, and have any other name', async () => {
    const claims = { roles: { shop: ['admin'] }, acr: 'x', amr: ['y'], username: 'z', '': 1, 'a.b/c': null }
    expect((await userOf({ username: 'a', claims })).claims).toEqual(claims)
  })
})

describe('claims_in', () => {
  it('names claims that the user has', async () => {
    const user = { username: 'a', email: 'a@example.test', roles: ['r'], claims: { tier: 'gold' } }
    const names = ['tier', 'email', 'email_verified', 'roles', 'preferred_username']
    expect(await problemsOf({ ...user, claims_in: { id_token: names, userinfo: [] } })).toEqual([])
    const problems = await problemsOf({
      ...user,
      claims_in: { access_token: ['tier', 'tiers'], userinfo: ['groups'] },
    })
    expect(problems).toEqual([
      'users[0].claims_in.access_token[1]: the user has no claim tiers; did you mean tier? (claims of the user: tier, email, roles, preferred_username, email_verified)',
      expect.stringContaining('users[0].claims_in.userinfo[0]: the user has no claim groups'),
    ])
  })

  it('knows three places', async () => {
    expect(await problemsOf({ username: 'a', claims_in: { idtoken: [] } })).toEqual([
      expect.stringContaining('did you mean id_token? (allowed here: id_token, access_token, userinfo)'),
    ])
  })

  it('is not held against claims that are wrong themselves', async () => {
    const problems = await problemsOf({ username: 'a', claims: 'gold', claims_in: { id_token: ['tier'] } })
    expect(problems).toEqual(['users[0].claims: expected a map, got string "gold"'])
    expect(await problemsOf({ username: 'a', email: 1, claims_in: { id_token: ['email'] } })).toHaveLength(1)
  })

  it('keeps the places that are named', async () => {
    const { users } = await tenantOf({
      users: [{ username: 'a', claims: { t: 1 }, claims_in: { userinfo: ['t'] } }],
    })
    expect(users[0]?.claims_in).toEqual({ userinfo: ['t'] })
  })
})
