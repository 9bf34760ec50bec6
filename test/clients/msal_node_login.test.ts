/** Microsoft's own library signing users in. Its network calls are carried over http, which is all that the test adds. */
import { ConfidentialClientApplication, CryptoProvider, type INetworkModule } from '@azure/msal-node'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { answerAt, Browser, signIn } from '../support/browser.ts'

const TENANT = '5b0d9b1e-7f0c-4f4b-9d0e-3d1c9f6a2b10'
const CLIENT = '1f0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e11'
const ORIGIN = 'https://localhost:8443'
const CALLBACK = 'https://app.example.test/callback'
const ADA = 'ada@contoso.example'
const ORDERS = 'api://orders'

const startTenant = () =>
  startIdp({
    issuer: { url: ORIGIN },
    dialect: 'entra',
    id: TENANT,
    users: [{ username: ADA, name: 'Ada Lovelace' }],
    resources: [
      { identifier: ORDERS, scopes: ['read', 'write'], access_token: { version: 2 } },
      { identifier: 'https://billing.example', scopes: ['pay'] },
    ],
    clients: [
      {
        client_id: CLIENT,
        client_secret: 's3cret',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
  } as ConfigInput)

function network(url: string): INetworkModule {
  const send = async (to: string, init: RequestInit) => {
    const response = await fetch(to.replace(ORIGIN, url), init)
    const headers = Object.fromEntries(response.headers)
    return { headers, body: await response.json(), status: response.status } as never
  }
  return {
    sendGetRequestAsync: (to, options) => send(to, { headers: options?.headers ?? {} }),
    sendPostRequestAsync: (to, options) =>
      send(to, { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' }),
  }
}

function application(url: string) {
  const authority = `${ORIGIN}/${TENANT}`
  const auth = { clientId: CLIENT, clientSecret: 's3cret', authority, knownAuthorities: ['localhost:8443'] }
  return new ConfidentialClientApplication({ auth, system: { networkClient: network(url) } })
}

/** Sends ada off with these scopes and redeems what comes back. */
async function logIn(msal: ConfidentialClientApplication, url: string, scopes: string[]) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const common = { scopes, redirectUri: CALLBACK, nonce: 'the nonce', state: 'the state' }
  const pkce = { codeChallenge: challenge, codeChallengeMethod: 'S256' }
  const to = await msal.getAuthCodeUrl({ ...common, ...pkce, responseMode: 'form_post' })
  const page = await signIn(new Browser(url), to.replace(ORIGIN, url), ADA)
  const answer = Object.fromEntries(answerAt(page))
  const request = { ...common, code: String(answer['code']), codeVerifier: verifier }
  return await msal.acquireTokenByCode(request, answer as never)
}

describe('@azure/msal-node, for users', () => {
  it('signs a user in, and knows the account by oid and tid', async () => {
    await using idp = await startTenant()
    const { account, idTokenClaims, scopes } = await logIn(application(idp.url), idp.url, ['openid'])
    const { oid } = idTokenClaims as { oid: string }
    expect(account).toMatchObject({
      homeAccountId: `${oid}.${TENANT}`,
      tenantId: TENANT,
      username: ADA,
      name: 'Ada Lovelace',
    })
    expect(idTokenClaims).toMatchObject({ iss: `${ORIGIN}/${TENANT}/v2.0`, aud: CLIENT, nonce: 'the nonce' })
    expect(scopes).toEqual(['openid', 'profile'])
  })

  it('gets tokens for one API after the other with its refresh token, and keeps them', async () => {
    await using idp = await startTenant()
    const msal = application(idp.url)
    const { account } = await logIn(msal, idp.url, ['openid'])
    const silent = (scope: string) => msal.acquireTokenSilent({ account: account!, scopes: [scope] })
    for (const [scope, fromCache] of [
      [`${ORDERS}/read`, false],
      [`${ORDERS}/read`, true],
      [`${ORDERS}/.default`, false],
      [`${ORDERS}/.default`, true],
      ['https://billing.example/pay', false],
      [`${ORDERS}/write`, true],
    ] as const) {
      const result = await silent(scope)
      expect([scope, result.fromCache]).toEqual([scope, fromCache])
      expect(result.scopes).toContain(scope)
    }
  })

  it('has the user sign in again for a scope that the client may not have', async () => {
    await using idp = await startTenant()
    const msal = application(idp.url)
    const { account } = await logIn(msal, idp.url, [`${ORDERS}/read`])
    const silent = msal.acquireTokenSilent({ account: account!, scopes: [`${ORDERS}/nothing`] })
    await expect(silent).rejects.toMatchObject({
      name: 'InteractionRequiredAuthError',
      subError: 'consent_required',
      errorMessage: expect.stringContaining('AADSTS65001'),
    })
  })
})
