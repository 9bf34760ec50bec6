import { describe, expect, it } from 'vitest'
import { redeem } from '../support/browser.ts'
import { basic, decode, post } from '../support/http.ts'
import { BASIC, REDIRECT_URI, RelyingParty, SECRET, startCodeFlow } from '../support/relying_party.ts'

const [CODE] = BASIC
const API = 'https://api.test'

const invalidGrant = (description: RegExp) => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: expect.stringMatching(description) },
})

describe('RFC 6749 §4.1.3 Access Token Request', () => {
  it('refuses a code bound to another client with invalid_grant, and the right client can still redeem it', async () => {
    await using op = await startCodeFlow()
    const { code = '' } = await op.rp.authorize()
    const other = new RelyingParty(op.idp.issuer, CODE!, 'client2')
    const refused = await other.redeem({ code })
    expect(refused).toMatchObject(invalidGrant(/^the code was issued to client client, not to client2$/))
    expect((await op.rp.redeem({ code })).status).toBe(200)
  })

  it.each([
    ['another one', 'https://rp.test/other'],
    ['one with a slash more', `${REDIRECT_URI}/`],
    ['one with a query more', `${REDIRECT_URI}?a=b`],
    ['none', ''],
  ])(
    'refuses a redirect_uri that is not the one of the authorization request: %s; a failed attempt does not use the code up',
    async (_what, redirect_uri) => {
      await using op = await startCodeFlow()
      const answer = await op.rp.authorize()
      const refused = await op.rp.redeem(answer, { redirect_uri })
      expect(refused).toMatchObject(
        invalidGrant(
          /^redirect_uri is .*, the code was sent to https:\/\/rp\.test\/callback; send that again$/,
        ),
      )
      expect((await op.rp.redeem(answer)).status).toBe(200)
    },
  )

  it('needs no redirect_uri where the authorization request had none, and takes the registered one', async () => {
    await using op = await startCodeFlow()
    for (const redirect_uri of ['', REDIRECT_URI]) {
      const answer = await op.rp.authorize({ redirect_uri: undefined })
      expect((await op.rp.redeem(answer, { redirect_uri })).status).toBe(200)
    }
    const answer = await op.rp.authorize({ redirect_uri: undefined })
    expect(await op.rp.redeem(answer, { redirect_uri: 'https://rp.test/other' })).toMatchObject(
      invalidGrant(/redirect_uri/),
    )
  })

  it.each([
    ['no client authentication', {}, 401, 'invalid_client'],
    ['a wrong secret', basic('client', 'wrong'), 401, 'invalid_client'],
  ])('does not use the code up by an attempt with %s', async (_what, headers, status, error) => {
    await using op = await startCodeFlow()
    const { code = '' } = await op.rp.authorize()
    const form = { code, redirect_uri: REDIRECT_URI, client_id: 'client' }
    const refused = await redeem(op.idp.issuer, form, headers as Record<string, string>)
    expect(refused).toMatchObject({ status, body: { error } })
    expect((await op.rp.redeem({ code })).status).toBe(200)
  })

  it('does not use the code up by an attempt for a resource that was not granted', async () => {
    await using op = await startCodeFlow(
      {},
      { resources: [{ identifier: API }, { identifier: 'https://other.test' }] },
    )
    const answer = await op.rp.authorize({ resource: API })
    const refused = await op.rp.redeem(answer, { resource: 'https://other.test' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect((await op.rp.redeem(answer)).status).toBe(200)
  })

  it('refuses a request without a code with invalid_request', async () => {
    await using op = await startCodeFlow()
    const form = { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI }
    const { status, body } = await post(`${op.idp.issuer}/token`, form, basic('client', SECRET))
    expect([status, body['error'], body['error_description']]).toEqual([
      400,
      'invalid_request',
      'code is missing',
    ])
  })

  it.each(['unknown', '', 'x'.repeat(5000), '☃'])(
    'refuses a code that was never issued with invalid_grant: %j',
    async (code) => {
      await using op = await startCodeFlow()
      const { status, body } = await op.rp.redeem({ code })
      expect([status, body['error']]).toEqual([400, code === '' ? 'invalid_request' : 'invalid_grant'])
    },
  )

  it('gives an access token for the user, the scope that was granted, and tells no cache to keep it', async () => {
    await using op = await startCodeFlow()
    const { headers, body } = await op.rp.redeem(await op.rp.authorize({ scope: 'openid email' }))
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid email' })
    expect(headers.get('cache-control')).toBe('no-store')
    const { claims } = decode(String(body['access_token']))
    const id = decode(String(body['id_token'])).claims
    expect(claims).toMatchObject({
      sub: id['sub'],
      client_id: 'client',
      scope: 'openid email',
      auth_time: id['auth_time'],
    })
  })
})

describe('RFC 6749 §4.1.2 Authorization Response: the code', () => {
  it('lives for a minute of the clock, and the description tells since when it is dead', async () => {
    await using op = await startCodeFlow()
    const [soon, late] = [await op.rp.authorize(), await op.rp.authorize()]
    await op.idp.clock.advance('59s')
    expect((await op.rp.redeem(soon)).status).toBe(200)
    await op.idp.clock.advance('4s')
    const expired = invalidGrant(/^the code expired [34] s ago; redeem it at once, or set lifetimes\.code$/)
    expect(await op.rp.redeem(late)).toMatchObject(expired)
    // Nothing was given for it, so nothing is said of a second use.
    expect(await op.rp.redeem(late)).toMatchObject(expired)
  })

  it('lives as long as lifetimes.code says', async () => {
    await using op = await startCodeFlow({}, { lifetimes: { code: '10m' } })
    const [soon, late] = [await op.rp.authorize(), await op.rp.authorize()]
    await op.idp.clock.advance('9m')
    expect((await op.rp.redeem(soon)).status).toBe(200)
    await op.idp.clock.advance('1m')
    expect(await op.rp.redeem(late)).toMatchObject(invalidGrant(/expired/))
  })

  it('is refused at its second use, which revokes the access token and the refresh token of the first', async () => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize({ scope: 'openid offline_access' })
    const { body } = await op.rp.redeem(answer)
    expect(await op.rp.redeem(answer)).toMatchObject(
      invalidGrant(/^the code was used before; the tokens it was exchanged for are revoked now/),
    )
    expect((await op.rp.userinfo(body['access_token'])).status).toBe(401)
    expect(await op.rp.refresh(body['refresh_token'])).toMatchObject(invalidGrant(/revoked/))
  })

  it('revokes what came of it at a second use after it expired, too, and what was refreshed meanwhile', async () => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize()
    const { body } = await op.rp.redeem(answer)
    const refreshed = (await op.rp.refresh(body['refresh_token'])).body
    await op.idp.clock.advance('5m')
    expect((await op.rp.userinfo(refreshed['access_token'])).status).toBe(200)
    expect(await op.rp.redeem(answer)).toMatchObject(invalidGrant(/used before/))
    expect((await op.rp.userinfo(refreshed['access_token'])).status).toBe(401)
    expect(await op.rp.refresh(refreshed['refresh_token'])).toMatchObject(invalidGrant(/revoked/))
  })

  it('revokes an opaque access token in the same way', async () => {
    await using op = await startCodeFlow({ access_token: { format: 'opaque' } })
    const answer = await op.rp.authorize()
    const { body } = await op.rp.redeem(answer)
    expect((await op.rp.userinfo(body['access_token'])).status).toBe(200)
    expect((await op.rp.redeem(answer)).status).toBe(400)
    expect((await op.rp.userinfo(body['access_token'])).status).toBe(401)
  })

  it('leaves the tokens of other logins alone, of the same user and client', async () => {
    await using op = await startCodeFlow()
    const other = (await op.rp.redeem(await op.rp.authorize())).body
    const answer = await op.rp.authorize()
    await op.rp.redeem(answer)
    await op.rp.redeem(answer)
    expect((await op.rp.userinfo(other['access_token'])).status).toBe(200)
    expect((await op.rp.refresh(other['refresh_token'])).status).toBe(200)
  })

  it('is good for one of many who redeem it at once', async () => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize()
    const answers = await Promise.all(Array.from({ length: 8 }, () => op.rp.redeem(answer)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array<number>(7).fill(400)])
    const [won] = answers.filter(({ status }) => status === 200)
    expect((await op.rp.userinfo(won?.body['access_token'])).status).toBe(401)
  })

  it('is for the grant authorization_code, which the client must be registered for', async () => {
    await using op = await startCodeFlow(
      {},
      {
        clients: [
          {
            client_id: 'client',
            client_secret: SECRET,
            redirect_uris: [REDIRECT_URI],
            grant_types: ['implicit'],
          },
        ],
      },
    )
    expect(op.rp.received(await op.rp.open())['error']).toBe('unauthorized_client')
    const { status, body } = await op.rp.redeem({ code: 'x' })
    expect([status, body['error']]).toEqual([400, 'unauthorized_client'])
  })
})
