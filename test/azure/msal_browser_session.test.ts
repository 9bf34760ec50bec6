import { afterAll, describe, expect, it } from 'vitest'
import { ADA, ORDERS } from './support/contoso.ts'
import { type Spa, serveSpa } from './support/spa.ts'
import { closeBrowsers, openSpa, type SpaUser } from './support/spa_user.ts'

afterAll(closeBrowsers)

const ASKED = { scopes: [`${ORDERS}/read`] }
const GRACE = 'grace@contoso.example'

/** What tells an application to show a page. */
const SIGNED_OUT = {
  error: {
    class: 'InteractionRequiredAuthError',
    name: 'InteractionRequiredAuthError',
    errorCode: 'login_required',
    errorNo: '50058',
    errorMessage: expect.stringMatching(
      /^AADSTS50058: A silent sign-in request was sent but no user is signed in/,
    ),
  },
}

/** Endpoint and reason of what was asked since the last time. */
function hearing({ entra }: Spa) {
  let heard = 0
  return () => {
    const entries = entra.entries.slice(heard)
    heard = entra.entries.length
    return entries.map(({ exchange: { endpoint, reason } }) => [endpoint, reason].filter(Boolean).join(': '))
  }
}

const SILENTLY = ['authorization', 'token']

describe('@azure/msal-browser 5 in Chromium: single sign-on', () => {
  it('asks for a page where nobody is signed in', async (context) => {
    await using spa = await serveSpa()
    await using user = await openSpa(context, spa)
    expect(await user.take('ssoSilent', ASKED)).toMatchObject(SIGNED_OUT)
    expect(spa.grants()).toEqual([])
  })

  it('is in a frame that nobody sees, and of the user who is meant', async (context) => {
    const client = { entra: { optional_claims: ['sid'] } }
    await using spa = await serveSpa({ client, users: [{ username: GRACE }] })
    await using user = await openSpa(context, spa)
    const { value } = await user.popup('loginPopup', ASKED)
    const { homeAccountId } = value.account
    const heard = hearing(spa)
    heard()
    const framed = user.page.waitForRequest((request) => request.url().includes('prompt=none'))
    expect(await user.take('ssoSilent', ASKED)).toMatchObject({ value: { account: { homeAccountId } } })
    expect((await framed).frame().parentFrame()).toBe(user.page.mainFrame())
    for (const hint of [{ loginHint: ADA }, { sid: value.idTokenClaims.sid }])
      expect(await user.take('ssoSilent', { ...ASKED, ...hint })).toMatchObject({
        value: { account: { homeAccountId }, fromCache: false },
      })
    expect(heard()).toEqual([...SILENTLY, ...SILENTLY, ...SILENTLY])
    expect(await user.take('ssoSilent', { ...ASKED, loginHint: GRACE })).toMatchObject(SIGNED_OUT)
  })

  it('takes over from a refresh token after 24 hours, as long as the session lasts', async (context) => {
    await using spa = await serveSpa({ lifetimes: { session: '2d' } })
    await using user = await openSpa(context, spa)
    const { value } = await user.leave('loginRedirect', ASKED)
    const heard = hearing(spa)
    const again = { ...ASKED, forceRefresh: true }
    const { homeAccountId } = value.account
    spa.entra.hands.advance('23h')
    heard()
    expect(await user.take('acquireTokenSilent', again)).toMatchObject({
      value: { account: { homeAccountId } },
    })
    expect(heard()).toEqual(['token'])
    spa.entra.hands.advance('2h')
    expect(await user.take('acquireTokenSilent', again)).toMatchObject({
      value: { account: { homeAccountId } },
    })
    expect(heard()).toEqual(['token: refresh_token.final', ...SILENTLY])
    spa.entra.hands.advance('25h')
    expect(await user.take('acquireTokenSilent', again)).toMatchObject(SIGNED_OUT)
    expect(heard()).toEqual(['token: refresh_token.final', 'authorization: login.required'])
  })
})

describe('@azure/msal-browser 5 in Chromium: sign-out', () => {
  const byRedirect = async (user: SpaUser, { url }: Spa) => {
    const arrived = user.page.waitForURL((at) => at.href.startsWith(`${url}/signed-out`))
    await user.page.evaluate('void take("logoutRedirect")')
    await arrived
  }
  const inWindow = async (user: SpaUser) => {
    const opened = user.page.waitForEvent('popup')
    const outcome = user.take('logoutPopup', { postLogoutRedirectUri: '/redirect' })
    await (await opened).waitForEvent('close')
    expect(await outcome).toEqual({ value: null })
  }

  it.for([
    ['by redirect', byRedirect],
    ['in a window, which closes itself', inWindow],
  ] as const)('%s', async ([_how, signOut], context) => {
    await using spa = await serveSpa()
    await using user = await openSpa(context, spa)
    await user.leave('loginRedirect', ASKED)
    expect(await user.take('ssoSilent', ASKED)).toHaveProperty('value')
    await signOut(user, spa)
    expect(await user.take('getAllAccounts')).toEqual({ value: [] })
    expect(await user.take('ssoSilent', ASKED)).toMatchObject(SIGNED_OUT)
  })

  it('elsewhere is told to the application in a frame', async (context) => {
    await using spa = await serveSpa({ cache: { cacheLocation: 'localStorage' }, isTold: true })
    await using user = await openSpa(context, spa)
    await user.leave('loginRedirect', ASKED)
    expect(await user.take('getAllAccounts')).toMatchObject({ value: [{ username: ADA }] })
    const elsewhere = await user.newPage()
    const told = elsewhere.waitForEvent('framenavigated', (frame) =>
      frame.url().startsWith(`${spa.url}/forget`),
    )
    await elsewhere.goto(`${spa.entra.authority}/oauth2/v2.0/logout`)
    const { searchParams } = new URL((await told).url())
    expect(searchParams.get('iss')).toBe(`${spa.entra.authority}/v2.0`)
    expect(await (await told).evaluate('forgotten')).toEqual({ value: null })
    await user.page.reload()
    expect(await user.take('getAllAccounts')).toEqual({ value: [] })
  })
})
