import { afterAll, describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import {
  ADA,
  ADAS_PASSWORD,
  BILLING,
  CALLBACK,
  CLIENT,
  ORDERS,
  ORDERS_ID,
  TENANT,
} from './support/contoso.ts'
import { caFile, startEntra } from './support/entra.ts'
import { confidential, onDevice, results, VERSIONS } from './support/msal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const READ = `${ORDERS}/read`
const PAY = `${BILLING}/pay`
const LOGIN = ['login', { scopes: [READ], redirectUri: CALLBACK }]
const silent = (scope: string, more: object = {}) =>
  ['acquireTokenSilent', { own: true, scopes: [scope], ...more }] as const

describe.each(VERSIONS)('@azure/msal-node %i, for users', (version) => {
  const take = async (entra: Awaited<ReturnType<typeof startEntra>>, ...steps: readonly unknown[]) =>
    results(await sdk.call('msal_node', 'take', { version, auth: confidential(entra), steps }, entra.hands))

  it('signs a user in by code, PKCE and form_post, and knows the account', async () => {
    await using entra = await startEntra()
    const [{ account, accessToken, idTokenClaims, scopes, uniqueId }] = await take(entra, LOGIN)
    const { oid } = idTokenClaims
    expect(account).toMatchObject({
      homeAccountId: `${oid}.${TENANT}`,
      localAccountId: oid,
      environment: entra.host,
      tenantId: TENANT,
      username: ADA,
      name: 'Ada Lovelace',
    })
    expect(uniqueId).toBe(oid)
    expect(idTokenClaims).toMatchObject({
      iss: `${entra.authority}/v2.0`,
      aud: CLIENT,
      nonce: 'the nonce',
      tid: TENANT,
      ver: '2.0',
    })
    expect(scopes).toContain(READ)
    expect(decode(accessToken).claims).toMatchObject({ aud: ORDERS_ID, azp: CLIENT, scp: 'read', oid })
    expect(idTokenClaims.sub).not.toBe(oid)
  })

  it('gets further tokens in silence: from its cache, and for another API with the refresh token', async () => {
    await using entra = await startEntra()
    const [first, again, fresh, other, otherAgain] = await take(
      entra,
      LOGIN,
      silent(READ),
      silent(READ, { forceRefresh: true }),
      silent(PAY),
      silent(PAY),
    )
    expect(again).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    expect(fresh).toMatchObject({
      fromCache: false,
      account: { homeAccountId: first.account.homeAccountId, username: ADA },
    })
    expect(fresh.accessToken).not.toBe(first.accessToken)
    expect(decode(other.accessToken).claims).toMatchObject({ aud: BILLING, scp: 'pay', ver: '1.0' })
    expect(otherAgain).toMatchObject({ fromCache: true, accessToken: other.accessToken })
    expect(entra.grants()).toEqual(['authorization_code', 'refresh_token', 'refresh_token'])
  })

  it('signs a user in from a program on the same machine, at whatever port', async () => {
    await using entra = await startEntra()
    const steps = [['interactive', { scopes: [READ] }], silent(READ)]
    const given = { version, kind: 'Public', auth: onDevice(entra), steps }
    const [first, second] = results(await sdk.call('msal_node', 'take', given, entra.hands))
    expect(first).toMatchObject({ fromCache: false, account: { username: ADA, tenantId: TENANT } })
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
  })

  it('signs in with user name and password, and keeps the account', async () => {
    await using entra = await startEntra()
    const ask = { scopes: [READ], username: ADA, password: ADAS_PASSWORD }
    const steps = [['acquireTokenByUsernamePassword', ask], silent(READ)]
    const given = { version, kind: 'Public', auth: onDevice(entra), steps }
    const [first, second] = results(await sdk.call('msal_node', 'take', given))
    expect(first).toMatchObject({ fromCache: false, account: { username: ADA, tenantId: TENANT } })
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    expect(entra.grants()).toEqual(['password'])
  })
})
