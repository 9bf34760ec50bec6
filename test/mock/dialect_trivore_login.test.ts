import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { basic, decode, post } from '../support/http.ts'

const GROUPS = 'https://oneportal.trivore.com/scope/groups.readonly'
const GROUPS_CLAIM = 'https://oneportal.trivore.com/claims/groups'
const BYE = 'https://app.example.test/bye'

type ClientInput = NonNullable<ConfigInput['clients']>[number]

async function start(more: Partial<ClientInput> = {}) {
  const grant_types = ['authorization_code', 'refresh_token', 'implicit']
  const uris = { redirect_uris: [CALLBACK], post_logout_redirect_uris: [BYE] }
  const idp = await startIdp({
    dialect: 'trivore',
    users: [{ username: 'alice', name: 'Alice Liddell', email: 'alice@example.test', groups: ['staff'] }],
    clients: [
      { client_id: 'app', client_secret: 's3cret', grant_types, ...uris, ...more },
      { client_id: 'api', client_secret: 's3cret', introspection: 'any' },
    ],
  } as ConfigInput)
  const client = await DiscoveringClient.at(idp.issuer, 'app', 's3cret')
  return { idp, client, [Symbol.asyncDispose]: () => idp[Symbol.asyncDispose]() }
}

describe('Trivore: where users sign in', () => {
  it('has paths below /openid, its pages too', async () => {
    await using service = await start({ consent: true })
    const { idp, client } = service
    expect(client.metadata).toMatchObject({
      authorization_endpoint: `${idp.url}/openid/auth`,
      end_session_endpoint: `${idp.url}/openid/logout`,
    })
    const login = await client.browser.open(client.request())
    expect(login.url).toContain(`${idp.url}/openid/login?`)
    const consent = await client.browser.submit(login, { user: 'alice' })
    expect(consent.url).toContain(`${idp.url}/openid/consent?`)
    const logout = await client.browser.open(client.url('end_session_endpoint'))
    expect(logout.url).toContain(`${idp.url}/openid/logout/confirm?`)
  })

  it('tells what its document tells: no PKCE, no form_post, no request objects', async () => {
    await using service = await start()
    expect(service.client.metadata).toMatchObject({
      response_modes_supported: ['query', 'fragment'],
      subject_types_supported: ['public'],
      claims_parameter_supported: true,
      request_parameter_supported: false,
      frontchannel_logout_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: false,
    })
    expect(service.client.metadata).not.toHaveProperty('code_challenge_methods_supported')
  })

  it('serves PKCE all the same', async () => {
    await using service = await start()
    const { client } = service
    const answer = await client.authorize()
    expect(Object.keys(answer)).toEqual(['code', 'state'])
    const wrong = await client.redeem(answer['code'], { code_verifier: 'x'.repeat(43) })
    expect(wrong.body).toMatchObject({ error: 'invalid_grant' })
  })

  it('sends the browser back after a logout', async () => {
    await using service = await start()
    const { client } = service
    const { body } = await client.redeem((await client.authorize())['code'])
    const query = { id_token_hint: String(body['id_token']), post_logout_redirect_uri: BYE, state: 's' }
    const end = `${client.url('end_session_endpoint')}?${new URLSearchParams(query)}`
    expect((await client.browser.open(end)).left?.href).toBe(`${BYE}?state=s`)
  })
})

describe('Trivore: what a sign-in gives', () => {
  it('is an opaque token for a week, with the scope and the other tokens', async () => {
    await using service = await start()
    const { client } = service
    const { body } = await client.redeem((await client.authorize({ scope: 'openid email' }))['code'])
    expect(Object.entries(body)).toEqual([
      ['access_token', expect.stringMatching(/^[0-9A-Za-z]{32}$/)],
      ['token_type', 'Bearer'],
      ['expires_in', 604799],
      ['refresh_token', expect.any(String)],
      ['scope', 'openid email'],
      ['id_token', expect.any(String)],
    ])
    const { body: refreshed } = await client.refresh(body['refresh_token'])
    expect(refreshed).toMatchObject({ scope: 'openid email', expires_in: 604799 })
  })

  it('is an ID token without a typ, which keeps the nonce and the hash', async () => {
    await using service = await start()
    const { idp, client } = service
    const { body } = await client.redeem((await client.authorize({ nonce: 'n' }))['code'])
    const { header, claims } = decode(String(body['id_token']))
    expect(Object.keys(header)).toEqual(['alg', 'kid'])
    expect(claims).toMatchObject({ iss: idp.url, aud: 'app', nonce: 'n', at_hash: expect.any(String) })
  })

  it('tells introspection user and client apart', async () => {
    await using service = await start()
    const { idp, client } = service
    const { body } = await client.redeem((await client.authorize())['code'])
    const { sub } = decode(String(body['id_token'])).claims
    const form = { token: String(body['access_token']) }
    const answer = await post(`${idp.url}/openid/introspect`, form, basic('api', 's3cret'))
    expect(answer.body).toMatchObject({ active: true, sub, clientId: 'app', scope: 'openid' })
    expect(sub).not.toBe('app')
  })

  it('is by configuration a JWT, for the client, about the user', async () => {
    await using service = await start({ access_token: { format: 'jwt' } })
    const { idp, client } = service
    const { body } = await client.redeem((await client.authorize())['code'])
    const { claims } = decode(String(body['access_token']))
    const { sub } = decode(String(body['id_token'])).claims
    expect(Object.keys(claims)).toEqual(['iss', 'iat', 'exp', 'sub', 'aud', 'scope', 'groups'])
    expect(claims).toMatchObject({ iss: idp.url, sub, aud: 'app', scope: 'openid' })
    const form = { token: String(body['access_token']) }
    const answer = await post(`${idp.url}/openid/introspect`, form, basic('api', 's3cret'))
    expect(answer.body).toMatchObject({ active: true, sub, clientId: 'app' })
  })

  it.each([
    ['with', `openid ${GROUPS}`, ['staff']],
    ['without', 'openid', undefined],
  ])('has groups under their URL %s their scope', async (_how, scope, groups) => {
    await using service = await start()
    const { client } = service
    const { body } = await client.redeem((await client.authorize({ scope }))['code'])
    const about = await client.userinfo(body['access_token'])
    expect([decode(String(body['id_token'])).claims[GROUPS_CLAIM], about.body[GROUPS_CLAIM]]).toEqual([
      groups,
      groups,
    ])
  })
})
