import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, type StartedIdp, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { CONTOSO } from '../support/entra_cloud.ts'
import { get, post } from '../support/http.ts'

const APP = 'c11e0000-0000-4000-8000-000000000001'
const SECRET = 's3cret-of-the-application'
const client = {
  client_id: APP,
  client_secret: SECRET,
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: ['https://app.example.test/bye'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

interface Row {
  readonly config: ConfigInput
  readonly id: RegExp
  /** Below the base URL: where the discovery document stands, and the issuer. */
  readonly at: (id: string) => string
  readonly issuer?: (id: string) => string
  readonly introspection?: (id: string) => string
  /** What a client has to say that wants a token for itself. */
  readonly asks?: Readonly<Record<string, string>>
}

const plain = { id: /^sandbox-[0-9a-z]{12}$/, at: (id: string) => `/${id}` }
const realm = (dialect: string, prefix = ''): Row => ({
  ...plain,
  config: { dialect, id: 'shop' } as ConfigInput,
  at: (id) => `${prefix}/realms/${id}`,
  introspection: (id) => `${prefix}/realms/${id}/protocol/openid-connect/token/introspect`,
})
const v2 = { scope: 'https://graph.microsoft.com/.default' }
const flow = { dialect: 'entra', id: CONTOSO, entra: { policies: ['B2C_1_in'] } } as ConfigInput

const ROWS: Readonly<Record<string, Row>> = {
  standard: { ...plain, config: {}, introspection: (id) => `/${id}/introspect` },
  'keycloak@26': realm('keycloak@26'),
  'keycloak@16': realm('keycloak@16', '/auth'),
  'keycloak@9': realm('keycloak@9', '/auth'),
  buypass: realm('buypass', '/auth'),
  trivore: { ...plain, config: { dialect: 'trivore' }, introspection: (id) => `/${id}/openid/introspect` },
  'entra, v2': {
    id: GUID,
    config: { dialect: 'entra', id: CONTOSO } as ConfigInput,
    at: (id) => `/${id}/v2.0`,
    asks: v2,
  },
  'entra, v1': {
    id: GUID,
    config: { dialect: 'entra', id: CONTOSO } as ConfigInput,
    at: (id) => `/${id}`,
    issuer: (id) => `/${id}/`,
    asks: { resource: 'https://graph.microsoft.com' },
  },
  'a user flow of B2C': {
    id: GUID,
    config: flow,
    at: (id) => `/${id}/b2c_1_in/v2.0`,
    issuer: (id) => `/${id}/v2.0/`,
    asks: v2,
  },
}

const start = (config: ConfigInput) =>
  startIdp({ ...config, clients: [client], users: [{ username: 'alice', name: 'Alice' }] } as ConfigInput)

function claimsVerified(token: unknown, app: DiscoveringClient, audience: string) {
  const keys = createRemoteJWKSet(new URL(app.url('jwks_uri')))
  return jwtVerify(String(token), keys, { issuer: String(app.metadata['issuer']), audience })
}

describe.each(Object.entries(ROWS))('a sandbox of %s', (_name, row) => {
  const open = async (idp: StartedIdp) => {
    const box = await idp.sandbox({ users: [{ username: 'carol', name: 'Carol' }] })
    const app = await DiscoveringClient.at(`${idp.url}${row.at(box.id)}`, APP, SECRET)
    return { box, app }
  }

  it('stands where a tenant of its dialect stands, under an id of the same kind', async () => {
    await using idp = await start(row.config)
    const { box, app } = await open(idp)
    expect(box.id).toMatch(row.id)
    expect(app.metadata['issuer']).toBe(`${idp.url}${(row.issuer ?? row.at)(box.id)}`)
    const { body } = await get(app.url('jwks_uri'))
    expect(body['keys']).toHaveLength(1)
    // Graph's is on a host of its own.
    const urls = Object.entries(app.metadata).filter(([name]) => /(?<!userinfo)_endpoint$/.test(name))
    for (const [name, url] of urls) expect(url, name).toContain(`/${box.id}`)
  })

  it('signs users in, of the configuration and of its own, and out again', async () => {
    await using idp = await start(row.config)
    const { box, app } = await open(idp)
    const { code } = await app.authorize({ scope: 'openid profile offline_access' }, 'carol')
    const { body } = await app.redeem(code)
    const { payload } = await claimsVerified(body['id_token'], app, APP)
    expect((await box.requests({ endpoint: 'token' })).at(-1)?.user).toBe('carol')
    const refreshed = await app.refresh(body['refresh_token'])
    expect(refreshed.status).toBe(200)
    if (row.introspection !== undefined)
      expect((await app.userinfo(refreshed.body['access_token'])).body['sub']).toBe(payload.sub)
    const out = `${app.url('end_session_endpoint')}?${new URLSearchParams({
      id_token_hint: String(body['id_token']),
      post_logout_redirect_uri: client.post_logout_redirect_uris[0] as string,
      client_id: APP,
    })}`
    const left = await app.browser.open(out)
    const gone = left.left === undefined ? await app.browser.submit(left, {}) : left
    expect(gone.left?.href ?? gone.html).toContain(client.post_logout_redirect_uris[0])
    const again = await app.browser.open(app.request({ prompt: 'none' }))
    expect(again.left?.searchParams.get('error')).toBe('login_required')
  })

  it('gives clients tokens of their own, which it knows again', async () => {
    await using idp = await start(row.config)
    const { box, app } = await open(idp)
    const { body, text } = await app.token({ grant_type: 'client_credentials', ...row.asks })
    expect(body['access_token'], text).toBeDefined()
    if (row.introspection === undefined) return
    const credentials = { client_id: APP, client_secret: SECRET }
    const introspect = (path: string) =>
      post(`${idp.url}${path}`, { ...credentials, token: String(body['access_token']) })
    expect((await introspect(row.introspection(box.id))).body['active']).toBe(true)
  })
})
