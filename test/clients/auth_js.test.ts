import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { Auth, type AuthConfig } from '@auth/core'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { type Application, browsersOf, listen, signInFrom } from '../support/application.ts'
import { Browser } from '../support/browser.ts'

const start = ({ url }: Application, scope_claims = false) =>
  startIdp({
    clients: [
      {
        client_id: 'shop',
        client_secret: 's3cret',
        redirect_uris: [`${url}/auth/callback/idp`],
        id_token: { scope_claims },
      },
    ],
    users: [{ username: 'alice', name: 'Alice Liddell', email: 'alice@example.test' }],
  })

/** The application's configuration of the library; it keeps what the library complains about. */
function configuration(issuer: string, { more, errors }: { more: object; errors: string[] }): AuthConfig {
  const provider = { id: 'idp', name: 'IdP', type: 'oidc', issuer, clientId: 'shop', clientSecret: 's3cret' }
  const complain = (error: Error) => void errors.push(inspect(error, { depth: 5 }))
  return {
    basePath: '/auth',
    secret: 'of the application itself',
    trustHost: true,
    providers: [{ ...provider, ...more } as AuthConfig['providers'][number]],
    logger: { error: complain, warn: () => undefined },
  }
}

/** Node's requests as the handler takes them, and its answers as Node sends them: a framework's part. */
function application({ url: base }: Application, config: AuthConfig): RequestListener {
  return async (incoming, outgoing) => {
    const { method = 'GET', url = '' } = incoming
    const headers = incoming.headers as Record<string, string>
    const body = method === 'POST' ? { body: await text(incoming) } : {}
    const response = await Auth(new Request(new URL(url, base), { method, headers, ...body }), config)
    outgoing.writeHead(response.status, [...response.headers].flat())
    outgoing.end(await response.text())
  }
}

/** The library in an application, and a user who presses the button of its sign-in page. */
async function pressSignIn(app: Application, issuer: string, more: object = {}) {
  const errors: string[] = []
  app.serve(application(app, configuration(issuer, { more, errors })))
  const browsers = browsersOf(app, issuer)
  const { csrfToken } = JSON.parse((await browsers.app.open(`${app.url}/auth/csrf`)).html)
  const form = { csrfToken, callbackUrl: `${app.url}/auth/session` }
  const away = await browsers.app.open(`${app.url}/auth/signin/idp`, form)
  return { away, browsers, errors }
}

describe('@auth/core', () => {
  // The library takes the profile out of the ID token, unless it is told otherwise.
  it.each([
    ['by code and PKCE', true, {}],
    ['with state and nonce too', true, { checks: ['pkce', 'state', 'nonce'] }],
    ['with the profile at userinfo', false, { idToken: false }],
  ])('signs a user in %s, and keeps the session', async (_how, scope_claims, more) => {
    await using app = await listen()
    await using idp = await start(app, scope_claims)
    const { away, browsers, errors } = await pressSignIn(app, idp.issuer, more)
    const page = await signInFrom(away, browsers)
    expect(errors).toEqual([])
    const user = { name: 'Alice Liddell', email: 'alice@example.test' }
    expect(JSON.parse(page.html)).toMatchObject({ user })
    const session = `${app.url}/auth/session`
    expect(JSON.parse((await browsers.app.open(session)).html)).toMatchObject({ user })
    expect(JSON.parse((await new Browser(app.url).open(session)).html)).toBeNull()
  })

  it.each([
    ['a client secret that is wrong', { clientSecret: 'wrong' }, 'Configuration', 'CallbackRouteError'],
    [
      'nobody signed in',
      { authorization: { params: { prompt: 'none' } } },
      'OAuthCallbackError',
      'OAuthCallbackError',
    ],
    [
      'an ID token of another algorithm',
      { client: { id_token_signed_response_alg: 'ES256' } },
      'Configuration',
      'unexpected JWT "alg" header parameter',
    ],
  ])('fails with %s', async (_what, more, shown, logged) => {
    await using app = await listen()
    await using idp = await start(app)
    const { away, browsers, errors } = await pressSignIn(app, idp.issuer, more)
    const page = await signInFrom(away, browsers)
    expect(page.url).toContain(`?error=${shown}`)
    expect(errors).toEqual([expect.stringContaining(logged)])
    expect(JSON.parse((await browsers.app.open(`${app.url}/auth/session`)).html)).toBeNull()
  })
})
