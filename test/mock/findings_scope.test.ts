import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerAt, authorizeUrl, Browser, redeem } from '../support/browser.ts'
import { get } from '../support/http.ts'
import { CALLBACK, type Judged, random, startJudged, WEB } from '../support/judged.ts'

/** A login that asks for these scopes, up to its access token. */
async function login(idp: Judged, scope: string): Promise<string> {
  const { status, body } = await idp.redeem(await idp.code({ scope }))
  expect(status).toBe(200)
  return String(body['access_token'])
}

const userinfo = (idp: Judged, token: string) =>
  get(`${idp.issuer}/userinfo`, { authorization: `Bearer ${token}` })

/** Beside the challenge that all these logins share. */
const found = (idp: Judged) => idp.findings().filter(({ id }) => id === 'scope_unused')

const ALICE = { username: 'alice', name: 'Alice', email: 'alice@example.test' }

describe('OIDC Core §5.4: claims that scopes ask for', () => {
  it('finds scopes of which a client never fetched the claims', async () => {
    await using idp = await startJudged({ users: [ALICE] })
    await login(idp, 'openid profile email')
    idp.advance(60)
    await login(idp, 'openid email')
    expect(found(idp)).toMatchObject([{ severity: 'info', client_id: 'web', count: 1 }])
    expect(found(idp)[0]?.text).toContain('asks for the scope email again and again')
  })

  it('counts from the first of several logins, and anew where time has gone back', async () => {
    await using idp = await startJudged({ users: [ALICE] })
    await login(idp, 'openid email')
    idp.advance(-3600)
    for (const seconds of [40, 40]) {
      await login(idp, 'openid email')
      expect(found(idp)).toEqual([])
      idp.advance(seconds)
    }
    await login(idp, 'openid email')
    expect(found(idp)).toHaveLength(1)
  })

  it('says nothing where the client asks userinfo', async () => {
    await using idp = await startJudged({ users: [ALICE] })
    const token = await login(idp, 'openid profile')
    expect((await userinfo(idp, token)).status).toBe(200)
    for (const seconds of [60, 60, 60]) {
      idp.advance(seconds)
      await login(idp, 'openid profile')
    }
    expect(found(idp)).toEqual([])
  })

  it('says nothing of many who sign in at once', async () => {
    await using idp = await startJudged({ users: [ALICE] })
    await Promise.all([1, 2, 3, 4].map(() => login(idp, 'openid email')))
    expect(found(idp)).toEqual([])
  })

  it('takes a refused request to userinfo for none', async () => {
    await using idp = await startJudged({ users: [ALICE] })
    await login(idp, 'openid profile')
    expect((await userinfo(idp, 'nonsense')).status).toBe(401)
    idp.advance(60)
    await login(idp, 'openid profile')
    expect(found(idp)).toHaveLength(1)
  })

  it.each([
    ['scopes without claims', ALICE, 'openid offline_access'],
    ['claims that are in a token', { ...ALICE, claims_in: { id_token: ['email'] } }, 'openid email'],
    ['claims that the user does not have', ALICE, 'openid phone address'],
  ])('says nothing of %s', async (_, user, scope) => {
    await using idp = await startJudged({ users: [user] })
    await login(idp, scope)
    idp.advance(60)
    await login(idp, scope)
    expect(found(idp)).toEqual([])
  })
})

describe('RFC 9207 §2.4: the issuer of an answer', () => {
  /** Two issuers of one server, and a client of both. */
  async function startTwo() {
    const tenant = {
      clients: [{ client_id: 'web', client_secret: 's3cret', redirect_uris: [CALLBACK] }],
      users: [{ username: 'alice' }],
      login: { mode: 'auto' as const },
    }
    return await startIdp({ tenants: { here: tenant, there: tenant } })
  }

  async function codeOf(issuer: string): Promise<string> {
    const params = { client_id: 'web', redirect_uri: CALLBACK, state: random() }
    return answerAt(await new Browser(issuer).open(authorizeUrl(issuer, params))).get('code') ?? ''
  }

  const foundAt = async (url: string, tenant: string) =>
    ((await get(`${url}/_mock/findings?tenant=${tenant}&severity=error`)).body as { items: unknown[] }).items

  it('is not compared by a client that sends the code of one to another', async () => {
    await using idp = await startTwo()
    const code = await codeOf(`${idp.url}/here`)
    expect((await redeem(`${idp.url}/there`, { code, redirect_uri: CALLBACK }, WEB)).status).toBe(400)
    expect(await foundAt(idp.url, 'there')).toMatchObject([
      {
        id: 'code_of_other_issuer',
        severity: 'error',
        client_id: 'web',
        text: `a code of ${idp.url}/here came to ${idp.url}/there`,
      },
    ])
    expect((await redeem(`${idp.url}/here`, { code, redirect_uri: CALLBACK }, WEB)).status).toBe(200)
    expect(await foundAt(idp.url, 'here')).toEqual([])
  })

  it('has nothing to do with a code that nobody gave, or that was forgotten', async () => {
    await using idp = await startTwo()
    const code = await codeOf(`${idp.url}/here`)
    await idp.reset()
    for (const each of [code, 'nonsense'])
      expect((await redeem(`${idp.url}/here`, { code: each, redirect_uri: CALLBACK }, WEB)).status).toBe(400)
    expect(await foundAt(idp.url, 'here')).toEqual([])
  })
})
