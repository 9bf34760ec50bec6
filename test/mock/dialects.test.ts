import { describe, expect, it } from 'vitest'
import golden from '../../fixtures/dialects/metadata.json' with { type: 'json' }
import { startIdp } from '../../src/index.ts'
import { names } from '../../src/names.ts'
import { type Answer, basic, get, post } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'
import { bearer, claimsOf } from '../support/token.ts'

type DialectName = keyof typeof golden
const DIALECTS = Object.keys(golden) as DialectName[]

const API = 'https://api.example'
const CREDENTIALS = ['orders', 's3cret'] as const
const client = { client_id: CREDENTIALS[0], client_secret: CREDENTIALS[1] }

/** Discovery stands under the issuer, for each face of a provider. */
const FACES: Partial<Record<DialectName, readonly string[]>> = { entra: ['/v2.0', ''] }
const facesOf = (dialect: DialectName) => FACES[dialect] ?? ['']

/** What names the audience to a token endpoint. */
function audienceForm(url: unknown): Record<string, string> {
  const form = { grant_type: 'client_credentials' }
  if (String(url).endsWith('/oauth2/v2.0/token')) return { ...form, scope: `${API}/.default` }
  return String(url).endsWith('/oauth2/token') ? { ...form, resource: API } : { ...form, audience: API }
}

/** Issuers of the configuration below, one for each dialect; each of its tenants is named like its dialect. */
function startAll(more: { roles?: string[]; scope?: string } = {}) {
  const resources = [{ identifier: API, roles: ['reader'] }]
  const clients = [{ ...client, ...more }]
  const tenants = DIALECTS.map((dialect) => [dialect.replace('@', '-'), { dialect, resources, clients }])
  return startIdp({ tenants: Object.fromEntries(tenants) })
}
type Idp = Awaited<ReturnType<typeof startAll>>

function mountOf(idp: Idp, dialect: DialectName): string {
  return idp.issuerOf(dialect.replace('@', '-')).replace(/\/v2\.0$/, '')
}

async function discover(idp: Idp, dialect: DialectName, face = facesOf(dialect)[0]) {
  const { body } = await get(`${mountOf(idp, dialect)}${face}/.well-known/openid-configuration`)
  // Trivore does not tell where it introspects.
  const introspection = body['introspection_endpoint'] ?? body['token_introspection_endpoint']
  const trivore = `${mountOf(idp, dialect)}/openid/introspect`
  return { ...body, introspection: dialect === 'trivore' ? trivore : introspection } as Record<
    string,
    unknown
  >
}

/** Every answer that a client can get of a tenant: documents, tokens, introspection, userinfo. */
async function answersOf(idp: Idp, dialect: DialectName): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const face of facesOf(dialect)) {
    const { token_endpoint, jwks_uri, userinfo_endpoint, introspection } = await discover(idp, dialect, face)
    answers.push(await get(`${mountOf(idp, dialect)}${face}/.well-known/openid-configuration`))
    answers.push(await get(String(jwks_uri)))
    for (const form of [audienceForm(token_endpoint), { grant_type: 'client_credentials' }]) {
      const issued = await post(String(token_endpoint), form, basic(...CREDENTIALS))
      answers.push(issued)
      if (issued.status !== 200) continue
      const token = String(issued.body['access_token'])
      if (token.includes('.')) answers.push({ ...issued, body: claimsOf(issued) })
      answers.push(await get(String(userinfo_endpoint), bearer(token)))
      if (introspection !== undefined)
        answers.push(await post(String(introspection), { token }, basic(...CREDENTIALS)))
    }
  }
  return answers
}

/** Every member of a JSON value with the path to it. */
function members(value: unknown, path = ''): [path: string, value: unknown][] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, part]) => [
    [`${path}/${name}`, part],
    ...members(part, `${path}/${name}`),
  ])
}

const isEmpty = (value: unknown) =>
  value !== null && typeof value === 'object' && Object.keys(value).length === 0

describe('the dialects', () => {
  it('are all held by this test', () => {
    expect(names.dialects.toSorted()).toEqual(DIALECTS.toSorted())
  })

  it.each(DIALECTS)('%s shows exactly the metadata members that it did', async (dialect) => {
    await using idp = await startAll()
    for (const face of facesOf(dialect)) {
      const { body } = await get(`${mountOf(idp, dialect)}${face}/.well-known/openid-configuration`)
      expect(Object.keys(body)).toEqual((golden[dialect] as Record<string, string[]>)[face])
      // Entra has one userinfo endpoint for all tenants of v2.
      const shared = (name: string) => dialect === 'entra' && name === 'userinfo_endpoint'
      for (const [name, url] of Object.entries(body))
        if (/_endpoint$|_uri$/.test(name)) expect(url).toMatch(shared(name) ? idp.url : mountOf(idp, dialect))
    }
  })

  it.each(DIALECTS)(
    '%s never shows an empty list, an empty object or a private member of a key',
    async (dialect) => {
      for (const more of [{}, { roles: ['batch'] }, { roles: ['reader'], scope: 'email' }]) {
        await using idp = await startAll(more)
        for (const { body, status } of await answersOf(idp, dialect)) {
          const found = members(body)
          const empty = found.filter(([, value]) => isEmpty(value)).map(([path]) => path)
          // REQUIRED by RFC 8414 §2, though nothing leaves an authorization endpoint.
          expect(empty.filter((path) => path !== '/response_types_supported')).toEqual([])
          expect(found.filter(([path]) => /^\/keys\/\d+\/(d|p|q|dp|dq|qi|oth|k)$/.test(path))).toEqual([])
          expect(status).toBeLessThan(500)
        }
      }
    },
  )

  it.each(DIALECTS)('%s keeps its tokens to its own tenant, though the key is shared', async (dialect) => {
    await using idp = await startIdp({
      tenants: {
        one: { dialect, clients: [{ ...client, introspection: 'any' }] },
        two: { dialect, clients: [{ ...client, introspection: 'any' }] },
      },
    })
    const token = await idp.token({ client: 'orders', tenant: 'one' })
    const [own, other] = await Promise.all(
      ['one', 'two'].map((tenant) => userinfo(idp.issuerOf(tenant), token)),
    )
    expect([own?.status, other?.status]).toEqual([200, 401])
    const active = await Promise.all(['one', 'two'].map((tenant) => introspect(idp.issuerOf(tenant), token)))
    expect(active).toEqual(dialect === 'entra' ? [undefined, undefined] : [true, false])
  })
})

const USERINFO = ['/userinfo', '/openid/userinfo', '/oidc/userinfo', '/protocol/openid-connect/userinfo']
const INTROSPECTION = ['/introspect', '/openid/introspect', '/protocol/openid-connect/token/introspect']

async function userinfo(issuer: string, token: string): Promise<Answer | undefined> {
  const mount = issuer.replace(/\/v2\.0$/, '')
  const answers = await Promise.all(USERINFO.map((path) => get(`${mount}${path}`, bearer(token))))
  return answers.find(({ status }) => status !== 404)
}

async function introspect(issuer: string, token: string): Promise<unknown> {
  const ask = (path: string) => post(`${issuer}${path}`, { token }, basic(...CREDENTIALS))
  const answers = await Promise.all(INTROSPECTION.map(ask))
  return answers.find(({ status }) => status === 200)?.body['active']
}

describe('tenants by Host name', () => {
  const form = 'grant_type=client_credentials&client_id=orders&client_secret=s3cret'

  it('are the root of it, several beside each other', async () => {
    await using idp = await startIdp({
      dialect: 'trivore',
      tenants: {
        hsl: { hosts: ['id.hsl.test'], clients: [client] },
        plain: { dialect: 'standard', hosts: ['idp.test'], clients: [client] },
      },
    })
    const port = Number(new URL(idp.url).port)
    const hsl = { port, headers: { host: 'id.hsl.test' } }
    const { body } = await requestAs({ ...hsl, path: '/.well-known/openid-configuration' })
    expect(body).toMatchObject({
      issuer: 'http://id.hsl.test',
      token_endpoint: 'http://id.hsl.test/openid/token',
    })
    const opaque = await requestAs({ ...hsl, path: '/openid/token', form })
    expect(opaque.body).toMatchObject({ expires_in: 604799 })

    const plain = { port, headers: { host: `IDP.test:${port}` } }
    const jwt = await requestAs({ ...plain, path: '/token', form })
    expect(claimsOf(jwt)).toMatchObject({ iss: `http://IDP.test:${port}` })
    expect((await requestAs({ ...plain, path: '/openid/token', form })).status).toBe(404)
    expect((await requestAs({ port, headers: { host: 'localhost' }, path: '/token', form })).status).toBe(404)
  })

  it('do not take the tokens of each other, whose keys and paths are the same', async () => {
    await using idp = await startIdp({
      issuer: { mode: 'request' },
      tenants: {
        one: { hosts: ['one.test', 'uno.test'], clients: [client] },
        two: { hosts: ['two.test'], clients: [client] },
      },
    })
    const port = Number(new URL(idp.url).port)
    const at = (host: string, path: string, sent: string) =>
      requestAs({ port, path, headers: { host }, form: sent })
    const { body } = await at('one.test', '/token', form)
    const ask = `token=${String(body['access_token'])}&client_id=orders&client_secret=s3cret`
    expect((await at('uno.test', '/introspect', ask)).body).toMatchObject({ active: true })
    expect((await at('two.test', '/introspect', ask)).body).toEqual({ active: false })
  })

  it.each([
    ['any host', 'login.contoso.example', 'http://login.contoso.example'],
    ['a host of Microsoft', 'login.microsoftonline.com', 'https://login.microsoftonline.com'],
  ])('of Entra keep their path, and their issuer is at %s', async (_what, host, origin) => {
    const id = '5b0d9b1e-3c11-4222-8333-44445555abcd'
    await using idp = await startIdp({
      dialect: 'entra',
      tenants: { contoso: { id, hosts: [host], clients: [client] } },
    })
    const port = Number(new URL(idp.url).port)
    const path = `/${id}/v2.0/.well-known/openid-configuration`
    const { body } = await requestAs({ port, headers: { host }, path })
    expect(body).toMatchObject({
      issuer: `${origin}/${id}/v2.0`,
      token_endpoint: `http://${host}/${id}/oauth2/v2.0/token`,
    })
  })
})
