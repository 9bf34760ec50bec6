import { afterAll, describe, expect, it } from 'vitest'
import { BILLING, CALLBACK, ORDERS } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { confidential, onDevice } from './support/msal.ts'
import {
  CORRELATION_ID as correlationId,
  interactionRequired,
  refusal,
  serverError,
} from './support/refusal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const READ = `${ORDERS}/read`
const LOGIN = ['login', { scopes: [READ], redirectUri: CALLBACK }]
const GRANT = 'invalid_grant'

/** What the last of these steps was refused with. */
async function refused(entra: Entra, ...steps: readonly unknown[]) {
  const given = { auth: confidential(entra), steps }
  return refusal(await sdk.call('msal_node', 'take', given, entra.hands), entra)
}

describe('@azure/msal-node: what users with a password are refused with', () => {
  const signIn = async (user: object, change: object = {}) => {
    const username = 'grace@contoso.example'
    await using entra = await startEntra({ users: [{ username, password: 'right', ...user }] })
    const ask = { scopes: [READ], username, password: 'right', correlationId, ...change }
    const given = { kind: 'Public', auth: onDevice(entra), steps: [['acquireTokenByUsernamePassword', ask]] }
    return refusal(await sdk.call('msal_node', 'take', given), entra)
  }

  it.each([
    ['a wrong password', 50126, {}, { password: 'wrong' }],
    ['a name of nobody', 50034, {}, { username: 'nobody@contoso.example' }],
    ['one that is locked', 50053, { status: 'locked' }, {}],
    ['one that is disabled', 50057, { status: 'disabled' }, {}],
  ])('%s: AADSTS%i', async (_what, code, user, change) => {
    expect(await signIn(user, change)).toMatchObject(serverError({ error: GRANT, code }))
  })

  it.each([
    ['mfa_required', 50076, 'basic_action'],
    ['mfa_enrolment_required', 50079, 'basic_action'],
    ['blocked', 53003, 'message_only'],
    ['password_expired', 50055, 'user_password_expired'],
  ])('one with %s: AADSTS%i, %s, and has to be there', async (status, code, suberror) => {
    expect(await signIn({ status })).toMatchObject(interactionRequired({ error: GRANT, code }, suberror))
  })

  it('has the claims to ask for where a second factor is needed', async () => {
    const { claims } = await signIn({ status: 'mfa_required' })
    expect(JSON.parse(claims)).toMatchObject({ access_token: expect.any(Object) })
  })
})

describe('@azure/msal-node: what codes and refresh tokens are refused with', () => {
  it('a browser where nobody is signed in, and nobody may be asked: AADSTS50058', async () => {
    await using entra = await startEntra()
    const steps = [['interactive', { scopes: [READ], prompt: 'none', correlationId }]]
    const given = { kind: 'Public', auth: onDevice(entra), steps }
    const [{ error }] = await sdk.call('msal_node', 'take', given, entra.hands)
    expect(error).toMatchObject({
      name: 'ServerError',
      errorCode: 'login_required',
      correlationId,
      errorMessage: expect.stringMatching(
        /^AADSTS50058: .* Correlation ID: 11111111-2222-4333-8444-555555555555 /,
      ),
    })
  })

  it('a code that was redeemed before: AADSTS54005', async () => {
    await using entra = await startEntra()
    const error = await refused(entra, LOGIN, ['redeem', { correlationId }])
    expect(error).toMatchObject(serverError({ error: GRANT, code: 54005 }))
  })

  it('a code that nobody was given: AADSTS70000', async () => {
    await using entra = await startEntra()
    const error = await refused(entra, LOGIN, ['redeem', { code: 'not-a-code', correlationId }])
    expect(error).toMatchObject(serverError({ error: GRANT, code: 70000 }))
  })

  it('a code of a quarter of an hour ago: AADSTS70008', async () => {
    await using entra = await startEntra()
    const late = async (url: string) => {
      const answer = await entra.hands.signIn(url)
      entra.hands.advance('15m')
      return answer
    }
    const login = ['login', { scopes: [READ], redirectUri: CALLBACK, redeem: { correlationId } }]
    const given = { auth: confidential(entra), steps: [login] }
    const outcomes = await sdk.call('msal_node', 'take', given, { signIn: late })
    expect(refusal(outcomes, entra)).toMatchObject(serverError({ error: GRANT, code: 70008 }))
  })

  it('another code verifier: AADSTS501481', async () => {
    await using entra = await startEntra()
    const redeem = { codeVerifier: 'v'.repeat(43), correlationId }
    const error = await refused(entra, ['login', { scopes: [READ], redirectUri: CALLBACK, redeem }])
    expect(error).toMatchObject(serverError({ error: GRANT, code: 501481 }))
  })

  it('a refresh token after 91 days: AADSTS700082, and the user has to sign in', async () => {
    await using entra = await startEntra()
    const silent = { own: true, scopes: [READ], forceRefresh: true, correlationId }
    const error = await refused(entra, LOGIN, ['advance', { by: '91d' }], ['acquireTokenSilent', silent])
    expect(error).toMatchObject(interactionRequired({ error: GRANT, code: 700082 }, 'bad_token'))
  })

  it('a scope that nobody agreed to: AADSTS65001, and the user has to agree', async () => {
    await using entra = await startEntra()
    const silent = { own: true, scopes: [`${ORDERS}/nothing`], correlationId }
    const error = await refused(entra, LOGIN, ['acquireTokenSilent', silent])
    expect(error).toMatchObject(interactionRequired({ error: GRANT, code: 65001 }, 'consent_required'))
  })

  it('two APIs at once: AADSTS28000', async () => {
    await using entra = await startEntra()
    const silent = { own: true, scopes: [READ, `${BILLING}/pay`], correlationId }
    const error = await refused(entra, LOGIN, ['acquireTokenSilent', silent])
    expect(error).toMatchObject(serverError({ error: 'invalid_request', code: 28000 }))
  })
})
