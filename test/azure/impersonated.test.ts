import { afterAll, describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import { ADA, BILLING, CALLBACK, CLIENT, ORDERS, ORDERS_ID, SECRET, TENANT } from './support/contoso.ts'
import { caFile, startEntra } from './support/entra.ts'
import { results, VERSIONS } from './support/msal.ts'
import { startSdk } from './support/sdk.ts'

// Applications that are told nothing of the double: the names of Microsoft's hosts lead there.
const MICROSOFT = 'https://login.microsoftonline.com'
const HOSTS = ['login.microsoftonline.com', 'graph.microsoft.com']

const sdk = startSdk(caFile(), {
  AZURE_TENANT_ID: TENANT,
  AZURE_CLIENT_ID: CLIENT,
  AZURE_CLIENT_SECRET: SECRET,
})
afterAll(() => sdk[Symbol.asyncDispose]())

async function startImpersonator(client: object = {}) {
  const entra = await startEntra({ hosts: HOSTS, client })
  for (const host of HOSTS) sdk.route(host, entra.port)
  return entra
}

const AUTH = { clientId: CLIENT, clientSecret: SECRET }
const ALL = `${ORDERS}/.default`

describe.each(VERSIONS)('@azure/msal-node %i, without a setting', (version) => {
  it('gets a token for an application itself', async () => {
    await using entra = await startImpersonator()
    const steps = [['acquireTokenByClientCredential', { scopes: [ALL] }]]
    const auth = { ...AUTH, authority: `${MICROSOFT}/${TENANT}` }
    const [{ accessToken }] = results(await sdk.call('msal_node', 'take', { version, auth, steps }))
    expect(decode(accessToken).claims).toMatchObject({
      iss: `${MICROSOFT}/${TENANT}/v2.0`,
      aud: ORDERS_ID,
      azp: CLIENT,
    })
    expect(entra.grants()).toEqual(['client_credentials'])
  })

  it.each(['common', 'organizations'])('signs a user in at %s', async (tenant) => {
    await using entra = await startImpersonator()
    const steps = [
      ['login', { scopes: [`${BILLING}/pay`], redirectUri: CALLBACK }],
      ['acquireTokenSilent', { own: true, scopes: [`${ORDERS}/read`] }],
    ]
    const auth = { ...AUTH, authority: `${MICROSOFT}/${tenant}` }
    const given = { version, auth, steps }
    const [first, second] = results(await sdk.call('msal_node', 'take', given, entra.hands))
    expect(first.account).toMatchObject({
      environment: 'login.windows.net',
      tenantId: TENANT,
      username: ADA,
    })
    expect(first.idTokenClaims.iss).toBe(`${MICROSOFT}/${TENANT}/v2.0`)
    expect(decode(first.accessToken).claims.iss).toBe(`https://sts.windows.net/${TENANT}/`)
    expect(decode(second.accessToken).claims).toMatchObject({ aud: ORDERS_ID, scp: 'read' })
  })
})

describe('@azure/identity, without a setting', () => {
  it.each([
    ['ClientSecretCredential', [TENANT, CLIENT, SECRET]],
    ['EnvironmentCredential', []],
    ['DefaultAzureCredential', []],
  ])('%s gets a token', async (credential, args) => {
    await using _entra = await startImpersonator()
    const given = { credential, args, scopes: [ALL] }
    const [{ token }] = await sdk.call('azure_identity', 'getTokens', given)
    expect(decode(token).claims).toMatchObject({ iss: `${MICROSOFT}/${TENANT}/v2.0`, azp: CLIENT })
  })
})

describe('other libraries, without a setting', () => {
  it.each(['common', TENANT])('openid-client signs a user in at %s', async (tenant) => {
    await using entra = await startImpersonator()
    const issuer = `${MICROSOFT}/${tenant}/v2.0`
    const given = { issuer, ...AUTH, redirect_uri: CALLBACK, scope: 'openid profile email' }
    const { claims, userinfo } = await sdk.call('openid', 'signIn', given, entra.hands)
    expect(claims).toMatchObject({ iss: `${MICROSOFT}/${TENANT}/v2.0`, tid: TENANT, email: ADA })
    expect(userinfo).toMatchObject({ sub: claims.sub, name: 'Ada Lovelace' })
  })

  it('@auth/core signs a user in', async () => {
    const redirect_uris = ['https://app.example.test/auth/callback/microsoft-entra-id']
    await using entra = await startImpersonator({ redirect_uris })
    const { session, errors } = await sdk.call('auth_js', 'signIn', AUTH, entra.hands)
    expect(errors).toEqual([])
    expect(session.user).toEqual({ name: 'Ada Lovelace', email: ADA, image: null })
  })

  it('passport-azure-ad lets a user of any tenant in', async () => {
    await using entra = await startImpersonator()
    const steps = [['login', { scopes: [`${ORDERS}/read`], redirectUri: CALLBACK }]]
    const auth = { ...AUTH, authority: `${MICROSOFT}/${TENANT}` }
    const asked = { auth, steps }
    const [{ accessToken }] = results(await sdk.call('msal_node', 'take', asked, entra.hands))
    const identityMetadata = `${MICROSOFT}/common/v2.0/.well-known/openid-configuration`
    const options = { identityMetadata, clientID: ORDERS_ID, validateIssuer: false, scope: ['read'] }
    const given = { options, tokens: [accessToken] }
    const [{ user }] = await sdk.call('passport_azure_ad', 'bearer', given)
    expect(user).toMatchObject({ iss: `${MICROSOFT}/${TENANT}/v2.0`, scp: 'read' })
  })
})
