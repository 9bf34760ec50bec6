import { describe, expect, it } from 'vitest'
import { get, post } from '../support/http.ts'
import { type Judged, random, startJudged, WEB } from '../support/judged.ts'
import { bearer } from '../support/token.ts'

const GRANT = { grant_type: 'client_credentials' }
const PASSWORD = { grant_type: 'password', username: 'alice', password: 'wonderland' }
const many = (times: number, work: () => Promise<unknown>) => Promise.all(Array.from({ length: times }, work))

describe('RFC 9700 §2.4: the password grant', () => {
  it('is found wherever it is used', async () => {
    await using idp = await startJudged()
    expect((await idp.token(PASSWORD, WEB)).status).toBe(200)
    expect(idp.findings()).toMatchObject([{ id: 'password_grant', severity: 'error', client_id: 'web' }])
    expect(JSON.stringify(idp.findings())).not.toContain('wonderland')
  })
})

describe('RFC 6749 §3.2: the form of requests', () => {
  it('finds a GET of a client, and not that of someone who opened the URL', async () => {
    await using idp = await startJudged()
    expect((await get(`${idp.issuer}/token`)).status).toBe(405)
    expect(idp.findings()).toEqual([])
    expect((await get(`${idp.issuer}/token?grant_type=client_credentials&client_id=web`)).status).toBe(405)
    expect(idp.findings()).toMatchObject([{ id: 'post_by_get', severity: 'error' }])
  })

  it('finds JSON in the place of a form', async () => {
    await using idp = await startJudged()
    const body = JSON.stringify({ ...GRANT, client_id: 'web', client_secret: 's3cret' })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${idp.issuer}/token`, { method: 'POST', headers, body })).status).toBe(400)
    expect(idp.findings()).toMatchObject([{ id: 'body_not_form', severity: 'error' }])
  })

  it('finds a parameter that came twice; a resource may', async () => {
    await using idp = await startJudged({
      resources: [{ identifier: 'https://one.test' }, { identifier: 'https://two.test' }],
    })
    const resources = 'grant_type=client_credentials&resource=https://one.test&resource=https://two.test'
    expect((await post(`${idp.issuer}/token`, resources, WEB)).status).toBe(200)
    expect(idp.findings()).toEqual([])
    expect((await post(`${idp.issuer}/token`, `${resources}&scope=a&scope=b`, WEB)).status).toBe(400)
    expect(idp.findings()).toMatchObject([{ id: 'parameter_twice', severity: 'error' }])
  })

  it.each([
    ['scopes', 'scope'],
    ['Scope', 'scope'],
    ['client-id', 'client_id'],
    ['redirect_url', 'redirect_uri'],
    ['redirectUri', 'redirect_uri'],
    ['grantType', 'grant_type'],
    ['resources', 'resource'],
    ['audiance', 'audience'],
    ['code_verifer', 'code_verifier'],
  ])('finds that %s is not %s', async (name, meant) => {
    await using idp = await startJudged()
    await post(`${idp.issuer}/token`, { [name]: 'x', ...(meant === 'grant_type' ? {} : GRANT) }, WEB)
    const [found] = idp.findings()
    expect(found).toMatchObject({ id: 'parameter_misspelt', severity: 'warning' })
    expect(found?.text).toBe(`a parameter is called ${name}, which is ignored; ${meant} was meant, it seems`)
  })

  it('finds each of several misspelt ones, and counts one that comes again', async () => {
    await using idp = await startJudged()
    for (const name of ['redirect_url', 'scopes', 'scopes']) await idp.ask({ [name]: 'x', scope: undefined })
    expect(idp.findings().map(({ id, count }) => [id, count])).toEqual([['parameter_misspelt', 2]])
  })

  it.each([
    'client_info',
    'x-client-sku',
    'x_request_id',
    'domain_hint',
    'amr_values',
    'claims_locales',
    'tracking',
    'states_of_mind',
    'tag',
    'org',
    'hd',
    'p',
    'scope2025',
    'toString',
    '__proto__',
    'a'.repeat(5000),
  ])('takes %.20s for what it is', async (name) => {
    await using idp = await startJudged()
    await post(
      `${idp.issuer}/token`,
      `${new URLSearchParams([[name, 'x']])}&grant_type=client_credentials`,
      WEB,
    )
    expect(idp.findings()).toEqual([])
  })

  it('finds commas in a scope', async () => {
    await using idp = await startJudged()
    await idp.ask({ scope: 'openid,email', nonce: undefined })
    expect(idp.findings()).toMatchObject([{ id: 'scope_separator', severity: 'warning' }])
    idp.clear()
    await idp.ask({ scope: 'openid email' })
    expect(idp.findings()).toEqual([])
  })
})

describe('what tokens are used for', () => {
  const tokens = async (idp: Judged) => (await idp.redeem(await idp.code())).body

  it('finds an access token in the query (RFC 6750 §2.3)', async () => {
    await using idp = await startJudged()
    const token = random()
    expect((await get(`${idp.issuer}/userinfo?access_token=${token}`)).status).toBe(401)
    expect(idp.findings()).toMatchObject([{ id: 'access_token_in_query', severity: 'error' }])
    expect(JSON.stringify(idp.findings())).not.toContain(token)
  })

  it('finds an ID token at userinfo, and at introspection', async () => {
    await using idp = await startJudged()
    const { id_token } = await tokens(idp)
    expect((await get(`${idp.issuer}/userinfo`, bearer(id_token))).status).toBe(401)
    expect((await post(`${idp.issuer}/introspect`, { token: String(id_token) }, WEB)).body['active']).toBe(
      false,
    )
    expect(idp.findings()).toMatchObject([
      { id: 'id_token_at_userinfo', severity: 'error' },
      { id: 'id_token_introspected', severity: 'warning', client_id: 'web' },
    ])
  })

  it('says nothing of access tokens there, good, bad or expired', async () => {
    await using idp = await startJudged()
    const { access_token } = await tokens(idp)
    const bad = `${String(access_token).slice(0, -8)}AAAAAAAA`
    for (const seconds of [0, 7200]) {
      idp.advance(seconds)
      for (const token of [String(access_token), bad, 'opaque']) {
        await get(`${idp.issuer}/userinfo`, bearer(token))
        await post(`${idp.issuer}/introspect`, { token }, WEB)
      }
    }
    expect(idp.findings()).toEqual([])
  })
})

describe('what is asked for again and again is worth a word, and no more', () => {
  it('a fifth token while the first is fresh', async () => {
    await using idp = await startJudged()
    await many(4, () => idp.token(GRANT, WEB))
    await many(4, () =>
      idp.token(GRANT, { authorization: WEB.authorization.replace('Basic', 'basic') }).then(),
    )
    expect(idp.findings()).toMatchObject([{ id: 'token_not_cached', severity: 'info', count: 4 }])
  })

  it('not tokens of other scopes, of other clients, and after half of their life', async () => {
    await using idp = await startJudged({
      scopes: { read: [], write: [] } as never,
      lifetimes: { access_token: 600 },
    })
    for (const _ of [1, 2, 3, 4, 5]) {
      for (const scope of ['read', 'write'])
        await many(4, async () => expect((await idp.token({ ...GRANT, scope }, WEB)).status).toBe(200))
      await many(4, () => idp.token({ ...GRANT, client_id: 'other', client_secret: 'an0ther' }))
      idp.advance(301)
    }
    expect(idp.findings()).toEqual([])
  })

  it.each([
    ['jwks.json', 'jwks_not_cached'],
    ['.well-known/openid-configuration', 'discovery_not_cached'],
  ])('%s, more than twenty times in a minute', async (path, id) => {
    await using idp = await startJudged()
    const url = `${idp.issuer}/${path}`
    const { headers } = await get(url)
    await many(19, () => get(url))
    await many(20, () => get(url, { 'user-agent': 'another' }))
    await many(20, () => get(url, { 'if-none-match': headers.get('etag') ?? '' }))
    expect(idp.findings()).toEqual([])
    await get(url)
    expect(idp.findings()).toMatchObject([{ id, severity: 'info', count: 1 }])
  })

  it('the same token introspected, more than ten times in a minute', async () => {
    await using idp = await startJudged()
    const ask = async (token: unknown) =>
      await post(`${idp.issuer}/introspect`, { token: String(token) }, WEB)
    const issued = async () => (await idp.token(GRANT, WEB)).body['access_token']
    const [one, other] = [await issued(), await issued()]
    await many(10, () => ask(one))
    await many(10, () => ask(other))
    idp.advance(60)
    await many(10, () => ask(one))
    expect(idp.findings()).toEqual([])
    expect((await ask(one)).body['active']).toBe(true)
    expect(idp.findings()).toMatchObject([{ id: 'introspection_not_cached', severity: 'info', count: 1 }])
  })
})
