import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'

const SECRET = 'a+b c:%21 ✓ and more, for HS256 wants 32 octets'
const insecure = { [oauth.allowInsecureRequests]: true }

async function discover(issuer: string, algorithm: 'oidc' | 'oauth2' = 'oidc') {
  const url = new URL(issuer)
  return await oauth.processDiscoveryResponse(
    url,
    await oauth.discoveryRequest(url, { ...insecure, algorithm }),
  )
}

async function requestToken(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
) {
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, {}, insecure)
  return await oauth.processClientCredentialsResponse(as, client, response)
}

describe('oauth4webapi', () => {
  it.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
    ['client_secret_jwt', oauth.ClientSecretJwt],
  ] as const)('gets a token by %s, and none with another secret', async (method, authentication) => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: SECRET, token_endpoint_auth_method: method }],
    })
    const as = await discover(idp.issuer)
    const client = { client_id: 'orders' }
    expect(await requestToken(as, client, authentication(SECRET))).toMatchObject({ token_type: 'bearer' })
    await expect(requestToken(as, client, authentication('another'))).rejects.toMatchObject({
      status: 401,
      code: method === 'client_secret_basic' ? oauth.WWW_AUTHENTICATE_CHALLENGE : oauth.RESPONSE_BODY_ERROR,
    })
  })

  it('gets a token by private_key_jwt, and none with another key', async () => {
    const [key, other] = [await makeKey('ES256'), await makeKey('ES256')]
    await using idp = await startIdp({ clients: [{ client_id: 'partner', jwks: { keys: [key.jwk] } }] })
    const as = await discover(idp.issuer, 'oauth2')
    const client = { client_id: 'partner' }
    expect(await requestToken(as, client, oauth.PrivateKeyJwt(key.privateKey))).toMatchObject({
      expires_in: 3600,
    })
    await expect(requestToken(as, client, oauth.PrivateKeyJwt(other.privateKey))).rejects.toMatchObject({
      error: 'invalid_client',
    })
  })

  it('is refused as a public client', async () => {
    await using idp = await startIdp({ clients: [{ client_id: 'spa' }] })
    const as = await discover(idp.issuer)
    await expect(requestToken(as, { client_id: 'spa' }, oauth.None())).rejects.toMatchObject({
      error: 'unauthorized_client',
    })
  })

  it('introspects, plain and signed, and revokes', async () => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: SECRET, introspection: 'any' }],
    })
    const as = await discover(idp.issuer)
    const client = { client_id: 'orders' }
    const authentication = oauth.ClientSecretBasic(SECRET)
    const { access_token } = await requestToken(as, client, authentication)
    for (const requestJwtResponse of [false, true]) {
      const options = { ...insecure, requestJwtResponse }
      const response = await oauth.introspectionRequest(as, client, authentication, access_token, options)
      const told = await oauth.processIntrospectionResponse(as, client, response)
      expect(told).toMatchObject({ active: true, client_id: 'orders' })
      if (requestJwtResponse) await oauth.validateApplicationLevelSignature(as, response, insecure)
    }
    const revoked = await oauth.revocationRequest(as, client, authentication, access_token, insecure)
    expect(await oauth.processRevocationResponse(revoked)).toBeUndefined()
    const response = await oauth.introspectionRequest(as, client, authentication, access_token, insecure)
    expect(await oauth.processIntrospectionResponse(as, client, response)).toEqual({ active: false })
  })

  it('validates access tokens as a resource server, and refuses those that are not for it', async () => {
    await using idp = await startIdp({
      clients: [{ client_id: 'orders', client_secret: SECRET, audience: 'api' }],
    })
    const as = await discover(idp.issuer)
    const { access_token } = await requestToken(as, { client_id: 'orders' }, oauth.ClientSecretBasic(SECRET))
    const request = new Request('http://api.test', { headers: { authorization: `Bearer ${access_token}` } })
    const claims = await oauth.validateJwtAccessToken(as, request, 'api', insecure)
    expect(claims).toMatchObject({ iss: idp.issuer, sub: 'orders', client_id: 'orders', aud: 'api' })
    await expect(oauth.validateJwtAccessToken(as, request, 'another-api', insecure)).rejects.toThrow()
  })

  it('does not take the discovery document of another issuer', async () => {
    await using idp = await startIdp({ issuer: { url: 'https://login.example.test' } })
    await expect(discover(idp.url)).rejects.toMatchObject({ code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' })
  })
})
