import { afterAll, describe, expect, it } from 'vitest'
import { assertion, makeKey } from '../support/assertion.ts'
import { decode } from '../support/http.ts'
import {
  ADA,
  BILLING,
  CALLBACK,
  CLIENT,
  ORDERS,
  ORDERS_ID,
  ORDERS_SECRET,
  PUBLIC,
  TENANT,
} from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { at, confidential, onDevice, results, VERSIONS } from './support/msal.ts'
import { CORRELATION_ID as correlationId, refusal, serverError } from './support/refusal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const READ = `${ORDERS}/read`
const PAY = `${BILLING}/pay`

async function take(entra: Entra, given: object, hands: object = {}) {
  return await sdk.call('msal_node', 'take', given, { ...entra.hands, ...hands })
}

/** An API that calls another one for its user. */
const api = (entra: Entra) => ({ clientId: ORDERS_ID, clientSecret: ORDERS_SECRET, ...at(entra) })

/** A user's token, as the API gets it from the web application. */
async function tokenOfAda(entra: Entra, scope = READ): Promise<string> {
  const steps = [['login', { scopes: [scope], redirectUri: CALLBACK }]]
  const [{ accessToken }] = results(await take(entra, { auth: confidential(entra), steps }))
  return accessToken
}

describe.each(VERSIONS)('@azure/msal-node %i on behalf of a user', (version) => {
  it('gets the API a token for another one, and the second from its cache', async () => {
    await using entra = await startEntra()
    const oboAssertion = await tokenOfAda(entra)
    const ask = ['acquireTokenOnBehalfOf', { oboAssertion, scopes: [PAY] }]
    const [first, second] = results(await take(entra, { version, auth: api(entra), steps: [ask, ask] }))
    expect(first).toMatchObject({ fromCache: false, account: { username: ADA, tenantId: TENANT } })
    expect(decode(first.accessToken).claims).toMatchObject({
      aud: BILLING,
      appid: ORDERS_ID,
      scp: 'pay',
      upn: ADA,
    })
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    expect(entra.grants()).toEqual(['authorization_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer'])
  })
})

describe('@azure/msal-node on behalf of a user: what it is refused with', () => {
  const refused = async (entra: Entra, oboAssertion: string) => {
    const steps = [['acquireTokenOnBehalfOf', { oboAssertion, scopes: [PAY], correlationId }]]
    return refusal(await take(entra, { auth: api(entra), steps }), entra)
  }

  it('a token for another API: AADSTS500131', async () => {
    await using entra = await startEntra()
    const error = await refused(entra, await tokenOfAda(entra, PAY))
    expect(error).toMatchObject(serverError({ error: 'invalid_grant', code: 500131 }))
  })

  it('a token that is over: AADSTS500133', async () => {
    await using entra = await startEntra()
    const token = await tokenOfAda(entra)
    entra.hands.advance('2h')
    expect(await refused(entra, token)).toMatchObject(serverError({ error: 'invalid_grant', code: 500133 }))
  })

  it('a token that somebody else signed: AADSTS50013', async () => {
    await using entra = await startEntra()
    const { privateKey: key } = await makeKey('RS256')
    const { claims } = decode(await tokenOfAda(entra))
    const forged = await assertion({ client: CLIENT, aud: ORDERS_ID, key, alg: 'RS256', claims })
    expect(await refused(entra, forged)).toMatchObject(serverError({ error: 'invalid_grant', code: 50013 }))
  })
})

/** What the user does while the library polls. */
const approve = (entra: Entra) => async (seen: { verificationUri: string; userCode: string }) => {
  await entra.hands.enterCode(seen.verificationUri, seen.userCode)
  entra.hands.advance('5s')
}

describe.each(VERSIONS)('@azure/msal-node %i on a device', (version) => {
  it('shows a code, polls until the user has signed in elsewhere, and keeps the account', async () => {
    await using entra = await startEntra()
    const steps = [
      ['device', { scopes: [READ] }],
      ['acquireTokenSilent', { own: true, scopes: [READ] }],
    ]
    const given = { version, kind: 'Public', auth: onDevice(entra), steps }
    const [first, second] = results(await take(entra, given, { pending: approve(entra) }))
    expect(first).toMatchObject({ account: { username: ADA, tenantId: TENANT, name: 'Ada Lovelace' } })
    expect(decode(first.accessToken).claims).toMatchObject({ azp: PUBLIC, scp: 'read' })
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    const [pending, ...further] = entra.entries.filter(({ exchange }) => exchange.endpoint === 'token')
    expect(pending?.status).toBe(400)
    expect(further.map(({ status }) => status)).toEqual([200])
  })
})

describe('@azure/msal-node on a device: what it is refused with', () => {
  const refused = async (entra: Entra, pending: (seen: never) => unknown) => {
    const steps = [['device', { scopes: [READ], correlationId }]]
    const given = { kind: 'Public', auth: onDevice(entra), steps }
    return refusal(await take(entra, given, { pending }), entra)
  }

  /** The library gives up at any answer but one, and tells no more of it than this. */
  const isOver = (errorMessage: string) => ({
    name: 'AuthError',
    errorCode: 'post_request_failed',
    errorMessage,
    correlationId,
    status: 400,
  })

  it('a user who declines: authorization_declined', async () => {
    await using entra = await startEntra()
    const decline = async (seen: { verificationUri: string; userCode: string }) => {
      await entra.hands.enterCode(seen.verificationUri, seen.userCode, 'deny')
      entra.hands.advance('5s')
    }
    expect(await refused(entra, decline)).toMatchObject(isOver('authorization_declined'))
    expect(entra.entries.at(-1)?.exchange.reason).toBe('device.denied')
  })

  it('nobody for a quarter of an hour: expired_token', async () => {
    await using entra = await startEntra()
    expect(await refused(entra, () => entra.hands.advance('20m'))).toMatchObject(isOver('expired_token'))
    expect(entra.entries.at(-1)?.exchange.reason).toBe('device.expired')
  })
})
