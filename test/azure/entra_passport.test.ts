import { afterAll, describe, expect, it } from 'vitest'
import { ADA, BILLING, CALLBACK, CLIENT, ORDERS, ORDERS_ID, SECRET, TENANT } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { confidential, results } from './support/msal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const V2 = '/v2.0/.well-known/openid-configuration'
const V1 = '/.well-known/openid-configuration'

/** An access token that a user's application has for an API. */
async function tokenOfAda(entra: Entra, scope: string): Promise<string> {
  const steps = [['login', { scopes: [scope], redirectUri: CALLBACK }]]
  const given = { auth: confidential(entra), steps }
  const [{ accessToken }] = results(await sdk.call('msal_node', 'take', given, entra.hands))
  return accessToken
}

describe('passport-azure-ad BearerStrategy', () => {
  it.each([
    ['v2', ORDERS, 'read', { identityMetadata: V2, clientID: ORDERS_ID }],
    ['v1', BILLING, 'pay', { identityMetadata: V1, clientID: ORDERS_ID, audience: BILLING }],
  ])('lets a user in with a %s token', async (version, api, scope, { identityMetadata, ...more }) => {
    await using entra = await startEntra()
    const options = { ...more, identityMetadata: `${entra.authority}${identityMetadata}` }
    const token = await tokenOfAda(entra, `${api}/${scope}`)
    const bent = `${token.slice(0, -6)}AAAAAA`
    const given = { options: { ...options, scope: [scope] }, tokens: [token, bent] }
    const [first, second] = await sdk.call('passport_azure_ad', 'bearer', given)
    expect(first.user).toMatchObject({ tid: TENANT, scp: scope, ver: version === 'v2' ? '2.0' : '1.0' })
    expect(second).toEqual({ challenge: expect.stringContaining('invalid signature') })
    const other = { options: { ...options, scope: ['something-else'] }, tokens: [token] }
    const [third] = await sdk.call('passport_azure_ad', 'bearer', other)
    expect(third).toEqual({
      challenge: expect.stringContaining(`none of the scopes '${scope}' in token is accepted`),
    })
  })

  it.each([
    ['for another API', { clientID: CLIENT, identityMetadata: V2 }, 'jwt audience is invalid'],
    ['of another version', { clientID: ORDERS_ID, identityMetadata: V1 }, 'jwt issuer is invalid'],
  ])('lets nobody in with a token %s', async (_what, { identityMetadata, clientID }, challenge) => {
    await using entra = await startEntra()
    const options = { identityMetadata: `${entra.authority}${identityMetadata}`, clientID }
    const tokens = [await tokenOfAda(entra, `${ORDERS}/read`)]
    const [outcome] = await sdk.call('passport_azure_ad', 'bearer', { options, tokens })
    expect(outcome.challenge).toContain(challenge)
  })
})

describe('passport-azure-ad OIDCStrategy', () => {
  const strategy = (identityMetadata: string) => ({
    identityMetadata,
    clientID: CLIENT,
    clientSecret: SECRET,
    redirectUrl: CALLBACK,
    responseMode: 'form_post',
    scope: ['profile', 'email'],
  })

  const OF_ID_TOKEN = {
    displayName: 'Ada Lovelace',
    oid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    _json: { aud: CLIENT, tid: TENANT, preferred_username: ADA },
  }
  const OF_USERINFO = {
    displayName: 'Ada Lovelace',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    _json: { email: ADA },
  }

  it.each([
    ['code', V2],
    ['code id_token', V2],
    ['id_token', V2],
    ['code', V1],
    ['code id_token', V1],
  ])('signs a user in with %s by form_post at %s', async (responseType, document) => {
    const response_types = ['code', 'id_token', 'code id_token']
    const grant_types = ['authorization_code', 'implicit', 'refresh_token']
    await using entra = await startEntra({ client: { response_types, grant_types } })
    const options = { ...strategy(`${entra.authority}${document}`), responseType }
    const { user, ...refused } = await sdk.call('passport_azure_ad', 'signIn', { options }, entra.hands)
    expect(refused).toEqual({})
    expect(user).toMatchObject(document === V1 ? OF_USERINFO : OF_ID_TOKEN)
  })

  it('signs nobody in where the secret is wrong', async () => {
    await using entra = await startEntra()
    const given = { ...strategy(`${entra.authority}${V2}`), clientSecret: 'wrong', responseType: 'code' }
    const outcome = await sdk.call('passport_azure_ad', 'signIn', { options: given }, entra.hands)
    expect(outcome).toEqual({ challenge: expect.stringContaining('AADSTS7000215') })
  })
})
