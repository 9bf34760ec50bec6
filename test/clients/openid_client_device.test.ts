import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import { decide, startDevices } from '../support/device.ts'

/** plain http is for tests, and the client wants to be told */
const insecure = { execute: [client.allowInsecureRequests] }

const BOX = { id: 'box', secret: 's3cret' }

const discover = (issuer: string, { id, secret }: { id: string; secret?: string } = { id: 'tv' }) => {
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret)
  return client.discovery(new URL(issuer), id, undefined, authentication, insecure)
}

/** The client waits before it asks, which takes five seconds of real time: here somebody has decided already. */
async function connect(issuer: string, who: Parameters<typeof discover>[1], action: 'allow' | 'deny') {
  const configuration = await discover(issuer, who)
  const begun = await client.initiateDeviceAuthorization(configuration, { scope: 'openid profile read' })
  await decide({ ...begun }, { action })
  return client.pollDeviceAuthorizationGrant(configuration, { ...begun, interval: 0 })
}

describe('openid-client on a device', () => {
  it.each([{ id: 'tv' }, BOX])('gets tokens of who allowed it: %o', async (who) => {
    await using idp = await startDevices()
    const tokens = await connect(idp.issuer, who, 'allow')
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'openid profile read' })
    expect(tokens.claims()).toMatchObject({ iss: idp.issuer, aud: who.id })
    const configuration = await discover(idp.issuer, who)
    const sub = tokens.claims()?.sub ?? ''
    expect(await client.fetchUserInfo(configuration, tokens.access_token, sub)).toMatchObject({
      name: 'Alice',
    })
    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    expect(refreshed.access_token).not.toBe(tokens.access_token)
  })

  it('is told where somebody denied it', async () => {
    await using idp = await startDevices()
    await expect(connect(idp.issuer, BOX, 'deny')).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('stops when the code expired', async () => {
    await using idp = await startDevices()
    const configuration = await discover(idp.issuer)
    const begun = await client.initiateDeviceAuthorization(configuration, {})
    expect(begun).toMatchObject({ expires_in: 600, interval: 5 })
    await idp.clock.advance('10m')
    const late = client.pollDeviceAuthorizationGrant(configuration, { ...begun, interval: 0 })
    await expect(late).rejects.toMatchObject({ error: 'expired_token' })
  })
})
