import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { Browser } from '../support/browser.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'

const SECRET = 's3cret'
type ClientInput = NonNullable<ConfigInput['clients']>[number]

const realm = (more: Partial<ClientInput> = {}) =>
  startIdp({
    dialect: 'keycloak@26',
    users: [{ username: 'alice', password: 'wonderland' }],
    clients: [
      {
        client_id: 'app',
        client_secret: SECRET,
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token', 'implicit', 'password'],
        ...more,
      },
    ],
  } as ConfigInput)

const clientOf = ({ issuer }: { issuer: string }) => DiscoveringClient.at(issuer, 'app', SECRET)

const NO_SERVICE_ACCOUNT = 'Client not enabled to retrieve service account'

describe('Keycloak: refusals of a sign-in', () => {
  it.each([
    [{ prompt: 'none' }, 'login_required', /nobody is signed in/],
    [{ response_type: undefined }, 'invalid_request', /^Missing parameter: response_type$/],
    [{ response_type: 'id_token' }, 'invalid_request', /^Missing parameter: nonce$/],
    [{ scope: 'openid nope' }, 'invalid_scope', /^Invalid scopes: nope$/],
    [{ code_challenge_method: 'S1' }, 'invalid_request', /^Invalid parameter: code_challenge_method$/],
  ] as const)('come back to the client: %j', async (params, error, error_description) => {
    await using idp = await realm({ scope: 'email profile' })
    const answer = await (await clientOf(idp)).authorize(params)
    expect(answer).toMatchObject({ error, error_description: expect.stringMatching(error_description) })
  })

  it('have one word for the consent that prompt=none forbids', async () => {
    await using idp = await realm({ consent: true })
    const client = await clientOf(idp)
    await client.browser.submit(await client.browser.open(client.request()), { user: 'alice' })
    expect(await client.authorize({ prompt: 'none' })).toMatchObject({ error: 'interaction_required' })
  })

  it('are a page where the redirect URI is not known', async () => {
    await using idp = await realm()
    const client = await clientOf(idp)
    const page = await new Browser(idp.url).open(client.request({ redirect_uri: 'https://evil.test/' }))
    expect([page.status, page.left]).toEqual([400, undefined])
    expect(page.html).toContain('The redirect URI is not registered')
  })

  it.each([
    [{ code: 'unknown' }, 400, 'invalid_grant', 'Code not valid'],
    [{ redirect_uri: 'https://app.example.test/other' }, 400, 'invalid_grant', 'Incorrect redirect_uri'],
    [{ code_verifier: 'x'.repeat(43) }, 400, 'invalid_grant', 'PKCE verification failed: Code mismatch'],
    [{ grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant', 'Invalid refresh token'],
    [{ grant_type: 'password', username: 'alice' }, 401, 'invalid_grant', 'Invalid user credentials'],
    [{ grant_type: 'client_credentials' }, 401, 'unauthorized_client', NO_SERVICE_ACCOUNT],
  ])('at the token endpoint are in its words: %j', async (form, status, error, error_description) => {
    await using idp = await realm()
    const client = await clientOf(idp)
    const answer = await client.redeem((await client.authorize())['code'], form)
    expect([answer.status, answer.body]).toEqual([status, { error, error_description }])
  })

  it('tell a client that may not use the password grant so', async () => {
    await using idp = await realm({ grant_types: ['authorization_code'] })
    const client = await clientOf(idp)
    const form = { grant_type: 'password', username: 'alice', password: 'wonderland' }
    const { status, body } = await client.token(form)
    const error_description = 'Client not allowed for direct access grants'
    expect([status, body]).toEqual([400, { error: 'unauthorized_client', error_description }])
  })

  it('are for a code that was used, and for what was revoked with it', async () => {
    await using idp = await realm()
    const client = await clientOf(idp)
    const { code } = await client.authorize()
    const { body } = await client.redeem(code)
    expect((await client.redeem(code)).body).toMatchObject({ error_description: 'Code not valid' })
    const refused = await client.refresh(body['refresh_token'])
    expect(refused.body).toEqual({ error: 'invalid_grant', error_description: 'Session not active' })
  })
})
