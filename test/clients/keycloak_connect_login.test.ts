import express from 'express'
import session from 'express-session'
import Keycloak from 'keycloak-connect'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { type Application, listen } from '../support/application.ts'
import { Browser, signIn } from '../support/browser.ts'

const startRealm = (dialect: string, app: string) =>
  startIdp({
    tenants: {
      demo: {
        dialect,
        resources: [{ identifier: 'web', roles: ['reader', 'writer'] }],
        users: [{ username: 'alice', roles: ['reader'] }],
        clients: [
          {
            client_id: 'web',
            client_secret: 's3cret',
            redirect_uris: [`${app}/orders?auth_callback=1`, `${app}/orders/new?auth_callback=1`],
            post_logout_redirect_uris: [`${app}/`],
            grant_types: ['authorization_code', 'refresh_token'],
          },
        ],
      },
    },
  } as ConfigInput)

interface Grant {
  readonly access_token: { content: { exp: number; preferred_username: string } }
}

/** An application whose pages the adapter protects; every visit to /stale begins with an access token that expired. */
function serveApp(application: Application, url: string) {
  const store = new session.MemoryStore()
  const config = {
    realm: 'demo',
    'auth-server-url': url,
    'ssl-required': 'none',
    resource: 'web',
    credentials: { secret: 's3cret' },
    'confidential-port': 0,
  }
  const keycloak = new Keycloak({ store }, config)
  const app = express()
  app.use(session({ secret: 'of the test', resave: false, saveUninitialized: true, store }))
  app.use(keycloak.middleware())
  const grantOf = (request: unknown) => (request as { kauth: { grant: Grant } }).kauth.grant
  app.get('/stale', async (request, response) => {
    const grant = grantOf(request)
    grant.access_token.content.exp = 1
    const fresh = await keycloak.grantManager.ensureFreshness(grant as never)
    response.json({ exp: (fresh as unknown as Grant).access_token.content.exp })
  })
  const who = (request: unknown) => ({ who: grantOf(request).access_token.content.preferred_username })
  app.get('/orders', keycloak.protect('reader'), (request, response) => void response.json(who(request)))
  app.get('/orders/new', keycloak.protect('writer'), (request, response) => void response.json(who(request)))
  application.serve(app)
}

describe.each([
  ['keycloak@26', ''],
  ['keycloak@16', '/auth'],
])('keycloak-connect against the dialect %s, for users', (dialect, prefix) => {
  it('signs a user in, refreshes, and signs out', async () => {
    await using application = await listen()
    const { url } = application
    await using idp = await startRealm(dialect, url)
    serveApp(application, `${idp.url}${prefix}`)
    const [own, provider] = [new Browser(url), new Browser(idp.url)]
    /** Between the two, as one browser would go. */
    const follow = async (at: string) => {
      const asked = await own.open(at)
      return asked.left === undefined ? asked : own.open((await signIn(provider, asked.left.href)).left!.href)
    }
    expect(JSON.parse((await follow(`${url}/orders`)).html)).toEqual({ who: 'alice' })
    const { exp } = JSON.parse((await own.open(`${url}/stale`)).html)
    expect(exp).toBeGreaterThan(1)
    expect((await follow(`${url}/orders/new`)).status).toBe(403)
    const { left } = await own.open(`${url}/logout`)
    expect((await provider.open(left!.href)).left?.href).toBe(`${url}/`)
    expect((await own.open(`${url}/orders`)).left?.href).toContain('/protocol/openid-connect/auth?')
  })
})
