import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { basic, decode, post } from '../support/http.ts'

const SECRET = 's3cret'
const BYE = 'https://app.example.test/bye'

type ClientInput = NonNullable<ConfigInput['clients']>[number]

const ALICE = {
  username: 'alice',
  name: 'Alice Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  email: 'alice@example.test',
  roles: ['staff', 'invoices'],
}

const realm = (dialect: string, more: Partial<ClientInput> = {}, user: object = {}) =>
  startIdp({
    dialect,
    id: 'shop',
    users: [{ ...ALICE, ...user }],
    resources: [{ identifier: 'billing', roles: ['invoices'] }],
    clients: [
      {
        client_id: 'app',
        client_secret: SECRET,
        redirect_uris: [CALLBACK],
        post_logout_redirect_uris: [BYE],
        grant_types: ['authorization_code', 'refresh_token', 'implicit', 'password'],
        ...more,
      } as ClientInput,
      { client_id: 'api', client_secret: SECRET, introspection: 'any' },
    ],
  } as ConfigInput)

const clientOf = ({ issuer }: { issuer: string }) => DiscoveringClient.at(issuer, 'app', SECRET)
const OIDC = '/protocol/openid-connect'

const PERSON = ['email_verified', 'name', 'preferred_username', 'given_name', 'family_name', 'email']
const VERSIONS = [
  {
    dialect: 'keycloak@26',
    access: 'exp iat auth_time jti iss aud sub typ azp sid acr realm_access resource_access scope',
    id: 'exp iat auth_time jti iss aud sub typ azp nonce sid at_hash acr',
    says: { iss: true, token_type: 'Bearer', alg: 'HS512' },
  },
  {
    dialect: 'keycloak@16',
    access:
      'exp iat auth_time jti iss aud sub typ azp session_state acr realm_access resource_access scope sid',
    id: 'exp iat auth_time jti iss aud sub typ azp nonce session_state at_hash acr sid',
    says: { iss: false, token_type: 'Bearer', alg: 'HS256' },
  },
  {
    dialect: 'keycloak@9',
    access:
      'jti exp nbf iat iss aud sub typ azp auth_time session_state acr realm_access resource_access scope',
    id: 'jti exp nbf iat iss aud sub typ azp nonce auth_time session_state at_hash acr',
    says: { iss: false, token_type: 'bearer', alg: 'HS256' },
  },
] as const

describe('Keycloak: where users sign in', () => {
  it.each(VERSIONS)('$dialect has the paths of Keycloak, its pages too', async ({ dialect }) => {
    await using idp = await realm(dialect, { consent: true })
    const client = await clientOf(idp)
    expect(client.metadata).toMatchObject({
      authorization_endpoint: `${idp.issuer}${OIDC}/auth`,
      end_session_endpoint: `${idp.issuer}${OIDC}/logout`,
    })
    const login = await client.browser.open(client.request())
    expect(login.url).toContain(`${idp.issuer}/login-actions/authenticate?`)
    const consent = await client.browser.submit(login, { user: 'alice' })
    expect(consent.url).toContain(`${idp.issuer}/login-actions/consent?`)
    const { left } = await client.browser.submit(consent, { action: 'allow' })
    expect(left?.searchParams.get('code')).toEqual(expect.any(String))
  })

  it('lets clients register under its own path', async () => {
    const idp = await startIdp({ dialect: 'keycloak@26', registration: { enabled: true } })
    await using _ = idp
    const { metadata } = await clientOf(idp)
    const url = `${idp.issuer}/clients-registrations/openid-connect`
    expect(metadata['registration_endpoint']).toBe(url)
    const body = JSON.stringify({ redirect_uris: [CALLBACK] })
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetch(url, { method: 'POST', headers, body })
    expect(status).toBe(201)
  })

  it('sends the browser back after a logout, and asks on its own page without a hint', async () => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const { body } = await client.redeem((await client.authorize())['code'])
    const end = client.url('end_session_endpoint')
    expect((await client.browser.open(end)).url).toContain(`${idp.issuer}${OIDC}/logout/logout-confirm?`)
    const query = { id_token_hint: String(body['id_token']), post_logout_redirect_uri: BYE }
    const { left } = await client.browser.open(`${end}?${new URLSearchParams(query)}`)
    expect(left?.href).toBe(BYE)
    expect(await client.authorize({ prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })
})

describe('Keycloak: what a sign-in gives', () => {
  it.each(VERSIONS)('$dialect has its own members in the answers', async ({ dialect, says }) => {
    await using idp = await realm(dialect)
    const client = await clientOf(idp)
    const answer = await client.authorize()
    expect(Object.keys(answer)).toEqual(['code', 'state', ...(says.iss ? ['iss'] : []), 'session_state'])
    const { body } = await client.redeem(answer['code'])
    expect(Object.entries(body)).toEqual([
      ['access_token', expect.any(String)],
      ['expires_in', 300],
      ['refresh_expires_in', 1800],
      ['refresh_token', expect.any(String)],
      ['token_type', says.token_type],
      ['id_token', expect.any(String)],
      ['not-before-policy', 0],
      ['session_state', answer['session_state']],
      ['scope', 'openid email profile'],
    ])
  })

  it.each(VERSIONS)('$dialect has its own claims in the tokens', async ({ dialect, access, id }) => {
    await using idp = await realm(dialect)
    const client = await clientOf(idp)
    const answer = await client.authorize({ nonce: 'the nonce' })
    const { body } = await client.redeem(answer['code'])
    const tokens = [decode(String(body['access_token'])), decode(String(body['id_token']))] as const
    for (const { header } of tokens)
      expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) })
    const [accessClaims, idClaims] = [tokens[0].claims, tokens[1].claims]
    expect(Object.keys(accessClaims)).toEqual([...access.split(' '), ...PERSON])
    expect(Object.keys(idClaims)).toEqual([...id.split(' '), ...PERSON])
    const common = { iss: idp.issuer, azp: 'app', acr: '1', name: 'Alice Liddell', email_verified: true }
    expect(accessClaims).toMatchObject({ ...common, typ: 'Bearer', aud: 'billing', sub: idClaims['sub'] })
    expect(idClaims).toMatchObject({ ...common, typ: 'ID', aud: 'app', nonce: 'the nonce' })
    expect(idClaims['sid'] ?? idClaims['session_state']).toBe(answer['session_state'])
  })

  it.each(VERSIONS)('$dialect has refresh tokens that clients can read', async ({ dialect, says }) => {
    await using idp = await realm(dialect)
    const client = await clientOf(idp)
    const redeemed = await client.redeem((await client.authorize())['code'])
    const { header, claims } = decode(String(redeemed.body['refresh_token']))
    expect(header).toEqual({ alg: says.alg, typ: 'JWT', kid: expect.any(String) })
    expect(claims).toMatchObject({ iss: idp.issuer, aud: idp.issuer, typ: 'Refresh', azp: 'app' })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(1800)
    const refreshed = await client.refresh(redeemed.body['refresh_token'])
    expect(refreshed.body).toMatchObject({ scope: redeemed.body['scope'] })
    await idp.clock.advance('31m')
    expect((await client.refresh(refreshed.body['refresh_token'])).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Invalid refresh token',
    })
  })

  it('has the hash of the code in an ID token that came with one', async () => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const { id_token } = await client.authorize({ response_type: 'code id_token', nonce: 'n' })
    expect(decode(String(id_token)).claims).toMatchObject({ nonce: 'n', c_hash: expect.any(String) })
  })

  it('tells in the jti how a token came about', async () => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const jti = (body: Record<string, unknown>) => decode(String(body['access_token'])).claims['jti']
    const redeemed = await client.redeem((await client.authorize())['code'])
    expect(jti(redeemed.body)).toMatch(/^onrtac:[0-9a-f-]{36}$/)
    expect(jti((await client.refresh(redeemed.body['refresh_token'])).body)).toMatch(/^onrtrt:/)
    const password = { grant_type: 'password', username: 'alice', password: 'any', scope: 'openid' }
    const direct = await client.token(password)
    expect(jti(direct.body)).toMatch(/^onrtro:/)
    expect(direct.body).toMatchObject({ scope: 'openid email profile' })
    const offline = await client.redeem((await client.authorize({ scope: 'openid offline_access' }))['code'])
    expect(jti(offline.body)).toMatch(/^ofrtac:/)
    expect(decode(String(offline.body['refresh_token'])).claims).toMatchObject({ typ: 'Offline' })
  })
})

describe('Keycloak: the default scopes', () => {
  it.each([
    ['openid', 'openid email profile'],
    ['openid profile address', 'openid profile address email'],
    [undefined, 'email profile'],
  ])('are granted beside %s', async (scope, granted) => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const { body } = await client.redeem((await client.authorize({ scope }))['code'])
    expect(body['scope']).toBe(granted)
  })

  it('are in a token that a test asks for without a flow', async () => {
    await using idp = await realm('keycloak@26')
    const { claims } = decode(await idp.token({ client: 'app', user: 'alice' }))
    expect(claims).toMatchObject({ scope: 'openid email profile', preferred_username: 'alice' })
  })
})

describe('Keycloak: roles of a user', () => {
  it('stand in the access token by their owner, which is its audience, and in nothing else', async () => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const { body } = await client.redeem((await client.authorize())['code'])
    expect(decode(String(body['access_token'])).claims).toMatchObject({
      aud: 'billing',
      realm_access: { roles: ['staff'] },
      resource_access: { billing: { roles: ['invoices'] } },
    })
    for (const claims of [
      decode(String(body['access_token'])).claims,
      decode(String(body['id_token'])).claims,
      (await client.userinfo(body['access_token'])).body,
    ])
      expect(claims).not.toHaveProperty('roles')
  })

  it('stand in the ID token where the configuration puts them, as a mapper would', async () => {
    const user = { groups: ['north'], claims_in: { id_token: ['roles', 'name'] } }
    await using idp = await realm('keycloak@26', {}, user)
    const client = await clientOf(idp)
    const { body } = await client.redeem((await client.authorize())['code'])
    const id = decode(String(body['id_token'])).claims
    expect(id).toMatchObject({ roles: ['staff', 'invoices'], groups: ['north'], name: 'Alice Liddell' })
    const access = decode(String(body['access_token'])).claims
    expect(access).toMatchObject({ groups: ['north'], email: 'alice@example.test' })
    expect(access).not.toHaveProperty('name')
  })
})

describe('Keycloak: who the token is about', () => {
  it('tells userinfo and introspection', async () => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const { body } = await client.redeem((await client.authorize())['code'])
    const { sub } = decode(String(body['id_token'])).claims
    const about = await client.userinfo(body['access_token'])
    expect(about.body).toMatchObject({ sub, preferred_username: 'alice', email: 'alice@example.test' })
    expect(Object.keys(about.body)[0]).toBe('sub')
    for (const [token, more] of [
      [body['access_token'], { token_type: 'Bearer', username: 'alice' }],
      [body['refresh_token'], { username: 'alice' }],
    ] as const) {
      const url = client.url('introspection_endpoint')
      const answer = await post(url, { token: String(token) }, basic('api', SECRET))
      expect(answer.body).toMatchObject({ client_id: 'app', active: true, ...more })
    }
  })

  it('takes no ID token, and no token without openid', async () => {
    await using idp = await realm('keycloak@26')
    const client = await clientOf(idp)
    const { body } = await client.redeem((await client.authorize())['code'])
    const wrong = await client.userinfo(body['id_token'])
    expect([wrong.status, wrong.text]).toEqual([401, ''])
    const plain = await client.redeem((await client.authorize({ scope: 'profile' }))['code'])
    const { status, headers } = await client.userinfo(plain.body['access_token'])
    expect([status, headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer realm="shop", error="insufficient_scope", error_description="Missing openid scope"',
    ])
  })
})
