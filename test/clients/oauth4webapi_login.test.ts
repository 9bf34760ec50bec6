import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerAt, Browser, signIn } from '../support/browser.ts'

const CALLBACK = 'com.example.app:/callback'
const insecure = { [oauth.allowInsecureRequests]: true }
const app: oauth.Client = { client_id: 'app', id_token_signed_response_alg: 'ES256' }

const start = () =>
  startIdp({
    keys: [{ alg: 'ES256' }],
    clients: [
      {
        client_id: 'app',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      },
    ],
    users: [{ username: 'alice', email: 'alice@example.test' }],
  })

async function discover(issuer: string) {
  const url = new URL(issuer)
  return await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure))
}

/** What the application keeps while its user is away, and the request that it sends them with. */
async function ask(as: oauth.AuthorizationServer, more: Record<string, string> = {}) {
  const kept = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
  }
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    client_id: 'app',
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email',
    code_challenge: await oauth.calculatePKCECodeChallenge(kept.verifier),
    code_challenge_method: 'S256',
    state: kept.state,
    nonce: kept.nonce,
    ...more,
  }).toString()
  return { kept, url }
}

async function redeem(as: oauth.AuthorizationServer, params: URLSearchParams, verifier: string) {
  return await oauth.authorizationCodeGrantRequest(
    as,
    app,
    oauth.None(),
    params,
    CALLBACK,
    verifier,
    insecure,
  )
}

describe('oauth4webapi, as a native app without a secret', () => {
  it('signs a user in by code and PKCE, checks the signature, reads who it is, and refreshes', async () => {
    await using idp = await start()
    const as = await discover(idp.issuer)
    const { kept, url } = await ask(as)
    const { left } = await signIn(new Browser(idp.issuer), url.href)
    expect(left?.href).toMatch(/^com\.example\.app:\/callback\?code=/)
    const params = oauth.validateAuthResponse(as, app, left ?? url, kept.state)
    const response = await redeem(as, params, kept.verifier)
    const options = { expectedNonce: kept.nonce, requireIdToken: true }
    const tokens = await oauth.processAuthorizationCodeResponse(as, app, response, options)
    await oauth.validateApplicationLevelSignature(as, response, insecure)
    const { sub = '' } = oauth.getValidatedIdTokenClaims(tokens) ?? {}
    const told = await oauth.userInfoRequest(as, app, tokens.access_token, insecure)
    expect(await oauth.processUserInfoResponse(as, app, sub, told)).toMatchObject({
      email: 'alice@example.test',
    })
    const refreshed = await oauth.refreshTokenGrantRequest(
      as,
      app,
      oauth.None(),
      tokens.refresh_token ?? '',
      insecure,
    )
    expect(await oauth.processRefreshTokenResponse(as, app, refreshed)).toMatchObject({
      token_type: 'bearer',
    })
  })

  it('is refused without its code_verifier, and takes no answer to another question', async () => {
    await using idp = await start()
    const as = await discover(idp.issuer)
    const { kept, url } = await ask(as)
    const { left } = await signIn(new Browser(idp.issuer), url.href)
    const at = left ?? url
    expect(() => oauth.validateAuthResponse(as, app, at, 'another')).toThrow('state')
    const without = new URL(at)
    without.searchParams.delete('iss')
    expect(() => oauth.validateAuthResponse(as, app, without, kept.state)).toThrow('iss')
    const params = oauth.validateAuthResponse(as, app, at, kept.state)
    const response = await redeem(as, params, oauth.generateRandomCodeVerifier())
    await expect(oauth.processAuthorizationCodeResponse(as, app, response)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('checks the ID token and the c_hash of an answer in the fragment: code id_token', async () => {
    await using idp = await start()
    const as = await discover(idp.issuer)
    const { kept, url } = await ask(as, { response_type: 'code id_token' })
    const page = await signIn(new Browser(idp.issuer), url.href)
    const validate = (nonce: string, answer = new URLSearchParams(answerAt(page))) =>
      oauth.validateCodeIdTokenResponse(as, app, answer, nonce, kept.state, undefined, insecure)
    const params = await validate(kept.nonce)
    await expect(validate('another')).rejects.toThrow('nonce')
    const another = new URLSearchParams(answerAt(page))
    another.set('code', 'another')
    await expect(validate(kept.nonce, another)).rejects.toThrow('c_hash')
    const response = await redeem(as, params, kept.verifier)
    const options = { expectedNonce: kept.nonce, requireIdToken: true }
    expect(await oauth.processAuthorizationCodeResponse(as, app, response, options)).toMatchObject({
      id_token: expect.any(String),
    })
  })

  it('hears why there is no code', async () => {
    await using idp = await start()
    const as = await discover(idp.issuer)
    const { kept, url } = await ask(as, { prompt: 'none' })
    const { left } = await new Browser(idp.issuer).open(url.href)
    expect(() => oauth.validateAuthResponse(as, app, left ?? url, kept.state)).toThrow(
      expect.objectContaining({ code: oauth.AUTHORIZATION_RESPONSE_ERROR, error: 'login_required' }),
    )
  })
})
