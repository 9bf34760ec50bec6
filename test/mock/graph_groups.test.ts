import { describe, expect, it } from 'vitest'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { ADA, ADA_ID, CONFIG, graphToken, READERS, ROLE, TENANT } from '../support/graph.ts'
import { type Answer, answerOf, decode, get } from '../support/http.ts'
import { bearer } from '../support/token.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function act(idp: StartedIdp, path: string, body: object, user = ADA): Promise<Answer> {
  const headers = { ...(await graphToken(idp, user)), 'content-type': 'application/json' }
  return answerOf(await fetch(`${idp.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
}

interface Page {
  readonly value: { readonly '@odata.type': string; readonly id: string; readonly displayName: string }[]
  readonly '@odata.count'?: number
  readonly '@odata.nextLink'?: string
}

describe('Microsoft Graph: memberOf', () => {
  it('lists groups and directory roles', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, ADA)
    const { body } = await get(`${idp.url}/v1.0/me/memberOf`, headers)
    expect(body['@odata.context']).toBe('https://graph.microsoft.com/v1.0/$metadata#directoryObjects')
    expect(body['value']).toMatchObject([
      { '@odata.type': '#microsoft.graph.group', id: expect.stringMatching(UUID), displayName: 'engineers' },
      { '@odata.type': '#microsoft.graph.group', id: READERS, securityEnabled: true },
      { '@odata.type': '#microsoft.graph.directoryRole', roleTemplateId: ROLE },
    ])
    const groups = await get(`${idp.url}/v1.0/me/transitiveMemberOf/microsoft.graph.group`, headers)
    expect(groups.body['@odata.context']).toBe('https://graph.microsoft.com/v1.0/$metadata#groups')
    expect((groups.body as unknown as Page).value.map(({ displayName }) => displayName)).toEqual([
      'engineers',
      READERS,
    ])
  })

  it('comes page by page, and each page says where the next one is', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, 'bob')
    const names: string[] = []
    const sizes: number[] = []
    let url: string | undefined = `${idp.url}/v1.0/users/bob/memberOf?$select=displayName&$count=true`
    while (url !== undefined) {
      const page = (await get(url, headers)).body as unknown as Page
      expect(Object.keys(page.value[0] ?? {})).toEqual(['@odata.type', 'displayName'])
      expect(page['@odata.count']).toBe(250)
      names.push(...page.value.map(({ displayName }) => displayName))
      sizes.push(page.value.length)
      url = page['@odata.nextLink']
    }
    expect(sizes).toEqual([100, 100, 50])
    expect(new Set(names).size).toBe(250)
    const one = await get(`${idp.url}/v1.0/me/memberOf?$top=250`, headers)
    expect(one.body).not.toHaveProperty('@odata.nextLink')
  })

  it('repeats in the next link what was asked, whatever it is called', async () => {
    await using idp = await startIdp(CONFIG)
    const headers = await graphToken(idp, 'bob')
    const { body } = await get(`${idp.url}/v1.0/me/memberOf?$top=2&a%26%23b=c%26d`, headers)
    const next = new URL(String(body['@odata.nextLink']))
    expect([...next.searchParams]).toEqual([
      ['$top', '2'],
      ['a&#b', 'c&d'],
      ['$skiptoken', '2'],
    ])
    expect(next.search).toContain('$top=2&')
  })

  it.each(['$top=0', '$top=1000', '$top=many', '$skiptoken=x'])('refuses %s', async (query) => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await get(`${idp.url}/v1.0/me/memberOf?${query}`, await graphToken(idp, ADA))
    expect([status, body['error']]).toMatchObject([400, { code: 'BadRequest' }])
  })
})

describe('Microsoft Graph: getMemberObjects and its kin', () => {
  it.each(['/v1.0/me', `/beta/users/${ADA_ID}`, `/v1.0/users/${ADA}`, `/v1.0/directoryObjects/${ADA_ID}`])(
    'answers at %s with ids, the same that memberOf has',
    async (who) => {
      await using idp = await startIdp(CONFIG)
      const members = await get(
        `${idp.url}/v1.0/me/memberOf/microsoft.graph.group`,
        await graphToken(idp, ADA),
      )
      const ids = (members.body as unknown as Page).value.map(({ id }) => id)
      const version = who.split('/')[1]
      expect((await act(idp, `${who}/getMemberObjects`, { securityEnabledOnly: true })).body).toEqual({
        '@odata.context': `https://graph.microsoft.com/${version}/$metadata#Collection(Edm.String)`,
        value: ids,
      })
      const all = await act(idp, `${who}/getMemberObjects`, { securityEnabledOnly: false })
      expect(all.body['value']).toEqual([...ids, ROLE])
      const groups = await act(idp, `${who}/microsoft.graph.getMemberGroups`, { securityEnabledOnly: false })
      expect(groups.body['value']).toEqual(ids)
    },
  )

  it('has the ids that tokens have', async () => {
    await using idp = await startIdp(CONFIG)
    const { groups } = decode((await graphToken(idp, ADA)).authorization.slice('Bearer '.length)).claims
    const { body } = await act(idp, '/v1.0/me/getMemberGroups', { securityEnabledOnly: true })
    expect(body['value']).toEqual(groups)
  })

  it('is where a token with too many groups says, if the tenant says so', async () => {
    await using idp = await startIdp({ ...CONFIG, entra: { overage_endpoint: 'own' } })
    const headers = await graphToken(idp, 'bob')
    const { _claim_sources } = decode(headers.authorization.slice('Bearer '.length)).claims
    const { endpoint } = (_claim_sources as { src1: { endpoint: string } }).src1
    const answer = await answerOf(await fetch(endpoint, { method: 'POST', headers }))
    expect(answer.body['value']).toHaveLength(250)
  })

  it('has every group of somebody whose token has too many', async () => {
    await using idp = await startIdp(CONFIG)
    const { body } = await act(idp, '/v1.0/me/getMemberObjects', { securityEnabledOnly: true }, 'bob')
    expect(body['value']).toHaveLength(250)
  })

  it('checks which of some groups a user is in', async () => {
    await using idp = await startIdp(CONFIG)
    const path = '/v1.0/me/checkMemberGroups'
    const groupIds = [ROLE, READERS.toUpperCase()]
    expect((await act(idp, path, { groupIds })).body['value']).toEqual([READERS])
    for (const wrong of [{}, { groupIds: [] }, { groupIds: 'x' }, { groupIds: Array(21).fill(READERS) }])
      expect((await act(idp, path, wrong)).body['error']).toMatchObject({ code: 'BadRequest' })
  })

  it('takes an object as its body and nothing else', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await act(idp, '/v1.0/me/getMemberObjects', [])
    expect([status, body['error']]).toMatchObject([400, { code: 'BadRequest' }])
  })
})

describe('Azure AD Graph: where a token with too many groups says that they are', () => {
  const path = (tenant: string) => `/${tenant}/users/${ADA_ID}/getMemberObjects?api-version=1.6`

  it('has their ids, for tokens of Graph and of its predecessor', async () => {
    await using idp = await startIdp(CONFIG)
    for (const tenant of [TENANT, 'contoso.example', 'myorganization']) {
      const { status, body } = await act(idp, path(tenant), { securityEnabledOnly: true })
      expect([status, body]).toEqual([
        200,
        {
          'odata.metadata': `https://graph.windows.net/${TENANT}/$metadata#Collection(Edm.String)`,
          value: [expect.stringMatching(UUID), READERS],
        },
      ])
    }
    const token = await idp.token({ client: 'web', user: ADA, audience: 'https://graph.windows.net/' })
    const answer = await fetch(`${idp.url}${path(TENANT)}`, { method: 'POST', headers: bearer(token) })
    expect(answer.status).toBe(200)
  })

  it('knows no other tenant than that of the token', async () => {
    await using idp = await startIdp(CONFIG)
    const { status, body } = await act(idp, path('fabrikam'), {})
    expect([status, body['error']]).toMatchObject([404, { code: 'Request_ResourceNotFound' }])
  })
})
