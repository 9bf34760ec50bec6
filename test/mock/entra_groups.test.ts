import { describe, expect, it } from 'vitest'
import { ADA, ORDERS, signIn, startEntra, TENANT, v1Of } from '../support/entra_tenant.ts'
import { decode } from '../support/http.ts'

const READ = `${ORDERS.identifier}/read openid profile`
const GUID = '9d0e3d1c-0000-4000-8000-000000000001'
const ADMIN = '62e90394-69f5-4237-9190-012177145e10'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
type Kind = 'None' | 'SecurityGroup' | 'DirectoryRole' | 'ApplicationGroup' | 'All'

const PERSON = { groups: [GUID, 'staff'], entra: { directory_roles: [ADMIN] } }
const wanting = (...group_membership_claims: Kind[]) => ({ entra: { group_membership_claims } })

describe('Entra: groups in tokens', () => {
  it('are GUIDs: one that is written as such stays, a name has one that is always the same', async () => {
    await using one = await startEntra({ user: PERSON })
    await using two = await startEntra({ user: PERSON })
    const { groups } = (await signIn(one.app, { scope: READ })).id
    expect(groups).toEqual([GUID, expect.stringMatching(UUID)])
    expect((await signIn(two.app, { scope: READ })).id['groups']).toEqual(groups)
  })

  it('stand in both tokens where nobody says which of them have them', async () => {
    await using entra = await startEntra({ user: PERSON })
    for (const [app, params] of [
      [entra.app, { scope: READ }],
      [await v1Of(entra), { resource: ORDERS.identifier }],
    ] as const) {
      const { id, access } = await signIn(app, params)
      for (const claims of [id, access]) {
        expect(claims['groups']).toHaveLength(2)
        expect(claims).not.toHaveProperty('wids')
      }
    }
  })

  it.each([
    [['None'], false, false],
    [['SecurityGroup'], true, false],
    [['ApplicationGroup'], true, false],
    [['DirectoryRole'], false, true],
    [['All'], true, true],
    [['SecurityGroup', 'DirectoryRole'], true, true],
  ] as const)('follow group_membership_claims %j: groups %s, wids %s', async (kinds, groups, wids) => {
    await using asked = await startEntra({ user: PERSON, client: wanting(...kinds), orders: wanting('None') })
    const { id, access } = await signIn(asked.app, { scope: READ })
    expect([id['groups'] !== undefined, id['wids']]).toEqual([groups, wids ? [ADMIN] : undefined])
    for (const name of ['groups', 'wids']) expect(access).not.toHaveProperty(name)
    await using api = await startEntra({ user: PERSON, client: wanting('None'), orders: wanting(...kinds) })
    const other = await signIn(api.app, { scope: READ })
    expect([other.access['groups'] !== undefined, other.access['wids']]).toEqual([
      groups,
      wids ? [ADMIN] : undefined,
    ])
    for (const name of ['groups', 'wids']) expect(other.id).not.toHaveProperty(name)
  })

  it('stand only where claims_in of the user names them', async () => {
    await using entra = await startEntra({ user: { ...PERSON, claims_in: { access_token: ['groups'] } } })
    const { id, access } = await signIn(entra.app, { scope: READ })
    expect(access['groups']).toHaveLength(2)
    expect(id).not.toHaveProperty('groups')
  })

  it('are left out where a user has none', async () => {
    await using entra = await startEntra({ client: wanting('All'), orders: wanting('All') })
    const { id, access } = await signIn(entra.app, { scope: READ })
    for (const claims of [id, access])
      for (const name of ['groups', 'wids']) expect(claims).not.toHaveProperty(name)
  })

  it('are what the configuration says under claims, whatever that is', async () => {
    await using entra = await startEntra({ user: { claims: { groups: ['as-it-is'] } } })
    expect((await signIn(entra.app, { scope: READ })).id['groups']).toEqual(['as-it-is'])
  })
})

describe('Entra: more groups than a token holds', () => {
  it('200 stand in it', async () => {
    await using entra = await startEntra({ user: { groups: { generate: 200 } } })
    const { id, access } = await signIn(entra.app, { scope: READ })
    for (const claims of [id, access]) {
      expect(claims['groups']).toHaveLength(200)
      expect(claims).not.toHaveProperty('_claim_names')
    }
  })

  it('201 are named by the place where they can be asked for', async () => {
    await using entra = await startEntra({ user: { groups: { generate: 201 } } })
    const { id, access } = await signIn(entra.app, { scope: READ })
    const endpoint = `https://graph.windows.net/${TENANT}/users/${id['oid']}/getMemberObjects`
    for (const claims of [id, access]) {
      expect(claims).toMatchObject({
        _claim_names: { groups: 'src1' },
        _claim_sources: { src1: { endpoint } },
      })
      expect(claims).not.toHaveProperty('groups')
    }
  })

  it('are as many as the tenant says, and asked for here where it says so', async () => {
    await using entra = await startEntra({
      user: PERSON,
      config: { entra: { group_limit: 1, overage_endpoint: 'own' } },
    })
    const { id } = await signIn(entra.app, { scope: READ })
    const endpoint = `${entra.idp.url}/v1.0/users/${id['oid']}/getMemberObjects`
    expect(id['_claim_sources']).toEqual({ src1: { endpoint } })
  })

  it('are five at most in a token that comes through the browser; then hasgroups says that there are some', async () => {
    for (const [generate, expected] of [
      [5, { groups: expect.any(Array) }],
      [6, { hasgroups: true }],
    ] as const) {
      await using entra = await startEntra({ user: { groups: { generate } } })
      const params = { response_type: 'id_token token', scope: READ, nonce: 'n' }
      const front = await entra.app.authorize(params, ADA.username)
      for (const name of ['id_token', 'access_token']) {
        const { claims } = decode(String(front[name]))
        const { groups, hasgroups, _claim_names } = claims
        expect(JSON.parse(JSON.stringify({ groups, hasgroups, _claim_names }))).toEqual(expected)
      }
    }
  })
})
