import { describe, expect, it } from 'vitest'
import { basic, basicAsIs, get, post } from '../support/http.ts'
import { type Judged, random, startJudged, WEB } from '../support/judged.ts'

const GRANT = { grant_type: 'client_credentials' }
const wrong = (idp: Judged) => idp.token(GRANT, basic('web', 'wr0ng'))

describe('RFC 6749 §2.3: how clients prove who they are', () => {
  it.each(['client_secret', 'client_assertion', 'password', 'refresh_token'])(
    'finds %s in the query',
    async (name) => {
      await using idp = await startJudged()
      const secret = random()
      await post(`${idp.issuer}/token?${name}=${secret}`, GRANT, WEB)
      expect(idp.findings()).toMatchObject([{ id: 'secret_in_query', severity: 'error' }])
      expect(JSON.stringify(idp.findings())).not.toContain(secret)
    },
  )

  it('finds a secret that goes through the browser', async () => {
    await using idp = await startJudged()
    await idp.ask({ client_secret: 's3cret' })
    expect(idp.findings()).toMatchObject([{ id: 'secret_in_query', client_id: 'web' }])
  })

  it('finds two ways at once', async () => {
    await using idp = await startJudged()
    const { status } = await idp.token({ ...GRANT, client_secret: 's3cret', client_id: 'web' }, WEB)
    expect(status).toBe(400)
    expect(idp.findings()).toMatchObject([{ id: 'credentials_twice', severity: 'error' }])
  })

  it('says so once, where strictness lets it pass', async () => {
    await using idp = await startJudged({ strictness: { client_auth_method: 'warn' } })
    await idp.token({ ...GRANT, client_secret: 's3cret', client_id: 'web' }, WEB)
    expect(idp.ids()).toEqual(['check.client_auth_method'])
  })

  it.each([
    ['in the header', {}, WEB],
    ['in the header, with client_id beside it', { client_id: 'web' }, WEB],
    ['in the body', { client_id: 'web', client_secret: 's3cret' }, {}],
  ])('takes a secret %s', async (_, form, headers) => {
    await using idp = await startJudged()
    expect((await idp.token({ ...GRANT, ...form }, headers as Record<string, string>)).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })

  it('finds a secret of a public client', async () => {
    await using idp = await startJudged()
    await idp.redeem(await idp.code({ client_id: 'spa' }), {}, basic('spa', 'in-the-app'))
    expect(idp.findings()).toMatchObject([{ id: 'secret_unexpected', severity: 'error', client_id: 'spa' }])
  })

  it('finds a secret of a client that registered none', async () => {
    const clients = [{ client_id: 'native', token_endpoint_auth_method: 'none' }] as const
    await using idp = await startJudged({ clients: [{ ...clients[0], grant_types: ['password'] }] })
    await idp.token({ grant_type: 'password', client_id: 'native', client_secret: 'in-the-app' })
    expect(idp.ids()).toContain('secret_unexpected')
  })

  it('finds another way than the registered one', async () => {
    const web = { client_id: 'web', client_secret: 's3cret' }
    await using idp = await startJudged({
      clients: [{ ...web, token_endpoint_auth_method: 'client_secret_post' }],
    })
    await idp.token(GRANT, WEB)
    expect(idp.findings()).toMatchObject([{ id: 'auth_method_mismatch', severity: 'error' }])
    idp.clear()
    await idp.token({ ...GRANT, ...web })
    expect(idp.findings()).toEqual([])
  })

  it.each(['revoke', 'introspect', 'token'])(
    'finds a confidential client without credentials at %s',
    async (path) => {
      await using idp = await startJudged()
      await post(`${idp.issuer}/${path}`, { ...GRANT, token: random(), client_id: 'web' })
      expect(idp.findings()).toMatchObject([
        { id: 'credentials_missing', severity: 'error', client_id: 'web' },
      ])
    },
  )

  it('finds a revocation that names nobody; a bare request for a token is no client', async () => {
    await using idp = await startJudged()
    await idp.token(GRANT)
    expect(idp.findings()).toEqual([])
    await post(`${idp.issuer}/revoke`, { token: random() })
    expect(idp.findings()).toMatchObject([{ id: 'credentials_missing' }])
    expect(idp.findings()[0]?.client_id).toBeUndefined()
  })
})

describe('RFC 6749 §2.3.1: the Basic header', () => {
  const clients = [
    { client_id: 'plus', client_secret: 'a+b c' },
    { client_id: 'percent', client_secret: '100%' },
    { client_id: 'slash', client_secret: 'a/b=c~d' },
  ]

  it.each([
    ['plus', 'a+b c'],
    ['percent', '100%'],
  ])('finds that the secret of %s was not form-urlencoded', async (client, secret) => {
    await using idp = await startJudged({ clients })
    expect((await idp.token(GRANT, basicAsIs(`${client}:${secret}`))).status).toBe(401)
    expect(idp.findings()).toMatchObject([{ id: 'basic_not_encoded', severity: 'error' }])
    expect(idp.findings()[0]?.text).toContain(`client ${client}`)
  })

  it('says nothing where that makes no difference, and nothing of a secret that is wrong', async () => {
    await using idp = await startJudged({ clients })
    expect((await idp.token(GRANT, basicAsIs('slash:a/b=c~d'))).status).toBe(200)
    expect((await idp.token(GRANT, basicAsIs('plus:a+b'))).status).toBe(401)
    expect((await idp.token(GRANT, basic('plus', 'a+b c'))).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })
})

describe('RFC 6749 §10.10: secrets that are guessed', () => {
  it('are five wrong ones in a row', async () => {
    await using idp = await startJudged()
    for (const _ of [1, 2, 3, 4]) await wrong(idp)
    expect((await idp.token(GRANT, WEB)).status).toBe(200)
    for (const _ of [1, 2, 3, 4]) await wrong(idp)
    expect(idp.findings()).toEqual([])
    await wrong(idp)
    expect(idp.findings()).toMatchObject([{ id: 'secret_wrong_again', severity: 'warning', count: 1 }])
  })

  it('are not some wrong ones now and then', async () => {
    await using idp = await startJudged()
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      await wrong(idp)
      idp.advance(100)
    }
    expect(idp.findings()).toEqual([])
  })
})

describe('RFC 6749 §2.1: secrets in browsers', () => {
  const origin = 'https://shop.example.test'
  const browser = { origin, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' }
  const jsdom = {
    origin,
    'user-agent': 'Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/26',
  }

  it('are found where a page sends one', async () => {
    await using idp = await startJudged()
    expect((await idp.token(GRANT, { ...WEB, ...browser })).status).toBe(200)
    expect(idp.findings()).toMatchObject([{ id: 'secret_in_browser', severity: 'warning' }])
  })

  it.each([
    ['a program', {}],
    ['a program with an Origin', { origin }],
    ['a test environment that plays a browser', jsdom],
  ])('are not what %s sends', async (_, headers) => {
    await using idp = await startJudged()
    expect((await idp.token(GRANT, { ...WEB, ...headers })).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })

  it('are not there where a page is a public client', async () => {
    await using idp = await startJudged()
    const code = await idp.code({ client_id: 'spa' })
    expect((await idp.redeem(code, { client_id: 'spa' }, browser)).status).toBe(200)
    expect((await get(`${idp.issuer}/jwks.json`, browser)).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })
})

describe('what RFC 6749 forbids and a provider takes', () => {
  const orders = { client_id: 'orders', client_secret: 's3cret' }
  const found = (idp: Judged) => idp.findings().map(({ id, severity, text }) => [id, severity, text])

  it('is worth a word only: credentials in the query at Trivore', async () => {
    await using idp = await startJudged({ dialect: 'trivore', clients: [orders] })
    const { token_endpoint } = await (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json()
    const query = new URLSearchParams({ ...GRANT, ...orders })
    expect((await post(`${token_endpoint}?${query}`, '')).status).toBe(200)
    const text = 'client_secret came in the query, as this provider takes it'
    expect(found(idp)).toEqual([['secret_in_query', 'info', text]])
  })

  it('is worth a word only: a secret in the header and in the body at Keycloak', async () => {
    await using idp = await startJudged({ dialect: 'keycloak@26', clients: [orders] })
    const url = `${idp.issuer}/protocol/openid-connect/token`
    expect((await post(url, { ...GRANT, ...orders }, basic('orders', 's3cret'))).status).toBe(200)
    const text = 'an Authorization header and client_secret came at once, as this provider takes it'
    expect(found(idp)).toEqual([['credentials_twice', 'info', text]])
  })
})
