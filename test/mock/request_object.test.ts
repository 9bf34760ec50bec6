import { describe, expect, it } from 'vitest'
import { withRequestObject } from '../../src/authorization/request_object.ts'
import { ISSUER } from '../support/context.ts'
import { merged, OUTSIDE, paramsOf, part, refusal, setup, unsigned } from '../support/request_object.ts'

describe('OpenID Connect Core §6.1 Passing a Request Object by Value', () => {
  it('leaves a request without one as it is', async () => {
    const { cx, client } = await setup()
    const params = paramsOf(OUTSIDE)
    expect(await withRequestObject(params, client, cx)).toBe(params)
  })

  it('lays the parameters inside over those outside, and takes the object itself away', async () => {
    const request = unsigned({ redirect_uri: 'https://app.test/cb', state: 'inside', nonce: 'n' })
    expect(await merged(await setup(), { request, redirect_uri: 'https://app.test/other' })).toEqual({
      client_id: ['app'],
      response_type: ['code'],
      scope: ['openid'],
      state: ['inside'],
      redirect_uri: ['https://app.test/cb'],
      nonce: ['n'],
    })
  })

  it('writes numbers, booleans, objects and lists as the parameters have them', async () => {
    const claims = { userinfo: { email: { essential: true } } }
    const request = unsigned({
      max_age: 3600,
      custom: true,
      claims,
      resource: ['https://a.test', 'https://b.test'],
      audience: 'one',
      authorization_details: [{ type: 'x' }],
      display: null,
      state: '',
      __proto__: undefined,
    })
    expect(await merged(await setup(), { request })).toMatchObject({
      max_age: ['3600'],
      custom: ['true'],
      claims: [JSON.stringify(claims)],
      resource: ['https://a.test', 'https://b.test'],
      audience: ['one'],
      authorization_details: ['[{"type":"x"}]'],
      state: ['outside'],
    })
  })

  it('does not take the claims of the JWT itself for parameters', async () => {
    const jwt = { iss: 'app', sub: 'app', aud: ISSUER, exp: 4_000_000_000, nbf: 1, iat: 1, jti: 'x' }
    const params = await merged(await setup(), { request: unsigned(jwt) })
    expect(Object.keys(params)).toEqual(Object.keys(OUTSIDE))
  })

  it.each([
    [
      'a list of scopes',
      { scope: ['openid', 'email'] },
      /scope of the request object is .*separated by spaces/,
    ],
    ['an object as state', { state: { a: 1 } }, /state of the request object/],
    ['a list of other than texts', { resource: [1] }, /resource of the request object is \[1\]/],
    ['an object as resource', { resource: {} }, /text or a list/],
  ])('refuses %s', async (_what, claims, why) => {
    const error = await refusal(await setup(), { request: unsigned(claims) })
    expect(error).toMatchObject({ error: 'invalid_request_object', message: expect.stringMatching(why) })
  })

  it('refuses what is nested too deep to be written again', async () => {
    const deep = `{"custom":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const request = `${part({ alg: 'none' })}.${Buffer.from(deep).toString('base64url')}.`
    const error = await refusal(await setup(), { request })
    expect(error).toMatchObject({ reason: 'request_object.invalid', error: 'invalid_request_object' })
    expect(error.message).toMatch(/custom of the request object is nested too deep/)
  })

  it('accepts response types in another order, and a response type that is only inside', async () => {
    const made = await setup()
    const request = unsigned({ response_type: 'id_token code' })
    expect(await merged(made, { request, response_type: 'code id_token' })).toHaveProperty('response_type')
    expect(await merged(made, { request, response_type: undefined })).toMatchObject({
      response_type: ['id_token code'],
    })
  })

  it.each([
    ['another client_id', { client_id: 'other' }, /client_id of the request object is other, expected app/],
    ['another response_type', { response_type: 'id_token' }, /response_type .* is id_token, expected code/],
    ['a response_type that is no text', { response_type: 1 }, /response_type/],
    ['a request inside', { request: 'x' }, /holds request; .*RFC 9101 section 4/],
    ['a request_uri inside', { request_uri: 'x' }, /holds request_uri/],
    ['another issuer', { iss: 'other' }, /iss of the request object is other, expected the client_id app/],
    ['an issuer that is no text', { iss: ['app'] }, /iss/],
    [
      'another audience',
      { aud: 'https://other.test' },
      /aud .* expected the issuer https:\/\/idp.example.test/,
    ],
    ['other audiences', { aud: ['https://other.test', 7] }, /aud/],
    ['an exp that passed', { exp: 1 }, /exp of the request object is 1, expected a time to come/],
    ['an exp that is no number', { exp: '4000000000' }, /expected a number of seconds/],
    ['an nbf to come', { nbf: 4_000_000_000 }, /compare the clocks/],
  ])('refuses %s with invalid_request_object', async (_what, claims, why) => {
    const error = await refusal(await setup(), { request: unsigned(claims) })
    expect(error).toMatchObject({ reason: 'request_object.invalid', error: 'invalid_request_object' })
    expect(error.message).toMatch(why)
  })

  it('accepts the issuer among several audiences, and times within a minute', async () => {
    const made = await setup()
    const now = made.cx.tenant.clock.seconds()
    for (const claims of [{ aud: ['https://other.test', ISSUER] }, { exp: now - 50 }, { nbf: now + 50 }])
      expect(await merged(made, { request: unsigned(claims) })).toMatchObject({ state: ['outside'] })
    for (const claims of [{ exp: now - 61 }, { nbf: now + 75 }])
      expect((await refusal(made, { request: unsigned(claims) })).error).toBe('invalid_request_object')
  })

  it.each(['x', 'a.b', 'a.b.c', '..', 'e30.e30.', 'e30.bnVsbA.', 'eyJhbGciOiJub25lIn0.W10.', '✓.✓.✓'])(
    'refuses %s, which is no JWT',
    async (request) => {
      const error = await refusal(await setup(), { request })
      expect(error).toMatchObject({ error: 'invalid_request_object' })
      expect(error.message).toMatch(/is not a JWT: .*expected three base64url parts/)
    },
  )

  it('refuses an encrypted one and says that this is not supported', async () => {
    const error = await refusal(await setup(), { request: 'a.b.c.d.e' })
    expect(error).toMatchObject({ error: 'invalid_request_object' })
    expect(error.message).toMatch(/is encrypted .* not supported/)
  })
})
