/** Libraries that know OpenID Connect and nothing of Microsoft. */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jwt from 'jsonwebtoken'
import jwksRsa from 'jwks-rsa'
import * as client from 'openid-client'

/** The claims of a token by jose, whose keys come from this URL. */
export async function verifyByJose({ token, jwksUri, ...options }) {
  return (await jwtVerify(token, createRemoteJWKSet(new URL(jwksUri)), options)).payload
}

/** The same by jsonwebtoken and jwks-rsa. */
export async function verifyByJwksRsa({ token, jwksUri, ...options }) {
  const keys = jwksRsa({ jwksUri })
  const { kid } = jwt.decode(token, { complete: true }).header
  const key = await keys.getSigningKey(kid)
  return jwt.verify(token, key.getPublicKey(), { algorithms: ['RS256'], ...options })
}

/** What openid-client discovers, and the token that it gets there. */
export async function clientCredentials({ issuer, clientId, clientSecret, scope }) {
  const config = await client.discovery(new URL(issuer), clientId, clientSecret)
  const { access_token, token_type } = await client.clientCredentialsGrant(config, { scope })
  return { discovered: config.serverMetadata().issuer, access_token, token_type }
}

/** A user signs in by openid-client, with code and PKCE. */
export async function signIn({ issuer, clientId, clientSecret, redirect_uri, scope }, ask) {
  const config = await client.discovery(new URL(issuer), clientId, clientSecret)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const answer = await ask('signIn', url.href)
  const back = new URL(`${redirect_uri}?${new URLSearchParams(answer)}`)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce }
  const tokens = await client.authorizationCodeGrant(config, back, checks)
  const { sub } = tokens.claims()
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub)
  return { claims: tokens.claims(), userinfo }
}
