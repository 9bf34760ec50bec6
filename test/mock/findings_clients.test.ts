/** Clients that do it right are found fault with in nothing: their libraries are the real ones. */
import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { Auth, type AuthConfig } from '@auth/core'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import { atLeast } from '../../src/findings/finding.ts'
import { browsersOf, listen, signInFrom } from '../support/application.ts'
import { makeKey } from '../support/assertion.ts'
import { answerAt, Browser, signIn } from '../support/browser.ts'
import { decide } from '../support/device.ts'
import { CALLBACK, startJudged } from '../support/judged.ts'

const BYE = 'https://shop.example.test/bye'
const insecure = { execute: [client.allowInsecureRequests] }
const WEB = {
  client_id: 'web',
  client_secret: 'a+secret/with%everything=in it',
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: [BYE],
}

const discover = (issuer: string, id: string, how: client.ClientAuth) =>
  client.discovery(new URL(issuer), id, undefined, how, insecure)

/** Signs a user in as the documentation of openid-client has it. */
async function logIn(configuration: client.Configuration, user: string, browser: Browser) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: CALLBACK,
    scope: 'openid email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  })
  const { left } = await signIn(browser, url.href, user)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce }
  return await client.authorizationCodeGrant(configuration, left ?? url, checks)
}

/** One visit of a user, from the login over a refresh to the logout. */
async function visit(configuration: client.Configuration, user: string): Promise<string | undefined> {
  const browser = new Browser(configuration.serverMetadata().issuer)
  const tokens = await logIn(configuration, user, browser)
  await client.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '')
  const fresh = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
  await client.tokenIntrospection(configuration, fresh.access_token)
  await client.tokenRevocation(configuration, fresh.refresh_token ?? '')
  const parameters = { post_logout_redirect_uri: BYE, state: client.randomState() }
  const out = client.buildEndSessionUrl(configuration, {
    ...parameters,
    id_token_hint: tokens.id_token ?? '',
  })
  return (await browser.open(out.href)).left?.href.replace(/\?.*/, '')
}

describe('openid-client', () => {
  const start = (clients: NonNullable<Parameters<typeof startJudged>[0]>['clients'] = [WEB]) =>
    startJudged({ clients, login: { mode: 'picker' } })

  it.each([client.ClientSecretBasic, client.ClientSecretPost])(
    'as a web application with many users at once: nothing (%o)',
    async (method) => {
      await using idp = await start()
      const configuration = await discover(idp.issuer, 'web', method(WEB.client_secret))
      const users = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? 'alice' : 'bob'))
      const outs = await Promise.all(users.map((user) => visit(configuration, user)))
      expect(new Set(outs)).toEqual(new Set([BYE]))
      expect(idp.findings()).toEqual([])
    },
  )

  it('for one user who comes back each hour, and whose tokens are refreshed: nothing', async () => {
    await using idp = await start()
    const configuration = await discover(idp.issuer, 'web', client.ClientSecretBasic(WEB.client_secret))
    const browser = new Browser(idp.issuer)
    let { refresh_token = '' } = await logIn(configuration, 'alice', browser)
    for (const _ of [1, 2, 3, 4]) {
      idp.advance(3601)
      ;({ refresh_token = '' } = await client.refreshTokenGrant(configuration, refresh_token))
    }
    await logIn(configuration, 'alice', browser)
    expect(idp.findings()).toEqual([])
  })

  it('with a private key: nothing', async () => {
    const { privateKey, jwk } = await makeKey()
    await using idp = await start([{ client_id: 'batch', jwks: { keys: [jwk] } }])
    const configuration = await discover(idp.issuer, 'batch', client.PrivateKeyJwt(privateKey))
    for (const _ of [1, 2])
      expect(await client.clientCredentialsGrant(configuration)).toHaveProperty('access_token')
    expect(idp.findings()).toEqual([])
  })

  it('on a device: nothing', async () => {
    const grant_types = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] as const
    await using idp = await start([{ client_id: 'tv', grant_types: [...grant_types] }])
    const configuration = await discover(idp.issuer, 'tv', client.None())
    const begun = await client.initiateDeviceAuthorization(configuration, { scope: 'openid' })
    await decide({ ...begun })
    expect(
      await client.pollDeviceAuthorizationGrant(configuration, { ...begun, interval: 0 }),
    ).toHaveProperty('access_token')
    expect(idp.findings()).toEqual([])
  })
})

describe('oauth4webapi in a page, with PKCE and without state', () => {
  it('nothing more than a word about that', async () => {
    await using idp = await startJudged({ clients: [{ client_id: 'spa', redirect_uris: [CALLBACK] }] })
    const issuer = new URL(idp.issuer)
    const options = { [oauth.allowInsecureRequests]: true, headers: { origin: 'https://shop.example.test' } }
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
    const spa = { client_id: 'spa', id_token_signed_response_alg: 'ES256' }
    const verifier = oauth.generateRandomCodeVerifier()
    const url = new URL(as.authorization_endpoint ?? '')
    url.search = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid email',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString()
    const preflight = { origin: 'https://shop.example.test', 'access-control-request-method': 'POST' }
    await fetch(as.token_endpoint ?? '', { method: 'OPTIONS', headers: preflight })
    const page = await signIn(new Browser(idp.issuer), url.href)
    const params = oauth.validateAuthResponse(as, spa, answerAt(page), oauth.expectNoState)
    const grant = [as, spa, oauth.None(), params, CALLBACK, verifier] as const
    const response = await oauth.authorizationCodeGrantRequest(...grant, options)
    const tokens = await oauth.processAuthorizationCodeResponse(as, spa, response)
    const told = await oauth.userInfoRequest(as, spa, tokens.access_token, options)
    expect(await oauth.processUserInfoResponse(as, spa, oauth.skipSubjectCheck, told)).toHaveProperty('sub')
    expect(idp.findings()).toMatchObject([{ id: 'state_left_out', severity: 'info' }])
  })
})

describe('@auth/core', () => {
  it('nothing that is more than information', async () => {
    await using app = await listen()
    const redirect_uris = [`${app.url}/auth/callback/idp`]
    const shop = { client_id: 'shop', client_secret: 's3cret', redirect_uris }
    await using idp = await startJudged({ clients: [{ ...shop, id_token: { scope_claims: true } }] })
    const provider = { id: 'idp', name: 'IdP', type: 'oidc', issuer: idp.issuer, clientId: 'shop' }
    const more = { clientSecret: 's3cret', client: { id_token_signed_response_alg: 'ES256' } }
    app.serve(application(app.url, { ...provider, ...more } as AuthConfig['providers'][number]))
    for (const _ of [1, 2, 3]) {
      const browsers = browsersOf(app, idp.issuer)
      const { csrfToken } = JSON.parse((await browsers.app.open(`${app.url}/auth/csrf`)).html)
      const form = { csrfToken, callbackUrl: `${app.url}/auth/session` }
      const away = await browsers.app.open(`${app.url}/auth/signin/idp`, form)
      expect((await signInFrom(away, browsers)).html).toContain('"expires"')
    }
    expect(idp.ids()).toEqual(['state_left_out'])
    expect(atLeast('warning', idp.findings())).toEqual([])
  })
})

/** The library behind Node's server, as a framework puts it there. */
function application(base: string, provider: AuthConfig['providers'][number]): RequestListener {
  const config = { basePath: '/auth', secret: 'of the application', trustHost: true, providers: [provider] }
  return async (incoming, outgoing) => {
    const { method = 'GET', url = '' } = incoming
    const body = method === 'POST' ? { body: await text(incoming) } : {}
    const headers = incoming.headers as Record<string, string>
    const response = await Auth(new Request(new URL(url, base), { method, headers, ...body }), config)
    outgoing.writeHead(response.status, [...response.headers].flat())
    outgoing.end(await response.text())
  }
}

describe('an API that verifies tokens with jose', () => {
  it('nothing, however many calls it has', async () => {
    await using idp = await startJudged()
    const issued = await idp.redeem(await idp.code())
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    for (let call = 0; call < 50; call += 1)
      await jwtVerify(String(issued.body['access_token']), keys, { issuer: idp.issuer })
    expect(idp.findings()).toEqual([])
  })
})
