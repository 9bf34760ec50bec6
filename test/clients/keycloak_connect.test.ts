import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Keycloak from 'keycloak-connect'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'

const start = (more: object = {}) =>
  startIdp({
    ...more,
    tenants: {
      demo: {
        dialect: 'keycloak@26',
        resources: [{ identifier: 'orders-api', roles: ['reader', 'writer'] }],
        clients: [
          { client_id: 'orders-api', client_secret: 's3cret', introspection: 'any' },
          {
            client_id: 'batch',
            client_secret: 'batch',
            audience: 'orders-api',
            roles: ['reader', 'offline'],
          },
        ],
      },
    },
  })

/** The adapter as its users configure it. */
function adapter(url: string, more: object = {}) {
  const config = {
    realm: 'demo',
    'auth-server-url': url,
    'ssl-required': 'none',
    resource: 'orders-api',
    credentials: { secret: 's3cret' },
    'verify-token-audience': true,
    'bearer-only': true,
    'confidential-port': 0,
    ...more,
  }
  return new Keycloak({}, config)
}

/** An API that the adapter protects. */
async function serveApi(keycloak: ReturnType<typeof adapter>, role?: string) {
  const app = express()
  app.use(keycloak.middleware())
  app.get('/orders', keycloak.protect(role), (_request, response) => void response.json({ orders: 1 }))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
  const close = () =>
    new Promise<void>((resolve) => server.close(() => resolve()) && server.closeAllConnections())
  return { url, [Symbol.asyncDispose]: close }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('keycloak-connect against the dialect keycloak@26', () => {
  it('lets a valid token in, and refuses others', async () => {
    await using idp = await start()
    await using api = await serveApi(adapter(idp.url))
    const statusOf = async (change: object) =>
      (await get(api.url, bearer(await idp.token({ client: 'batch', ...change })))).status
    expect((await get(api.url)).status).toBe(403)
    expect(await statusOf({})).toBe(200)
    expect(await statusOf({ lifetime: '-1m' })).toBe(403)
    expect(await statusOf({ audience: 'another-api' })).toBe(403)
    expect(await statusOf({ claims: { typ: 'ID' } })).toBe(403)
    expect(await statusOf({ claims: { iss: 'https://evil.example' } })).toBe(403)
    await using other = await start({ keys: [{ alg: 'RS256' }] })
    const foreign = await other.token({ client: 'batch', claims: { iss: idp.issuer } })
    expect((await get(api.url, bearer(foreign))).status).toBe(403)
  })

  it('finds the roles of the realm and of the API', async () => {
    await using idp = await start()
    for (const [role, status] of [
      ['reader', 200],
      ['writer', 403],
      ['realm:offline', 200],
      ['realm:reader', 403],
    ] as const) {
      await using api = await serveApi(adapter(idp.url), role)
      expect([role, (await get(api.url, bearer(await idp.token({ client: 'batch' })))).status]).toEqual([
        role,
        status,
      ])
    }
  })

  it('obtains a token for itself, which it accepts', async () => {
    await using idp = await start()
    const { grantManager } = adapter(idp.url, { 'bearer-only': false, 'verify-token-audience': false })
    const grant = await grantManager.obtainFromClientCredentials()
    expect(grant.access_token).toMatchObject({
      content: { iss: idp.issuer, azp: 'orders-api', typ: 'Bearer' },
    })
    const wrong = adapter(idp.url, { credentials: { secret: 'wrong' }, 'bearer-only': false })
    await expect(wrong.grantManager.obtainFromClientCredentials()).rejects.toThrow('401')
  })

  it('introspects, with its secret in the header and in the form at once, as Keycloak lets it', async () => {
    await using idp = await start()
    const { grantManager } = adapter(idp.url)
    const token = await idp.token({ client: 'batch' })
    expect(await grantManager.validateAccessToken(token)).toBe(token)
    expect(await grantManager.validateAccessToken(`${token}x`)).toBe(false)
    await idp.clock.advance('61m')
    expect(await grantManager.validateAccessToken(token)).toBe(false)
    const wrong = adapter(idp.url, { credentials: { secret: 'wrong' } })
    await expect(wrong.grantManager.validateAccessToken(token)).rejects.toThrow('401')
  })
})
