import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { DEVICE_CODE, decide } from '../support/device.ts'
import { decode, get, post } from '../support/http.ts'
import { claimsOf } from '../support/token.ts'

const start = (dialect: string) =>
  startIdp({
    dialect,
    clients: [{ client_id: 'tv', grant_types: [DEVICE_CODE, 'refresh_token'] }],
    users: [{ username: 'alice' }],
  })

describe('Keycloak: device authorization grant', () => {
  it.each([
    ['keycloak@26', '/realms/default'],
    ['keycloak@16', '/auth/realms/default'],
  ])('%s has its endpoint below auth and its page below the realm', async (dialect, realm) => {
    await using idp = await start(dialect)
    const { body: metadata } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    const endpoint = `${idp.url}${realm}/protocol/openid-connect/auth/device`
    expect(metadata['device_authorization_endpoint']).toBe(endpoint)
    const { body } = await post(endpoint, { client_id: 'tv', scope: 'openid' })
    expect(body).toMatchObject({
      verification_uri: `${idp.url}${realm}/device`,
      expires_in: 600,
      interval: 5,
    })
    const form = { grant_type: DEVICE_CODE, client_id: 'tv', device_code: String(body['device_code']) }
    const pending = await post(String(metadata['token_endpoint']), form)
    expect([pending.status, pending.body]).toEqual([
      400,
      {
        error: 'authorization_pending',
        error_description: 'The authorization request is still pending',
      },
    ])
    await decide(body)
    const answer = await post(String(metadata['token_endpoint']), form)
    expect(claimsOf(answer)).toMatchObject({ azp: 'tv', preferred_username: 'alice' })
  })

  it.each([
    ['openid', 'Refresh'],
    ['openid offline_access', 'Offline'],
  ])('gives a device that asks for %s a refresh token of typ %s, as by password', async (scope, typ) => {
    await using idp = await startIdp({
      dialect: 'keycloak@26',
      clients: [{ client_id: 'tv', grant_types: [DEVICE_CODE, 'refresh_token', 'password'] }],
      users: [{ username: 'alice', password: 'pw' }],
    })
    const base = `${idp.issuer}/protocol/openid-connect`
    const { body } = await post(`${base}/auth/device`, { client_id: 'tv', scope })
    await decide(body)
    const by = { client_id: 'tv', scope }
    const forms = [
      { ...by, grant_type: DEVICE_CODE, device_code: String(body['device_code']) },
      { ...by, grant_type: 'password', username: 'alice', password: 'pw' },
    ]
    for (const form of forms) {
      const { body: answer } = await post(`${base}/token`, form)
      expect(decode(String(answer['refresh_token'])).claims['typ']).toBe(typ)
    }
  })

  it.each([
    ['too soon', 'slow_down', 'Slow down', 0],
    ['too late', 'expired_token', 'Device code is expired', 600],
    ['much too late', 'invalid_grant', 'Device code not valid', 1300],
  ])('says in its words who is %s', async (_when, error, error_description, seconds) => {
    await using idp = await start('keycloak@26')
    const base = `${idp.issuer}/protocol/openid-connect`
    const { body } = await post(`${base}/auth/device`, { client_id: 'tv' })
    const form = { grant_type: DEVICE_CODE, client_id: 'tv', device_code: String(body['device_code']) }
    await post(`${base}/token`, form)
    await idp.clock.advance(seconds)
    expect((await post(`${base}/token`, form)).body).toEqual({ error, error_description })
  })

  it('says in its words that the user denied it', async () => {
    await using idp = await start('keycloak@26')
    const base = `${idp.issuer}/protocol/openid-connect`
    const { body } = await post(`${base}/auth/device`, { client_id: 'tv' })
    await decide(body, { action: 'deny' })
    const form = { grant_type: DEVICE_CODE, client_id: 'tv', device_code: String(body['device_code']) }
    const { status, body: answer } = await post(`${base}/token`, form)
    expect([status, answer['error'], answer['error_description']]).toEqual([
      400,
      'access_denied',
      'The end user denied the authorization request',
    ])
  })

  it.each(['keycloak@9', 'buypass'])('is not there in %s yet', async (dialect) => {
    await using idp = await start(dialect)
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body).not.toHaveProperty('device_authorization_endpoint')
    expect(body['grant_types_supported']).not.toContain(DEVICE_CODE)
  })
})
