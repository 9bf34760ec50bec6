import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { Browser } from '../support/browser.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'

const APP = ['c11e0000-0000-4000-8000-000000000001', 's3cret'] as const
type ClientInput = NonNullable<ConfigInput['clients']>[number]

async function start(more: Partial<ClientInput> = {}) {
  const grant_types = ['authorization_code', 'refresh_token', 'implicit', 'password']
  const app = { client_id: APP[0], client_secret: APP[1], redirect_uris: [CALLBACK], grant_types, ...more }
  const idp = await startIdp({
    dialect: 'entra',
    users: [{ username: 'alice', password: 'wonderland' }],
    resources: [{ identifier: 'api://orders', scopes: ['read'] }],
    clients: [app],
  } as ConfigInput)
  const client = await DiscoveringClient.at(idp.issuer, ...APP)
  return { idp, client, [Symbol.asyncDispose]: () => idp[Symbol.asyncDispose]() }
}

describe('Entra: refusals that come back to the client', () => {
  it.each([
    [50058, 'login_required', { prompt: 'none' }],
    [900144, 'invalid_request', { response_type: undefined }],
    [900144, 'invalid_request', { response_type: 'id_token' }],
    [70005, 'unsupported_response_type', { response_type: 'nonsense' }],
    [70011, 'invalid_scope', { scope: 'openid api://orders/nope' }],
    [500011, 'invalid_resource', { scope: 'openid api://nothing/read' }],
    [9002313, 'invalid_request', { max_age: 'soon' }],
  ] as const)('have the code %i: %s', async (code, error, params) => {
    await using provider = await start()
    const answer = await provider.client.authorize(params)
    expect(answer).toMatchObject({
      error,
      error_description: expect.stringMatching(
        `^AADSTS${code}: .* Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: [-0-9]+ [:0-9]+Z$`,
      ),
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
      state: 'the state',
    })
    expect(answer).not.toHaveProperty('iss')
  })

  it('name a declined consent and a consent that prompt=none forbids', async () => {
    await using provider = await start({ consent: true })
    const { client } = provider
    const login = await client.browser.open(client.request())
    const consent = await client.browser.submit(login, { user: 'alice' })
    const { left } = await client.browser.submit(consent, { action: 'deny' })
    expect(left?.searchParams.get('error')).toBe('access_denied')
    expect(left?.searchParams.get('error_description')).toMatch(/^AADSTS65004: /)
    const silent = await client.authorize({ prompt: 'none' })
    expect(silent['error']).toBe('consent_required')
    expect(silent['error_description']).toMatch(/^AADSTS65001: /)
  })

  it('are a page where the redirect URI is not registered', async () => {
    await using provider = await start()
    const url = provider.client.request({ redirect_uri: 'https://evil.test/' })
    const page = await new Browser(provider.idp.url).open(url)
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  })
})

describe('Entra: refusals of a user’s grant', () => {
  it.each([
    [70000, 400, 'invalid_grant', { code: 'unknown' }],
    [500112, 401, 'invalid_client', { redirect_uri: 'https://app.example.test/other' }],
    [501481, 400, 'invalid_grant', { code_verifier: 'x'.repeat(43) }],
    [50126, 400, 'invalid_grant', { grant_type: 'password', username: 'alice', password: 'no' }],
    [700082, 400, 'invalid_grant', { grant_type: 'refresh_token', refresh_token: 'unknown' }],
    [
      70011,
      400,
      'invalid_scope',
      { grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'api://orders/nope' },
    ],
  ] as const)('have the code %i', async (code, status, error, form) => {
    await using provider = await start()
    const { client } = provider
    const answer = await client.redeem((await client.authorize())['code'], form)
    expect([answer.status, answer.body['error'], answer.body['error_codes']]).toEqual([status, error, [code]])
    expect(answer.body['error_description']).toMatch(`AADSTS${code}: `)
  })

  it('tell MSAL to sign in again where a code was used and its tokens were revoked', async () => {
    await using provider = await start()
    const { client } = provider
    const { code } = await client.authorize({ scope: 'openid offline_access' })
    const { body } = await client.redeem(code)
    expect((await client.redeem(code)).body).toMatchObject({ error_codes: [54005] })
    const refused = await client.refresh(body['refresh_token'])
    expect(refused.body).toMatchObject({ error_codes: [50173], suberror: 'bad_token' })
  })
})
