import { describe, expect, it } from 'vitest'
import { type ConfigInput, type Idp, startIdp } from '../../src/index.ts'
import { CONTOSO } from '../support/entra_cloud.ts'
import { decode, get } from '../support/http.ts'
import { bearer } from '../support/token.ts'

const WEB = { client_id: 'web', client_secret: 's3cret', redirect_uris: ['https://app.test/cb'] }
const users = [{ username: 'alice' }, { username: 'bob', sub: 'the-sub-of-bob' }]

const claimsOf = async (at: Idp, user: string, client = 'web') =>
  decode((await at.tokens({ client, user, scope: 'openid profile' })).id_token ?? '').claims

/** The same in a sandbox, in another one, and in a sandbox of a sandbox. */
async function copies(idp: Idp): Promise<Idp[]> {
  const [one, two] = [await idp.sandbox(), await idp.sandbox({ users: [{ username: 'carol' }] })]
  return [one, two, await one.sandbox()]
}

describe('users in a sandbox are who they are in its tenant, so that data of an application stays theirs', () => {
  it.each(['standard', 'keycloak@26', 'trivore'])('by sub, at %s', async (dialect) => {
    await using idp = await startIdp({ dialect, clients: [WEB], users } as ConfigInput)
    for (const copy of await copies(idp)) {
      for (const { username } of users) {
        const [here, there] = [await claimsOf(idp, username), await claimsOf(copy, username)]
        expect(there['sub']).toBe(here['sub'])
        expect(there['iss']).not.toBe(here['iss'])
      }
    }
  })

  it('by a sub of each client of its own', async () => {
    const clients = [{ ...WEB, subject_type: 'pairwise' as const }]
    await using idp = await startIdp({ clients, users })
    for (const copy of await copies(idp))
      expect((await claimsOf(copy, 'alice'))['sub']).toBe((await claimsOf(idp, 'alice'))['sub'])
  })

  it('by oid and sub, at Entra ID, in Graph too; the tid is the own one', async () => {
    const graph = 'https://graph.microsoft.com'
    await using idp = await startIdp({
      dialect: 'entra',
      id: CONTOSO,
      clients: [WEB],
      users: [{ username: 'ada@contoso.example', groups: ['engineers'] }],
      resources: [{ identifier: 'api://orders', scopes: ['read'] }],
    } as ConfigInput)
    const facts = async (at: Idp) => {
      const user = 'ada@contoso.example'
      const { oid, sub, tid } = await claimsOf(at, user)
      const token = await at.token({ client: 'web', user, audience: graph })
      const me = await get(`${idp.url}/v1.0/me`, bearer(token))
      const groups = await get(`${idp.url}/v1.0/me/memberOf`, bearer(token))
      const app = decode(await at.token({ client: 'web', audience: 'api://orders' })).claims['oid']
      return { same: { oid, sub, me: me.body['id'], groups: groups.body['value'], app }, tid }
    }
    const own = await facts(idp)
    expect(own.same.oid).toBe(own.same.me)
    for (const copy of await copies(idp)) {
      const there = await facts(copy)
      expect(there.same).toEqual(own.same)
      expect(there.tid).not.toBe(own.tid)
    }
  })

  it('also where a hint or a token names them by it', async () => {
    await using idp = await startIdp({ clients: [WEB], users })
    const { sub } = await claimsOf(idp, 'alice')
    for (const copy of await copies(idp)) {
      const url = `${copy.issuer}/authorize?${new URLSearchParams({
        ...{ client_id: 'web', redirect_uri: WEB.redirect_uris[0] as string, response_type: 'code' },
        ...{ scope: 'openid', login_hint: String(sub) },
      })}`
      expect(await (await fetch(url)).text()).toContain('alice')
    }
  })
})
