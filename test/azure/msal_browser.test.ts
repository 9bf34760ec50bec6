import { afterAll, describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import { ADA, BILLING, ORDERS, ORDERS_ID, TENANT } from './support/contoso.ts'
import type { Entra } from './support/entra.ts'
import type { Outcome } from './support/sdk.ts'
import { SPA, serveSpa } from './support/spa.ts'
import { closeBrowsers, openSpa } from './support/spa_user.ts'

afterAll(closeBrowsers)

const READ = `${ORDERS}/read`
const PAY = `${BILLING}/pay`

/** An error of MSAL, which has the class and the code that applications look at. */
const failure = (kind: string, errorCode: string, more: object = {}) => ({
  error: { class: kind, name: kind, errorCode, ...more },
})

/** The path of each request for tokens. */
const tokenPaths = ({ entries }: Entra) =>
  entries.filter(({ exchange }) => exchange.endpoint === 'token').map(({ path }) => path)

/** What applications read of a sign-in of Ada for the API of orders. */
function expectAda({ value }: Outcome, issuer: string, environment: string) {
  const { sub, oid } = value.idTokenClaims
  expect(value).toMatchObject({
    tenantId: TENANT,
    uniqueId: oid,
    scopes: expect.arrayContaining([READ]),
    fromCache: false,
    account: {
      homeAccountId: `${oid}.${TENANT}`,
      localAccountId: oid,
      username: ADA,
      name: 'Ada Lovelace',
      environment,
    },
    idTokenClaims: { iss: issuer, aud: SPA, tid: TENANT, preferred_username: ADA },
  })
  const { claims } = decode(value.accessToken)
  expect(claims).toMatchObject({ iss: issuer, aud: ORDERS_ID, azp: SPA, azpacr: '0', scp: 'read', oid })
  expect(claims['sub']).not.toBe(sub)
}

describe('@azure/msal-browser 5 in Chromium: sign-in', () => {
  it.for(['http', 'https'] as const)('by redirect, of an application at %s', async (at, context) => {
    await using spa = await serveSpa({ at })
    await using user = await openSpa(context, spa)
    expect(await user.arrived()).toEqual({ value: null })
    const outcome = await user.leave('loginRedirect', { scopes: [READ], state: 'of the app' })
    expectAda(outcome, `${spa.entra.authority}/v2.0`, spa.entra.host)
    expect(outcome.value.state).toBe('of the app')
    expect(user.page.url()).toBe(`${spa.url}/`)
    expect(spa.grants()).toEqual(['authorization_code'])
    // Browsers ask nothing first of what MSAL sends.
    expect(spa.entra.entries.map(({ method }) => method)).not.toContain('OPTIONS')
  })

  it('in a window, and not of a user who refuses there: access_denied, AADSTS65004', async (context) => {
    await using spa = await serveSpa()
    await using user = await openSpa(context, spa)
    const denied = await user.popup('loginPopup', { scopes: [READ] }, 'deny')
    const errorMessage = expect.stringMatching(/^AADSTS65004: User declined to consent/)
    expect(denied).toMatchObject(failure('ServerError', 'access_denied', { errorNo: '65004', errorMessage }))
    expect(await user.take('getAllAccounts')).toEqual({ value: [] })
    const outcome = await user.popup('loginPopup', { scopes: [READ] })
    expectAda(outcome, `${spa.entra.authority}/v2.0`, spa.entra.host)
    expect(spa.grants()).toEqual(['authorization_code'])
  })

  it('at common, where the account is one of the tenant of the user', async (context) => {
    const auth = ({ origin, host }: Entra) => ({ authority: `${origin}/common`, knownAuthorities: [host] })
    await using spa = await serveSpa({ auth })
    await using user = await openSpa(context, spa)
    const outcome = await user.leave('loginRedirect', { scopes: [READ] })
    expectAda(outcome, `${spa.entra.authority}/v2.0`, spa.entra.host)
    const { authority } = spa.entra
    for (const asked of [{}, { authority }])
      expect(
        await user.take('acquireTokenSilent', { scopes: [PAY], forceRefresh: true, ...asked }),
      ).toMatchObject({
        value: { tenantId: TENANT, scopes: expect.arrayContaining([PAY]), fromCache: false },
      })
    const at = (tenant: string) => `/${tenant}/oauth2/v2.0/token`
    expect(tokenPaths(spa.entra)).toEqual([at('common'), at('common'), at(TENANT)])
  })

  it("at Microsoft's host, told nothing but the client id", async (context) => {
    const hosts = ['login.microsoftonline.com']
    await using spa = await serveSpa({ hosts, auth: () => ({}) })
    await using user = await openSpa(context, spa, { hosts })
    const outcome = await user.leave('loginRedirect', { scopes: [READ] })
    expectAda(outcome, `https://login.microsoftonline.com/${TENANT}/v2.0`, 'login.windows.net')
    expect(await user.popup('loginPopup', { scopes: [READ], prompt: 'login' })).toMatchObject({
      value: { account: { homeAccountId: outcome.value.account.homeAccountId } },
    })
    const silent = {
      scopes: [READ],
      forceRefresh: true,
      authority: `https://login.microsoftonline.com/${TENANT}`,
    }
    expectAda(
      await user.take('acquireTokenSilent', silent),
      `https://login.microsoftonline.com/${TENANT}/v2.0`,
      'login.windows.net',
    )
    expect(spa.grants()).toEqual(['authorization_code', 'authorization_code', 'refresh_token'])
  })
})

describe('@azure/msal-browser 5 in Chromium: tokens without a page', () => {
  it('are those of the cache, until another is wanted', async (context) => {
    await using spa = await serveSpa()
    await using user = await openSpa(context, spa)
    const { value: first } = await user.leave('loginRedirect', { scopes: [READ] })
    const { value: kept } = await user.take('acquireTokenSilent', { scopes: [READ] })
    expect(kept).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    expect(spa.grants()).toHaveLength(1)
    const { value: fresh } = await user.take('acquireTokenSilent', { scopes: [READ], forceRefresh: true })
    expect(fresh).toMatchObject({ fromCache: false, account: { homeAccountId: first.account.homeAccountId } })
    expect(fresh.accessToken).not.toBe(first.accessToken)
    expect(spa.grants()).toEqual(['authorization_code', 'refresh_token'])
  })

  it('are refreshed where less than five minutes of them are left', async (context) => {
    await using spa = await serveSpa({ lifetimes: { access_token: '4m' } })
    await using user = await openSpa(context, spa)
    const { value: first } = await user.leave('loginRedirect', { scopes: [READ] })
    const { value: second } = await user.take('acquireTokenSilent', { scopes: [READ] })
    expect(second.fromCache).toBe(false)
    expect(second.accessToken).not.toBe(first.accessToken)
    expect(spa.grants()).toEqual(['authorization_code', 'refresh_token'])
  })

  it('are for other APIs by the same refresh token, each with its version', async (context) => {
    await using spa = await serveSpa()
    await using user = await openSpa(context, spa)
    await user.leave('loginRedirect', { scopes: [READ] })
    const { value } = await user.take('acquireTokenSilent', { scopes: [PAY] })
    expect(value.scopes).toEqual(expect.arrayContaining([PAY]))
    expect(value.scopes).not.toContain(READ)
    expect(decode(value.accessToken).claims).toMatchObject({
      aud: BILLING,
      ver: '1.0',
      scp: 'pay',
      appid: SPA,
    })
    for (const scopes of [[PAY], [READ]])
      expect(await user.take('acquireTokenSilent', { scopes })).toMatchObject({ value: { fromCache: true } })
    expect(spa.grants()).toEqual(['authorization_code', 'refresh_token'])
  })
})

describe('@azure/msal-browser 5 in Chromium: what does not work', () => {
  it('a redirect URI that is not of the type single-page application: AADSTS9002326', async (context) => {
    await using spa = await serveSpa({ type: 'web' })
    await using user = await openSpa(context, spa)
    const outcome = await user.leave('loginRedirect', { scopes: [READ] })
    const text = `AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '${spa.url}'.`
    const more = { errorNo: 9002326, errorMessage: expect.stringContaining(text) }
    expect(outcome).toMatchObject(failure('ServerError', 'invalid_request', more))
    expect(await user.take('getAllAccounts')).toEqual({ value: [] })
  })

  it('a host that is not among knownAuthorities: Microsoft is asked about it', async (context) => {
    await using spa = await serveSpa({ auth: ({ authority }) => ({ authority }) })
    await using user = await openSpa(context, spa)
    const outcome = await user.take('loginPopup', { scopes: [READ] })
    expect(outcome).toMatchObject(failure('ClientAuthError', 'endpoints_resolution_error'))
    expect(user.takeEscaped()).toEqual(['login.microsoftonline.com'])
    expect(spa.entra.entries).toEqual([])
  })

  it('a CA that the browser does not trust', async (context) => {
    await using spa = await serveSpa({ at: 'http' })
    await using user = await openSpa(context, spa, { cas: [] })
    const outcome = await user.take('loginPopup', { scopes: [READ] })
    expect(outcome).toMatchObject(failure('ClientAuthError', 'endpoints_resolution_error'))
    expect(spa.entra.entries).toEqual([])
  })
})
