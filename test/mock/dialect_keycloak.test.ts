import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, get, post } from '../support/http.ts'
import { bearer, claimsOf, headerOf } from '../support/token.ts'

const CREDENTIALS = ['orders', 's3cret'] as const
const FORM = { grant_type: 'client_credentials' }
const TOKEN = '/protocol/openid-connect/token'

const realm = {
  dialect: 'keycloak@26' as const,
  id: 'shop',
  resources: [
    { identifier: 'billing', roles: ['invoices', 'refunds'] },
    { identifier: 'stock', roles: ['count'] },
  ],
  clients: [
    {
      client_id: CREDENTIALS[0],
      client_secret: CREDENTIALS[1],
      roles: ['batch', 'invoices', 'count'],
      scope: 'email profile',
    },
  ],
}

const CLAIMS_26 =
  'exp iat jti iss aud sub typ azp acr realm_access resource_access scope email_verified clientHost preferred_username clientAddress client_id'
const CLAIMS_16 =
  'exp iat jti iss aud sub typ azp acr realm_access resource_access scope clientId email_verified clientHost preferred_username clientAddress'
const CLAIMS_9 =
  'jti exp nbf iat iss aud sub typ azp auth_time session_state acr realm_access resource_access scope clientId email_verified clientHost preferred_username clientAddress'

describe('Keycloak: what its versions tell apart', () => {
  it.each([
    ['keycloak@26', '', CLAIMS_26],
    ['keycloak@16', '/auth', CLAIMS_16],
    ['keycloak@9', '/auth', CLAIMS_9],
  ] as const)('%s has its own base path and claims', async (dialect, prefix, claims) => {
    await using idp = await startIdp({ ...realm, dialect })
    expect(idp.issuer).toBe(`${idp.url}${prefix}/realms/shop`)
    const answer = await post(
      `${idp.issuer}${TOKEN}`,
      { ...FORM, audience: 'billing' },
      basic(...CREDENTIALS),
    )
    expect(Object.keys(claimsOf(answer))).toEqual(claims.split(' '))
    expect(claimsOf(answer)).toMatchObject({
      iss: idp.issuer,
      aud: 'billing',
      typ: 'Bearer',
      azp: 'orders',
      acr: '1',
      scope: 'email profile',
      preferred_username: 'service-account-orders',
      clientHost: '127.0.0.1',
    })
    expect(Object.keys(headerOf(answer))).toEqual(['alg', 'typ', 'kid'])
  })

  it.each([
    ['keycloak@26', 'Bearer', /^trrtcc:[0-9a-f-]{36}$/, false],
    ['keycloak@16', 'Bearer', /^[0-9a-f-]{36}$/, false],
    ['keycloak@9', 'bearer', /^[0-9a-f-]{36}$/, true],
  ] as const)('%s answers with its own members', async (dialect, token_type, jti, session) => {
    await using idp = await startIdp({ ...realm, dialect })
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    const { jti: id, session_state } = claimsOf(answer)
    expect(id).toMatch(jti)
    expect(Object.entries(answer.body)).toEqual([
      ['access_token', expect.any(String)],
      ['expires_in', 300],
      ['refresh_expires_in', 0],
      ['token_type', token_type],
      ['not-before-policy', 0],
      ...(session ? [['session_state', session_state]] : []),
      ['scope', 'email profile'],
    ])
  })

  it.each([
    ['keycloak@26', 'introspection_endpoint', true],
    ['keycloak@16', 'introspection_endpoint', true],
    ['keycloak@9', 'token_introspection_endpoint', false],
  ] as const)('%s advertises %s', async (dialect, introspection, revokes) => {
    await using idp = await startIdp({ ...realm, dialect })
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body[introspection]).toBe(`${idp.issuer}${TOKEN}/introspect`)
    expect('revocation_endpoint' in body).toBe(revokes)
    const { status } = await post(`${idp.issuer}/protocol/openid-connect/revoke`, {}, basic(...CREDENTIALS))
    expect(status).toBe(revokes ? 400 : 404)
  })
})

describe('Keycloak: audience and roles', () => {
  it('has realm roles that no client declares, and client roles by their owner', async () => {
    await using idp = await startIdp(realm)
    const both = new URLSearchParams([
      ...Object.entries(FORM),
      ['audience', 'billing'],
      ['audience', 'stock'],
    ])
    const answer = await post(`${idp.issuer}${TOKEN}`, both.toString(), basic(...CREDENTIALS))
    expect(claimsOf(answer)).toMatchObject({
      aud: ['billing', 'stock'],
      realm_access: { roles: ['batch'] },
      resource_access: { billing: { roles: ['invoices'] }, stock: { roles: ['count'] } },
    })
  })

  it('is for every owner of the roles where nobody names an audience', async () => {
    await using idp = await startIdp(realm)
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    expect(claimsOf(answer)).toMatchObject({
      aud: ['billing', 'stock'],
      resource_access: { billing: { roles: ['invoices'] }, stock: { roles: ['count'] } },
    })
  })

  it('has a text as audience where one client owns the roles', async () => {
    const [client] = realm.clients as [(typeof realm.clients)[0]]
    await using idp = await startIdp({ ...realm, clients: [{ ...client, roles: ['refunds'] }] })
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    expect(claimsOf(answer)['aud']).toBe('billing')
  })

  it('leaves audience and roles out where there are none', async () => {
    const [{ roles: _left, ...client }] = realm.clients as [(typeof realm.clients)[0]]
    await using idp = await startIdp({ ...realm, clients: [client] })
    const claims = claimsOf(await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS)))
    for (const name of ['aud', 'realm_access', 'resource_access']) expect(claims).not.toHaveProperty(name)
  })

  it('has an empty scope in the token and the answer where none is registered', async () => {
    const [{ scope: _left, ...client }] = realm.clients as [(typeof realm.clients)[0]]
    await using idp = await startIdp({ ...realm, clients: [client] })
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    expect([claimsOf(answer)['scope'], answer.body['scope']]).toEqual(['', ''])
    const token = String(answer.body['access_token'])
    const { body } = await post(`${idp.issuer}${TOKEN}/introspect`, { token }, basic(...CREDENTIALS))
    expect(body).not.toHaveProperty('scope')
  })
})

describe('Keycloak: introspection, userinfo and keys', () => {
  it('introspects to the claims, then client_id, username, token_type and active, each once', async () => {
    await using idp = await startIdp(realm)
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    const token = String(answer.body['access_token'])
    const { text, body } = await post(`${idp.issuer}${TOKEN}/introspect`, { token }, basic(...CREDENTIALS))
    expect(body).toEqual({
      ...claimsOf(answer),
      client_id: 'orders',
      username: 'service-account-orders',
      token_type: 'Bearer',
      active: true,
    })
    expect(Object.keys(body).slice(-3)).toEqual(['username', 'token_type', 'active'])
    expect(text.match(/"client_id":/g)).toHaveLength(1)
  })

  it('introspects to active false and nothing else when the token expired', async () => {
    await using idp = await startIdp(realm)
    const { body } = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    await idp.clock.advance('5m')
    const token = String(body['access_token'])
    const { text } = await post(`${idp.issuer}${TOKEN}/introspect`, { token }, basic(...CREDENTIALS))
    expect(text).toBe('{"active":false}')
  })

  it('tells userinfo of a service account, whose subject is a UUID', async () => {
    await using idp = await startIdp(realm)
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    const { body } = await get(
      `${idp.issuer}/protocol/openid-connect/userinfo`,
      bearer(answer.body['access_token']),
    )
    expect(body['sub']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(body['sub']).toBe(claimsOf(answer)['sub'])
  })

  it('publishes keys with alg and certificate, which verify the token', async () => {
    await using idp = await startIdp(realm)
    const { body } = await get(`${idp.issuer}/protocol/openid-connect/certs`)
    const [key] = body['keys'] as Record<string, unknown>[]
    expect(Object.keys(key ?? {}).sort()).toEqual('alg e kid kty n use x5c x5t x5t#S256'.split(' '))
    const answer = await post(`${idp.issuer}${TOKEN}`, FORM, basic(...CREDENTIALS))
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/protocol/openid-connect/certs`))
    const token = String(answer.body['access_token'])
    await expect(jwtVerify(token, keys, { issuer: idp.issuer })).resolves.toBeDefined()
  })
})
