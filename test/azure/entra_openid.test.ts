import { afterAll, describe, expect, it } from 'vitest'
import { ADA, BILLING, CALLBACK, CLIENT, ORDERS, ORDERS_ID, SECRET, TENANT } from './support/contoso.ts'
import { caFile, startEntra } from './support/entra.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const APPLICATION = { clientId: CLIENT, clientSecret: SECRET }

describe('openid-client at Entra', () => {
  it('discovers the issuer of the tenant, and gets a token for an application itself', async () => {
    await using entra = await startEntra()
    const issuer = `${entra.authority}/v2.0`
    const given = { issuer, ...APPLICATION, scope: `${ORDERS}/.default` }
    expect(await sdk.call('openid', 'clientCredentials', given)).toEqual({
      discovered: issuer,
      access_token: expect.any(String),
      token_type: 'bearer',
    })
  })

  it('signs a user in, and asks userinfo', async () => {
    await using entra = await startEntra()
    const issuer = `${entra.authority}/v2.0`
    const given = { issuer, ...APPLICATION, redirect_uri: CALLBACK, scope: 'openid profile email' }
    const { claims, userinfo } = await sdk.call('openid', 'signIn', given, entra.hands)
    expect(claims).toMatchObject({ iss: issuer, aud: CLIENT, tid: TENANT, email: ADA })
    expect(userinfo).toMatchObject({ sub: claims.sub, name: 'Ada Lovelace', email: ADA })
  })
})

describe.each([
  ['jose', 'verifyByJose', { message: /"aud"/ }],
  ['jwks-rsa with jsonwebtoken', 'verifyByJwksRsa', { message: /audience invalid/ }],
])('%s at Entra', (_library, verify, { message }) => {
  it.each([
    ['v2', ORDERS, ORDERS_ID, '/v2.0', '/discovery/v2.0/keys'],
    ['v1', BILLING, BILLING, '/', '/discovery/keys'],
  ])('verifies a %s token', async (_version, ...[api, audience, issuer, keys]) => {
    await using entra = await startEntra()
    const ask = { issuer: `${entra.authority}/v2.0`, ...APPLICATION, scope: `${api}/.default` }
    const { access_token: token } = await sdk.call('openid', 'clientCredentials', ask)
    const given = { token, jwksUri: `${entra.authority}${keys}`, issuer: `${entra.authority}${issuer}` }
    expect(await sdk.call('openid', verify, { ...given, audience })).toMatchObject({ tid: TENANT })
    await expect(sdk.call('openid', verify, { ...given, audience: 'another' })).rejects.toThrow(message)
  })
})
