import { beforeAll, describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { type ClientKey, makeKey, assertion as sign } from '../support/assertion.ts'
import { basic, get, post } from '../support/http.ts'
import { postMany, tally } from '../support/post_many.ts'
import { bearer, claimsOf } from '../support/token.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const API = 'https://api.test'

let key: ClientKey
let other: ClientKey
beforeAll(async () => {
  ;[key, other] = await Promise.all([makeKey('ES256', 'partner-key'), makeKey('ES256', 'partner-key')])
})

const start = (more: ConfigInput = {}) =>
  startIdp({
    resources: [{ identifier: API, scopes: ['read', 'write'] }],
    clients: [
      {
        client_id: 'partner',
        client_secret: 'a secret of thirty-two octets and some more',
        jwks: { keys: [key.jwk] },
        scope: 'read',
        grant_types: [JWT_BEARER, 'refresh_token'],
      },
      { client_id: 'paired', jwks: { keys: [key.jwk] }, subject_type: 'pairwise', grant_types: [JWT_BEARER] },
      { client_id: 'batch', client_secret: 's3cret', jwks: { keys: [key.jwk] } },
      { client_id: 'open', grant_types: [JWT_BEARER] },
    ],
    users: [
      { username: 'alice', email: 'alice@example.test', roles: ['admin'] },
      { username: 'bob', sub: 'sub-of-bob' },
    ],
    ...more,
  })
type Idp = Awaited<ReturnType<typeof start>>

interface Made {
  readonly client?: string
  readonly signer?: ClientKey
  readonly header?: Record<string, unknown>
}

const made = (idp: Idp, claims: object = {}, { client = 'partner', signer = key, header = {} }: Made = {}) =>
  sign({ client, aud: idp.issuer, key: signer.privateKey, header, claims: { sub: 'alice', ...claims } })

const ask = (idp: Idp, assertion: string, form: Record<string, string> = {}, headers = {}) =>
  post(`${idp.issuer}/token`, { grant_type: JWT_BEARER, assertion, ...form }, headers)

const ME = basic('partner', 'a secret of thirty-two octets and some more')

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

describe('RFC 7523 §2.1 Using JWTs as Authorization Grants', () => {
  it('gives an access token of the user whom the client vouches for', async () => {
    await using idp = await start()
    const answer = await ask(idp, await made(idp), { scope: 'read' }, ME)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'read',
    })
    const login = await idp.token({ client: 'partner', user: 'alice', scope: 'read' })
    expect(claimsOf(answer)).toMatchObject({
      aud: API,
      client_id: 'partner',
      sub: claimsOf({ ...answer, body: { access_token: login } })['sub'],
      roles: ['admin'],
      scope: 'read',
    })
  })

  it("grants the client's registered scope where none is asked for, and openid opens UserInfo", async () => {
    await using idp = await start()
    expect((await ask(idp, await made(idp), {}, ME)).body['scope']).toBe('read')
    const { body } = await ask(idp, await made(idp), { scope: 'openid email' }, ME)
    const told = await get(`${idp.issuer}/userinfo`, bearer(body['access_token']))
    expect(told.body).toMatchObject({ email: 'alice@example.test' })
  })

  it.each(['alice', 'alice@example.test', 'bob', 'sub-of-bob'])(
    'finds the user by the sub %s',
    async (sub) => {
      await using idp = await start()
      expect((await ask(idp, await made(idp, { sub }), {}, ME)).status).toBe(200)
    },
  )

  it('finds the user by the pairwise sub that the client knows', async () => {
    await using idp = await start()
    const first = await ask(idp, await made(idp, {}, { client: 'paired' }))
    const { sub } = claimsOf(first)
    const again = await ask(idp, await made(idp, { sub }, { client: 'paired' }))
    expect(claimsOf(again)['sub']).toBe(sub)
  })

  it('takes an assertion that the secret of the client signed', async () => {
    await using idp = await start()
    const secret = Buffer.from('a secret of thirty-two octets and some more')
    const hs = (key: Uint8Array) =>
      sign({ client: 'partner', aud: idp.issuer, key, alg: 'HS256', claims: { sub: 'alice' } })
    expect((await ask(idp, await hs(secret), {}, ME)).status).toBe(200)
    const wrong = await ask(idp, await hs(Buffer.alloc(32, 'x')), {}, ME)
    expect([wrong.status, wrong.headers.get('x-mock-reason')]).toEqual([400, 'grant_assertion.signature'])
  })

  it('is among the grants that the metadata tells', async () => {
    await using idp = await start()
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body['grant_types_supported']).toContain(JWT_BEARER)
  })

  it('is there in every dialect without one of its own', async () => {
    for (const dialect of ['keycloak@26', 'keycloak@9', 'buypass', 'trivore']) {
      await using idp = await start({ dialect })
      const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
      const url = String(body['token_endpoint'])
      const answer = await post(url, { grant_type: JWT_BEARER, assertion: await made(idp) }, ME)
      expect(answer.status, answer.text).toBe(200)
    }
  })
})

describe('RFC 7521 §4.1 client authentication along with an assertion', () => {
  it('may be left out where the key of the client signed it, client_id or not', async () => {
    await using idp = await start()
    for (const form of [{}, { client_id: 'partner' }])
      expect((await ask(idp, await made(idp), form as Record<string, string>)).status).toBe(200)
  })

  it.each([
    ['the signature is not by its key', { signer: 'other' }, {}, [400, 'grant_assertion.signature']],
    ['the client_id is another', {}, { client_id: 'batch' }, [401, 'client.secret_missing']],
    ['the client has no key', { client: 'open' }, { client_id: 'open' }, [400, 'grant_assertion.no_key']],
    ['nobody knows the client', { client: 'nobody' }, {}, [401, 'client.missing']],
    ['the client did not register the grant', { client: 'batch' }, {}, [400, 'grant.not_allowed']],
  ])(
    'is not made up for where %s',
    async (_what, { signer, client }: Record<string, string>, form, expected) => {
      await using idp = await start()
      const by = { ...(signer && { signer: other }), ...(client && { client }) }
      const answer = await ask(idp, await made(idp, {}, by), form as Record<string, string>)
      expect([answer.status, answer.headers.get('x-mock-reason')]).toEqual(expected)
    },
  )

  it('must hold where it is sent', async () => {
    await using idp = await start()
    const answer = await ask(idp, await made(idp), {}, basic('partner', 'wrong'))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})

describe('RFC 7523 §3 of an assertion as a grant', () => {
  it.each([
    ['no iss', { iss: undefined }, 'issuer'],
    ['another iss', { iss: 'batch' }, 'issuer'],
    ['no sub', { sub: undefined }, 'claim_missing'],
    ['a sub that is no text', { sub: 7 }, 'subject'],
    ['the sub of nobody', { sub: 'eve' }, 'subject'],
    ['an empty sub', { sub: '' }, 'subject'],
    ['no aud', { aud: undefined }, 'aud'],
    ['another aud', { aud: 'https://other.example' }, 'aud'],
    ['no exp', { exp: undefined }, 'claim_missing'],
    ['an exp that is text', { exp: String(inSeconds(60)) }, 'malformed'],
    ['an exp of two minutes ago', { exp: inSeconds(-120) }, 'expired'],
    ['an nbf of two minutes ahead', { nbf: inSeconds(120) }, 'not_yet_valid'],
    ['an empty jti', { jti: '' }, 'claim_missing'],
  ])('refuses %s with invalid_grant', async (_what, claims, reason) => {
    await using idp = await start()
    const { status, headers, body } = await ask(idp, await made(idp, claims), {}, ME)
    expect([status, body['error'], headers.get('x-mock-reason')]).toEqual([
      400,
      'invalid_grant',
      `grant_assertion.${reason}`,
    ])
  })

  it('refuses what is not signed, or no JWT, with invalid_grant', async () => {
    await using idp = await start()
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: 'partner', sub: 'alice', aud: idp.issuer, exp: inSeconds(60) }
    for (const text of [`${part({ alg: 'none' })}.${part(claims)}.`, 'nonsense', 'e30.e30.'])
      expect(await ask(idp, text, {}, ME)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('refuses a request without assertion with invalid_request', async () => {
    await using idp = await start()
    const { status, body } = await post(`${idp.issuer}/token`, { grant_type: JWT_BEARER }, ME)
    expect([status, body['error']]).toEqual([400, 'invalid_request'])
  })

  it('takes one with a jti once, and leaves it whole where the request is refused otherwise', async () => {
    await using idp = await start()
    const jwt = await made(idp)
    expect((await ask(idp, jwt, { scope: 'write' }, ME)).body['error']).toBe('invalid_scope')
    expect((await ask(idp, jwt, { resource: 'https://x.test' }, ME)).body['error']).toBe('invalid_target')
    const came = await postMany(`${idp.issuer}/token`, {
      form: { grant_type: JWT_BEARER, assertion: jwt },
      headers: ME,
      times: 50,
    })
    expect(tally(came)).toEqual({ 200: 1, '400 invalid_grant': 49 })
  })

  it('takes one without jti until it expires', async () => {
    await using idp = await start()
    const jwt = await made(idp, { jti: undefined })
    for (let time = 0; time < 2; time += 1) expect((await ask(idp, jwt, {}, ME)).status).toBe(200)
    await idp.clock.advance('5m')
    expect((await ask(idp, jwt, {}, ME)).headers.get('x-mock-reason')).toBe('grant_assertion.expired')
  })
})
