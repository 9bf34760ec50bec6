import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { answerAt, Browser, signIn } from '../support/browser.ts'

const CALLBACK = 'https://shop.example.test/callback'
const SECRET = 'a secret of many octets, for HS256 wants 32 of them'

/** plain http is for tests, and the client wants to be told */
const insecure = { execute: [client.allowInsecureRequests] }

type ClientInput = NonNullable<ConfigInput['clients']>[number]

const start = (more: Partial<ClientInput> = {}) =>
  startIdp({
    clients: [
      {
        client_id: 'web',
        client_secret: SECRET,
        redirect_uris: [CALLBACK],
        post_logout_redirect_uris: ['https://shop.example.test/bye'],
        grant_types: ['authorization_code', 'refresh_token', 'implicit'],
        ...more,
      } as ClientInput,
    ],
    users: [{ username: 'alice', name: 'Alice Liddell', email: 'alice@example.test', roles: ['admin'] }],
  })

const discover = (issuer: string, metadata?: Partial<client.ClientMetadata>) =>
  client.discovery(new URL(issuer), 'web', metadata, client.ClientSecretBasic(SECRET), insecure)

/** What the application keeps while its user is away, and the request that it sends them with. */
async function request(more: Record<string, string> = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const kept = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() }
  const parameters = {
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: kept.expectedState,
    nonce: kept.expectedNonce,
    ...more,
  }
  return { kept, parameters }
}

/** Where a user who signs in is sent. */
async function callback(url: URL, browser = new Browser(url.origin)): Promise<URL> {
  const { left, html } = await signIn(browser, url.href)
  if (left === undefined) throw new Error(`not sent back, but ${html}`)
  return left
}

async function logIn(configuration: client.Configuration, browser?: Browser) {
  const { kept, parameters } = await request()
  const url = await callback(client.buildAuthorizationUrl(configuration, parameters), browser)
  return await client.authorizationCodeGrant(configuration, url, kept)
}

describe('openid-client', () => {
  it('signs a user in by code and PKCE, and reads who it is', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    expect(configuration.serverMetadata().supportsPKCE()).toBe(true)
    const tokens = await logIn(configuration)
    expect(tokens.claims()).toMatchObject({ iss: idp.issuer, aud: 'web' })
    const sub = tokens.claims()?.sub ?? ''
    const profile = { sub, name: 'Alice Liddell', email: 'alice@example.test', email_verified: true }
    expect(await client.fetchUserInfo(configuration, tokens.access_token, sub)).toMatchObject(profile)
    await expect(client.fetchUserInfo(configuration, tokens.access_token, 'bob')).rejects.toThrow()
  })

  it('refuses an answer that is not to its question, and is refused without its code_verifier', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    const { kept, parameters } = await request()
    const url = await callback(client.buildAuthorizationUrl(configuration, parameters))
    const outcome = (checks: client.AuthorizationCodeGrantChecks, at = url) =>
      client.authorizationCodeGrant(configuration, at, { ...kept, ...checks }).then(
        () => 'accepted',
        ({ error, code }) => error ?? code,
      )
    expect(await outcome({ expectedState: 'another' })).toBe('OAUTH_INVALID_RESPONSE')
    const elsewhere = new URL(url)
    elsewhere.searchParams.set('iss', 'https://another.example.test')
    expect(await outcome({}, elsewhere)).toBe('OAUTH_INVALID_RESPONSE')
    expect(await outcome({ pkceCodeVerifier: client.randomPKCECodeVerifier() })).toBe('invalid_grant')
    const again = await request()
    const second = await callback(client.buildAuthorizationUrl(configuration, again.parameters))
    expect(await outcome({ ...again.kept, expectedNonce: 'another' }, second)).toBe(
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    )
  })

  it('refreshes, and is refused with a refresh token that was used', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    const first = await logIn(configuration)
    await idp.clock.advance('10m')
    const second = await client.refreshTokenGrant(configuration, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    const sub = first.claims()?.sub ?? ''
    expect(second.claims()?.sub).toBe(sub)
    expect(await client.fetchUserInfo(configuration, second.access_token, sub)).toMatchObject({ sub })
    await expect(client.refreshTokenGrant(configuration, first.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('hears that the user denied, and that nobody is signed in', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    const browser = new Browser(idp.issuer)
    const denied = await request()
    const page = await browser.open(client.buildAuthorizationUrl(configuration, denied.parameters).href)
    const { left } = await browser.submit(page, { action: 'deny' })
    const grant = (url: URL | undefined, kept: client.AuthorizationCodeGrantChecks) =>
      client.authorizationCodeGrant(configuration, url ?? new URL(CALLBACK), kept)
    await expect(grant(left, denied.kept)).rejects.toMatchObject({ error: 'access_denied' })
    const silent = await request({ prompt: 'none' })
    const { href } = client.buildAuthorizationUrl(configuration, silent.parameters)
    const answer = await browser.open(href)
    await expect(grant(answer.left, silent.kept)).rejects.toMatchObject({ error: 'login_required' })
  })

  it('checks how long ago the user signed in', async () => {
    await using idp = await start({ require_auth_time: true })
    const configuration = await discover(idp.issuer)
    const browser = new Browser(idp.issuer)
    await idp.clock.advance('-5m')
    await logIn(configuration, browser)
    await idp.clock.advance('5m')
    const withMaxAge = async (more: Record<string, string>) => {
      const { kept, parameters } = await request(more)
      const url = await callback(client.buildAuthorizationUrl(configuration, parameters), browser)
      return client.authorizationCodeGrant(configuration, url, { ...kept, maxAge: 60 })
    }
    await expect(withMaxAge({})).rejects.toMatchObject({ code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' })
    expect((await withMaxAge({ max_age: '60' })).claims()?.auth_time).toBeTypeOf('number')
  })

  it('takes ID tokens out of the fragment: code id_token', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    client.useCodeIdTokenResponseType(configuration)
    const tokens = await logIn(configuration)
    expect(tokens.claims()).toMatchObject({ iss: idp.issuer, aud: 'web' })
  })

  it('takes an ID token out of a form that the browser posts', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    client.useIdTokenResponseType(configuration)
    const { kept, parameters } = await request({ response_mode: 'form_post', scope: 'openid' })
    const url = client.buildAuthorizationUrl(configuration, parameters)
    const body = answerAt(await signIn(new Browser(idp.issuer), url.href))
    const { expectedState, expectedNonce } = kept
    const posted = () => new Request(CALLBACK, { method: 'POST', body: new URLSearchParams(body) })
    const claims = await client.implicitAuthentication(configuration, posted(), expectedNonce, {
      expectedState,
    })
    expect(claims).toMatchObject({ iss: idp.issuer, aud: 'web' })
    await expect(
      client.implicitAuthentication(configuration, posted(), 'another', { expectedState }),
    ).rejects.toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' })
  })

  it('sends its request as a signed object', async () => {
    const [key, other] = [await makeKey('ES256'), await makeKey('ES256')]
    await using idp = await start({ jwks: { keys: [key.jwk] }, request_object_signing_alg: 'ES256' })
    const configuration = await discover(idp.issuer)
    const { kept, parameters } = await request()
    const build = (signing: typeof key.privateKey) =>
      client.buildAuthorizationUrlWithJAR(configuration, parameters, signing)
    const url = await callback(await build(key.privateKey))
    expect((await client.authorizationCodeGrant(configuration, url, kept)).claims()?.aud).toBe('web')
    const refused = await signIn(new Browser(idp.issuer), (await build(other.privateKey)).href)
    expect(answerAt(refused).get('error')).toBe('invalid_request_object')
  })

  it('decrypts ID tokens and reads signed userinfo', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RSA-OAEP-256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), use: 'enc', alg: 'RSA-OAEP-256', kid: 'enc-1' }
    await using idp = await start({
      jwks: { keys: [jwk as never] },
      id_token_encrypted_response_alg: 'RSA-OAEP-256',
      id_token_encrypted_response_enc: 'A256GCM',
      userinfo_signed_response_alg: 'RS256',
    })
    const configuration = await discover(idp.issuer, { userinfo_signed_response_alg: 'RS256' })
    client.enableDecryptingResponses(configuration, ['A256GCM'], { key: privateKey, kid: 'enc-1' })
    client.enableNonRepudiationChecks(configuration)
    const tokens = await logIn(configuration)
    expect(tokens.id_token?.split('.')).toHaveLength(5)
    const sub = tokens.claims()?.sub ?? ''
    const told = await client.fetchUserInfo(configuration, tokens.access_token, sub)
    expect(told).toMatchObject({ sub, email: 'alice@example.test' })
  })

  it('signs the user out and gets them back', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer)
    const browser = new Browser(idp.issuer)
    const { id_token = '' } = await logIn(configuration, browser)
    const parameters = {
      id_token_hint: id_token,
      post_logout_redirect_uri: 'https://shop.example.test/bye',
      state: 'after',
    }
    const { left } = await browser.open(client.buildEndSessionUrl(configuration, parameters).href)
    expect(left?.href).toBe('https://shop.example.test/bye?state=after')
    const silent = await request({ prompt: 'none' })
    const { href } = client.buildAuthorizationUrl(configuration, silent.parameters)
    expect(answerAt(await browser.open(href)).get('error')).toBe('login_required')
  })
})
