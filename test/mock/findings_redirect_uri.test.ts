import { describe, expect, it } from 'vitest'
import { CALLBACK, random, startJudged } from '../support/judged.ts'

/** A provider whose only client has these redirect URIs, and what is found in a request for the first. */
async function foundAt(...redirect_uris: readonly string[]): Promise<readonly string[]> {
  await using idp = await startJudged({ clients: [{ client_id: 'app', redirect_uris: [...redirect_uris] }] })
  await idp.ask({ client_id: 'app', redirect_uri: redirect_uris[0] })
  return idp.ids()
}

describe('RFC 9700 §4.1: where the answer goes', () => {
  it('finds a redirect URI that is not registered', async () => {
    await using idp = await startJudged()
    await idp.ask({ redirect_uri: `${CALLBACK}/` })
    expect(idp.findings()).toMatchObject([{ id: 'redirect_uri_unregistered', severity: 'error' }])
    expect(idp.findings()[0]?.text).toContain(`redirect_uri is ${CALLBACK}/`)
  })

  it('finds another one with the code', async () => {
    await using idp = await startJudged()
    await idp.redeem(await idp.code(), { redirect_uri: undefined })
    expect(idp.findings()).toMatchObject([{ id: 'redirect_uri_mismatch', severity: 'error' }])
  })

  it('finds that OpenID Connect requires it, and OAuth does not', async () => {
    await using idp = await startJudged()
    await idp.ask({ redirect_uri: undefined, scope: 'email' })
    expect(idp.findings()).toEqual([])
    await idp.ask({ redirect_uri: undefined })
    expect(idp.findings()).toMatchObject([{ id: 'redirect_uri_missing', severity: 'warning' }])
  })
})

describe('RFC 9700 §4.1.1: patterns', () => {
  it('are found among the registered redirect URIs', async () => {
    expect(await foundAt('https://shop.example.com/callback', 'https://shop.example.com/*')).toEqual([
      'redirect_uri_wildcard',
    ])
  })

  it('are not what several URIs are', async () => {
    expect(await foundAt('https://shop.example.com/a', 'https://shop.example.com/b')).toEqual([])
  })
})

describe('RFC 9700 §2.6: http', () => {
  it.each([
    'http://shop.example.com/callback',
    'http://93.184.216.34/callback',
    'http://shop.example.com:8080/',
  ])('is found at %s', async (uri) => expect(await foundAt(uri)).toEqual(['redirect_uri_http']))

  it.each([
    'http://localhost:3000/callback',
    'http://127.0.0.1:3000/callback',
    'http://[::1]/callback',
    'http://app.localhost/callback',
    'http://frontend:8080/callback',
    'http://shop.example.test/callback',
    'http://shop.docker.internal/callback',
    'http://192.168.1.20:3000/callback',
    'http://172.17.0.1/callback',
    'https://shop.example.com/callback',
  ])('is what tests use at %s', async (uri) => expect(await foundAt(uri)).toEqual([]))
})

describe('RFC 8252: native apps', () => {
  it.each(['myapp:/callback', 'myapp://callback'])(
    'finds a scheme that others can claim: %s',
    async (uri) => {
      expect(await foundAt(uri)).toEqual(['redirect_uri_scheme'])
    },
  )

  it.each(['com.example.app:/callback', 'msalapp://auth', 'https://app.example.com/callback'])(
    'takes a scheme that is the own one: %s',
    async (uri) => expect(await foundAt(uri)).toEqual([]),
  )

  it('mentions localhost, where an address is meant', async () => {
    await using idp = await startJudged({
      clients: [{ client_id: 'app', redirect_uris: ['http://localhost/', 'http://127.0.0.1/'] }],
    })
    const login = async (redirect_uri: string, headers = {}) => {
      const code = await idp.code({ client_id: 'app', redirect_uri, state: random(), nonce: random() })
      return idp.redeem(code, { client_id: 'app', redirect_uri }, headers)
    }
    expect((await login('http://127.0.0.1:4711/')).status).toBe(200)
    expect((await login('http://localhost:3000/', { origin: 'http://localhost:3000' })).status).toBe(200)
    expect(idp.ids()).not.toContain('redirect_uri_localhost')
    expect((await login('http://localhost:4711/')).status).toBe(200)
    expect(idp.findings()).toContainEqual(
      expect.objectContaining({ id: 'redirect_uri_localhost', severity: 'info', client_id: 'app' }),
    )
  })
})

describe('RFC 9700 §2.1.2: what comes through the browser', () => {
  it.each(['token', 'id_token token', 'code token', 'code id_token token'])(
    'finds the access token of response_type %s',
    async (response_type) => {
      await using idp = await startJudged()
      await idp.ask({ response_type, nonce: random() })
      expect(idp.findings()).toMatchObject([{ id: 'access_token_in_front_channel', severity: 'warning' }])
      expect(idp.findings()[0]?.text).toContain(response_type)
    },
  )

  it.each(['code', 'id_token', 'code id_token'])(
    'says nothing of response_type %s',
    async (response_type) => {
      await using idp = await startJudged()
      await idp.ask({ response_type, nonce: random() })
      expect(idp.findings()).toEqual([])
    },
  )

  it('finds tokens that are asked for in the query, and not a form that does not reach an app', async () => {
    await using idp = await startJudged({
      clients: [{ client_id: 'app', redirect_uris: ['com.example.app:/callback'] }],
    })
    const app = { client_id: 'app', redirect_uri: 'com.example.app:/callback', nonce: random() }
    await idp.ask({ ...app, response_mode: 'form_post' })
    expect(idp.findings()).toEqual([])
    await idp.ask({ ...app, response_type: 'id_token', response_mode: 'query' })
    expect(idp.ids()).toContain('tokens_in_query')
  })

  it('mentions prompt=none again and again, where nobody signs in between', async () => {
    await using idp = await startJudged()
    const silent = (times: number) =>
      Promise.all(Array.from({ length: times }, () => idp.ask({ prompt: 'none', nonce: random() })))
    await silent(10)
    idp.advance(61)
    await silent(10)
    expect(idp.findings()).toEqual([])
    await silent(1)
    expect(idp.findings()).toMatchObject([{ id: 'prompt_none_loop', severity: 'info', count: 1 }])
  })
})
