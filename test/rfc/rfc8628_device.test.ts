import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { API, BOX, Browser, begin, DEVICE_CODE, decide, poll, startDevices } from '../support/device.ts'
import { basic, decode, get, post } from '../support/http.ts'
import { bearer, claimsOf } from '../support/token.ts'

describe('RFC 8628 §3.2 Device Authorization Response', () => {
  it('gives a code for the device and one for a person, where to type it, and how long both wait', async () => {
    await using idp = await startDevices()
    const { status, headers, body } = await begin(idp.issuer, { scope: 'read' })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${idp.issuer}/device`,
      verification_uri_complete: `${idp.issuer}/device?user_code=${String(body['user_code'])}`,
      expires_in: 600,
      interval: 5,
    })
  })

  it('is found by the metadata, along with the grant', async () => {
    await using idp = await startDevices()
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body['device_authorization_endpoint']).toBe(`${idp.issuer}/device_authorization`)
    expect(body['grant_types_supported']).toContain(DEVICE_CODE)
  })

  it('waits as long as lifetimes.device_code says', async () => {
    await using idp = await startDevices({ lifetimes: { device_code: '90s' } })
    expect((await begin(idp.issuer)).body['expires_in']).toBe(90)
  })

  it('gives other codes to each device', async () => {
    await using idp = await startDevices()
    const came = await Promise.all(Array.from({ length: 50 }, () => begin(idp.issuer)))
    for (const name of ['device_code', 'user_code'])
      expect(new Set(came.map(({ body }) => body[name])).size).toBe(50)
  })
})

describe('RFC 8628 §3.1 Device Authorization Request', () => {
  it('authenticates a confidential client as the token endpoint does', async () => {
    await using idp = await startDevices()
    expect((await begin(idp.issuer, {}, BOX)).status).toBe(200)
    for (const headers of [basic('box', 'wrong'), {}]) {
      const answer = await post(`${idp.issuer}/device_authorization`, { client_id: 'box' }, headers)
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
  })

  it('is for clients that registered the grant', async () => {
    await using idp = await startDevices()
    const answer = await post(`${idp.issuer}/device_authorization`, {}, basic('batch', 's3cret'))
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
    expect(answer.headers.get('x-mock-reason')).toBe('grant.not_allowed')
  })

  it.each([
    ['a scope that the client may not have', { scope: 'write' }, 'invalid_scope'],
    ['a resource that nobody declares', { resource: 'https://other.test' }, 'invalid_target'],
  ])('refuses %s before anybody types a code', async (_what, form, error) => {
    await using idp = await startDevices()
    expect(await begin(idp.issuer, form as Record<string, string>)).toMatchObject({
      status: 400,
      body: { error },
    })
  })

  it('has neither endpoint nor grant where the provider of the dialect has none', async () => {
    await using idp = await startIdp({
      dialect: 'trivore',
      clients: [{ client_id: 'tv', grant_types: [DEVICE_CODE] }],
    })
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body).not.toHaveProperty('device_authorization_endpoint')
    expect(body['grant_types_supported']).not.toContain(DEVICE_CODE)
    const answer = await post(`${idp.issuer}/openid/token`, { client_id: 'tv', grant_type: DEVICE_CODE })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })
})

describe('RFC 8628 §3.4 Device Access Token Request', () => {
  it('gives the tokens of who allowed the device, for what it asked', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, { scope: 'openid profile read' })
    await decide(body)
    const answer = await poll(idp.issuer, body['device_code'])
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile read' })
    expect(claimsOf(answer)).toMatchObject({ aud: API, client_id: 'tv', roles: ['admin'] })
    const { claims } = decode(String(answer.body['id_token']))
    expect(claims).toMatchObject({ iss: idp.issuer, aud: 'tv', amr: ['user'] })
    const told = await get(`${idp.issuer}/userinfo`, bearer(answer.body['access_token']))
    expect(told.body).toMatchObject({ sub: claims['sub'], name: 'Alice' })
  })

  it('tells in the ID token when and how the person signed in, as the device asked', async () => {
    await using idp = await startDevices({ login: { acr_values: ['basic', 'strong'] } })
    const browser = new Browser(idp.issuer)
    const asked = { scope: 'openid', acr_values: 'strong', nonce: 'n' }
    const tokenFor = async (form: Record<string, string>) => {
      const { body } = await begin(idp.issuer, { ...asked, ...form })
      await decide(body, { browser })
      return decode(String((await poll(idp.issuer, body['device_code'])).body['id_token'])).claims
    }
    const before = await tokenFor({})
    expect(before).toMatchObject({ acr: 'strong', auth_time: expect.any(Number) })
    // There is no session here that the device has a part in, and a nonce is for what a browser carries.
    for (const name of ['sid', 'nonce', 'c_hash']) expect(before).not.toHaveProperty(name)
    await idp.clock.advance('1m')
    expect((await tokenFor({}))['auth_time']).toBe(before['auth_time'])
    expect((await tokenFor({ max_age: '30' }))['auth_time']).toBeGreaterThan(Number(before['auth_time']) + 30)
  })

  it('gives a refresh token that outlives the session of the browser', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, { scope: 'openid read' })
    const browser = new Browser(idp.issuer)
    await decide(body, { browser })
    const first = await poll(idp.issuer, body['device_code'])
    const out = await browser.open(`${idp.issuer}/logout`)
    await browser.submit(out, { action: 'logout' })
    const form = { grant_type: 'refresh_token', client_id: 'tv' }
    const refresh_token = String(first.body['refresh_token'])
    expect((await post(`${idp.issuer}/token`, { ...form, refresh_token })).status).toBe(200)
  })

  it('authenticates a confidential client', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, {}, BOX)
    await decide(body)
    const refused = await poll(idp.issuer, body['device_code'], { client_id: 'box' })
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await poll(idp.issuer, body['device_code'], {}, BOX)).status).toBe(200)
  })

  it('refuses a request without device_code with invalid_request', async () => {
    await using idp = await startDevices()
    const answer = await post(`${idp.issuer}/token`, { grant_type: DEVICE_CODE, client_id: 'tv' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it('leaves the code for another request where this one asks for too much', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer, { scope: 'read', resource: API })
    await decide(body)
    const refused = await poll(idp.issuer, body['device_code'], { resource: 'https://other.test' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect((await poll(idp.issuer, body['device_code'])).status).toBe(200)
  })
})
