/** Microsoft's own library, as applications use it, is found fault with in nothing. */
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { ADA, CALLBACK, ORDERS } from '../azure/support/contoso.ts'
import { caFile, type Entra, startEntra } from '../azure/support/entra.ts'
import { confidential, onDevice, results } from '../azure/support/msal.ts'
import { startSdk } from '../azure/support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const READ = { scopes: [`${ORDERS}/read`] }

/** The rules that were broken, without those that are only information. */
async function found({ origin, fetch }: Entra): Promise<readonly string[]> {
  const response = await fetch(`${origin}/_mock/findings?severity=warning`)
  expect(response.status).toBe(200)
  const { items } = (await response.json()) as { items: readonly { id: string }[] }
  return items.map(({ id }) => id)
}

async function take(entra: Entra, given: object) {
  return results(await sdk.call('msal_node', 'take', given, entra.hands))
}

describe.each([3, 7])('@azure/msal-node %i', (version) => {
  it('of a web application whose users sign in, come back and are refreshed', async () => {
    await using entra = await startEntra()
    const login = () => [
      'login',
      { ...READ, redirectUri: CALLBACK, nonce: randomUUID(), state: randomUUID() },
    ]
    const fresh = ['acquireTokenSilent', { own: true, ...READ, forceRefresh: true }]
    const later = ['advance', { by: '61m' }]
    await take(entra, { version, auth: confidential(entra), steps: [login(), fresh, fresh, login(), later] })
    expect(entra.grants()).toEqual([...codes(1), 'refresh_token', 'refresh_token', ...codes(1)])
    expect(await found(entra)).toEqual([])
  })

  it('of a program on the user’s own machine, and of the application itself', async () => {
    await using entra = await startEntra()
    const steps = [['interactive', READ]]
    const [{ account }] = await take(entra, { version, kind: 'Public', auth: onDevice(entra), steps })
    expect(account.username).toBe(ADA)
    const ask = ['acquireTokenByClientCredential', { scopes: [`${ORDERS}/.default`] }]
    await take(entra, { version, auth: confidential(entra), steps: [ask, ask, ask] })
    expect(await found(entra)).toEqual([])
  })

  it('but the password of a user is', async () => {
    await using entra = await startEntra()
    const asked = ['acquireTokenByUsernamePassword', { ...READ, username: ADA, password: 'analytical' }]
    await sdk.call('msal_node', 'take', { version, kind: 'Public', auth: onDevice(entra), steps: [asked] })
    expect(await found(entra)).toEqual(['password_grant'])
  })
})

function codes(times: number): readonly string[] {
  return Array.from({ length: times }, () => 'authorization_code')
}
