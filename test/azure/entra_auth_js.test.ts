import { afterAll, describe, expect, it } from 'vitest'
import { ADA, CLIENT, SECRET } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const CLIENT_OF_AUTH_JS = {
  redirect_uris: ['https://app.example.test/auth/callback/microsoft-entra-id'],
}

const APPLICATION = { clientId: CLIENT, clientSecret: SECRET }

describe('@auth/core microsoft-entra-id', () => {
  it.each([
    ['of the tenant', ({ authority }: Entra) => `${authority}/v2.0`],
    ['of common', ({ origin }: Entra) => `${origin}/common/v2.0`],
  ])('signs a user in at the issuer %s, without a photo', async (_what, issuerAt) => {
    await using entra = await startEntra({ client: CLIENT_OF_AUTH_JS })
    sdk.route('graph.microsoft.com', entra.port)
    const given = { ...APPLICATION, issuer: issuerAt(entra) }
    const { session, errors } = await sdk.call('auth_js', 'signIn', given, entra.hands)
    expect(errors).toEqual([])
    expect(session.user).toEqual({ name: 'Ada Lovelace', email: ADA, image: null })
    expect(entra.entries.at(-1)).toMatchObject({ path: '/v1.0/me/photos/48x48/$value', status: 404 })
  })

  it('signs nobody in where Graph is not found', async () => {
    await using entra = await startEntra({ client: CLIENT_OF_AUTH_JS })
    await using alone = startSdk(caFile())
    const given = { ...APPLICATION, issuer: `${entra.authority}/v2.0` }
    const { session, errors } = await alone.call('auth_js', 'signIn', given, entra.hands)
    expect(session).toBeNull()
    expect(errors).toEqual([expect.stringContaining('OAuthProfileParseError')])
    expect(alone.takeEscaped()).toEqual(['graph.microsoft.com:443'])
  })
})
