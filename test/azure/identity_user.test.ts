import { afterAll, describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import {
  ADA,
  ADAS_PASSWORD,
  BILLING,
  CALLBACK,
  CLIENT,
  DEVICE_CODE,
  ORDERS,
  ORDERS_ID,
  ORDERS_SECRET,
  PUBLIC,
  SECRET,
  TENANT,
} from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const READ = `${ORDERS}/read`
const PAY = `${BILLING}/pay`
const OF_ADA = { azp: PUBLIC, scp: 'read', preferred_username: ADA, tid: TENANT }

/** The one setting that an application on a host unknown to Microsoft needs. */
const here = ({ origin }: Entra) => ({ authorityHost: origin, disableInstanceDiscovery: true })

/** Tokens of these scopes, one after the other, by their claims. */
async function claims(entra: Entra, given: object, hands: object = {}) {
  const tokens = await sdk.call('azure_identity', 'getTokens', given, { ...entra.hands, ...hands })
  return tokens.map(({ token }: { token: string }) => decode(token).claims)
}

/** A code that ada came back with. */
async function codeOfAda(entra: Entra): Promise<string> {
  const asked = {
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: `${READ} offline_access openid profile`,
  }
  const url = `${entra.authority}/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`
  return String((await entra.hands.signIn(url))['code'])
}

describe('@azure/identity, for users', () => {
  it('UsernamePasswordCredential: one sign-in, then its cache', async () => {
    await using entra = await startEntra()
    const args = [TENANT, PUBLIC, ADA, ADAS_PASSWORD]
    const given = {
      credential: 'UsernamePasswordCredential',
      args,
      options: here(entra),
      scopes: [READ, READ],
    }
    const [first, second] = await claims(entra, given)
    expect(first).toMatchObject(OF_ADA)
    expect(second).toEqual(first)
    expect(entra.grants()).toEqual(['password'])
  })

  it('DeviceCodeCredential: one sign-in on another device, then its refresh token', async () => {
    await using entra = await startEntra()
    const pending = async (seen: { verificationUri: string; userCode: string }) => {
      await entra.hands.enterCode(seen.verificationUri, seen.userCode)
      entra.hands.advance('5s')
    }
    const options = { ...here(entra), tenantId: TENANT, clientId: PUBLIC }
    const given = { credential: 'DeviceCodeCredential', options, scopes: [READ, READ, PAY] }
    const [first, second, other] = await claims(entra, given, { pending })
    expect(first).toMatchObject(OF_ADA)
    expect(second).toEqual(first)
    expect(other).toMatchObject({ aud: BILLING, scp: 'pay', upn: ADA })
    expect(entra.grants()).toEqual([DEVICE_CODE, DEVICE_CODE, 'refresh_token'])
  })

  it('AuthorizationCodeCredential: the code, then its cache', async () => {
    await using entra = await startEntra()
    const args = [TENANT, CLIENT, SECRET, await codeOfAda(entra), CALLBACK]
    const given = {
      credential: 'AuthorizationCodeCredential',
      args,
      options: here(entra),
      scopes: [READ, READ],
    }
    const [first, second] = await claims(entra, given)
    expect(first).toMatchObject({ ...OF_ADA, azp: CLIENT })
    expect(second).toEqual(first)
    expect(entra.grants()).toEqual(['authorization_code'])
  })

  it('OnBehalfOfCredential: a token for another API, then its cache', async () => {
    await using entra = await startEntra()
    const args = [TENANT, PUBLIC, ADA, ADAS_PASSWORD]
    const ask = { credential: 'UsernamePasswordCredential', args, options: here(entra), scopes: [READ] }
    const [{ token }] = await sdk.call('azure_identity', 'getTokens', ask)
    const api = { tenantId: TENANT, clientId: ORDERS_ID, clientSecret: ORDERS_SECRET }
    const options = { ...here(entra), ...api, userAssertionToken: token }
    const given = { credential: 'OnBehalfOfCredential', options, scopes: [PAY, PAY] }
    const [first, second] = await claims(entra, given)
    expect(first).toMatchObject({ aud: BILLING, appid: ORDERS_ID, scp: 'pay', upn: ADA })
    expect(second).toEqual(first)
    expect(entra.grants()).toEqual(['password', 'urn:ietf:params:oauth:grant-type:jwt-bearer'])
  })

  it('UsernamePasswordCredential: a wrong password is AADSTS50126', async () => {
    await using entra = await startEntra()
    const args = [TENANT, PUBLIC, ADA, 'wrong']
    const given = { credential: 'UsernamePasswordCredential', args, options: here(entra), scopes: [READ] }
    await expect(claims(entra, given)).rejects.toMatchObject({
      name: 'AuthenticationRequiredError',
      message: expect.stringMatching(/^invalid_grant: .*AADSTS50126: /),
    })
  })
})
