import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { decode } from '../support/http.ts'

const API = 'https://api.example.test'
const SECRET = 'päss wörd+%21: of many octets, for HS256 wants 32'

/** plain http is for tests, and the client wants to be told */
const insecure = { execute: [client.allowInsecureRequests] }

const start = () =>
  startIdp({
    resources: [{ identifier: API, scopes: ['orders:read', 'orders:write'] }],
    clients: [
      { client_id: 'orders', client_secret: SECRET, scope: 'orders:read orders:write', introspection: 'any' },
    ],
  })

const METHODS = [
  ['client_secret_basic', client.ClientSecretBasic],
  ['client_secret_post', client.ClientSecretPost],
  ['client_secret_jwt', client.ClientSecretJwt],
] as const

describe('openid-client', () => {
  it.each(METHODS)('gets a token by %s, and none with another secret', async (method, authentication) => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: SECRET, token_endpoint_auth_method: method }],
    })
    const discover = (secret: string) =>
      client.discovery(new URL(idp.issuer), 'orders', undefined, authentication(secret), insecure)
    const tokens = await client.clientCredentialsGrant(await discover(SECRET))
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
    expect(decode(tokens.access_token).claims.client_id).toBe('orders')
    await expect(client.clientCredentialsGrant(await discover('another secret'))).rejects.toMatchObject({
      status: 401,
      code:
        method === 'client_secret_basic' ? 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' : 'OAUTH_RESPONSE_BODY_ERROR',
    })
  })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('gets a token by private_key_jwt with %s', async (alg) => {
    const [key, other] = [await makeKey(alg, 'one'), await makeKey(alg, 'one')]
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const discover = (privateKey: typeof key.privateKey) => {
      const authentication = client.PrivateKeyJwt({ key: privateKey, kid: 'one' })
      return client.discovery(new URL(idp.issuer), 'partner', undefined, authentication, insecure)
    }
    const configuration = await discover(key.privateKey)
    expect((await client.clientCredentialsGrant(configuration)).token_type).toBe('bearer')
    expect((await client.clientCredentialsGrant(configuration)).token_type).toBe('bearer')
    const wrong = await discover(other.privateKey)
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ error: 'invalid_client' })
  })

  it('finds its provider by either kind of discovery, below a path too', async () => {
    await using idp = await startIdp({ server: { base_path: '/auth' }, tenants: { acme: {} } })
    for (const algorithm of ['oidc', 'oauth2'] as const) {
      const url = new URL(idp.issuerOf('acme'))
      const found = await client.discovery(url, 'x', undefined, undefined, { ...insecure, algorithm })
      expect(found.serverMetadata()).toMatchObject({
        issuer: idp.issuerOf('acme'),
        token_endpoint: `${idp.issuerOf('acme')}/token`,
      })
      expect(found.serverMetadata().supportsPKCE()).toBe(true)
    }
    const slash = new URL(`${idp.issuerOf('acme')}/`)
    await expect(client.discovery(slash, 'x', undefined, undefined, insecure)).rejects.toMatchObject({
      code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
    })
  })

  it('asks for scopes and resources', async () => {
    await using idp = await start()
    const authentication = client.ClientSecretBasic(SECRET)
    const configuration = await client.discovery(
      new URL(idp.issuer),
      'orders',
      undefined,
      authentication,
      insecure,
    )
    const parameters = { scope: 'orders:read', resource: API }
    const tokens = await client.clientCredentialsGrant(configuration, parameters)
    expect(decode(tokens.access_token).claims).toMatchObject({ aud: API, scope: 'orders:read' })
    const wrong = { scope: 'admin' }
    await expect(client.clientCredentialsGrant(configuration, wrong)).rejects.toMatchObject({
      error: 'invalid_scope',
      status: 400,
    })
  })

  it('introspects and revokes', async () => {
    await using idp = await start()
    const authentication = client.ClientSecretBasic(SECRET)
    const configuration = await client.discovery(
      new URL(idp.issuer),
      'orders',
      undefined,
      authentication,
      insecure,
    )
    const { access_token } = await client.clientCredentialsGrant(configuration)
    const live = await client.tokenIntrospection(configuration, access_token)
    expect(live).toMatchObject({ active: true, client_id: 'orders', aud: API })
    await client.tokenRevocation(configuration, access_token)
    expect(await client.tokenIntrospection(configuration, access_token)).toEqual({ active: false })
  })

  it('reads introspection answers that are signed', async () => {
    await using idp = await start()
    const metadata = { introspection_signed_response_alg: 'RS256' }
    const authentication = client.ClientSecretBasic(SECRET)
    const configuration = await client.discovery(
      new URL(idp.issuer),
      'orders',
      metadata,
      authentication,
      insecure,
    )
    const { access_token } = await client.clientCredentialsGrant(configuration)
    expect(await client.tokenIntrospection(configuration, access_token)).toMatchObject({ active: true })
    expect(await client.tokenIntrospection(configuration, `${access_token}x`)).toMatchObject({
      active: false,
    })
  })

  it('asks who it is, and is told apart from another', async () => {
    await using idp = await start()
    const authentication = client.ClientSecretBasic(SECRET)
    const configuration = await client.discovery(
      new URL(idp.issuer),
      'orders',
      undefined,
      authentication,
      insecure,
    )
    const { access_token } = await client.clientCredentialsGrant(configuration)
    expect(await client.fetchUserInfo(configuration, access_token, 'orders')).toEqual({ sub: 'orders' })
    await expect(client.fetchUserInfo(configuration, access_token, 'alice')).rejects.toThrow()
    await idp.clock.advance('61m')
    await expect(client.fetchUserInfo(configuration, access_token, 'orders')).rejects.toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
    })
  })
})
