import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { decode, get, requestToken } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

const OIDC = '/.well-known/openid-configuration'
const CLIENTS = [{ client_id: 'orders', client_secret: 's3cret', introspection: 'any' as const }]
const FORM = 'grant_type=client_credentials&client_id=orders&client_secret=s3cret'

const portOf = (url: string) => Number(new URL(url).port)

/** Discovery and a token, as a caller sees them who reaches the listener under this host name. */
async function seenAs(host: string, port: number, path = '') {
  const discovery = (await requestAs({ port, path: `${path}${OIDC}`, headers: { host } })).body
  const { body } = await requestAs({ port, path: `${path}/token`, headers: { host }, form: FORM })
  return { discovery, token: String(body.access_token), iss: decode(String(body.access_token)).claims.iss }
}

describe('issuer.mode fixed', () => {
  it('keeps the issuer for every caller and lets back-channel endpoints follow each one', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const port = portOf(idp.url)
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `idp:${port}`,
      'IDP.Example',
      `[::1]:${port}`,
    ]) {
      const { discovery, iss } = await seenAs(host, port)
      expect([discovery.issuer, iss]).toEqual([idp.issuer, idp.issuer])
      expect(discovery).toMatchObject({
        token_endpoint: `http://${host}/token`,
        jwks_uri: `http://${host}/jwks.json`,
        introspection_endpoint: `http://${host}/introspect`,
        service_documentation: `${idp.issuer}/`,
      })
    }
  })

  it('takes a token that was issued at one host at every other', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const port = portOf(idp.url)
    const { token } = await seenAs('idp.internal:8080', port)
    const form = `token=${token}&client_id=orders&client_secret=s3cret`
    const headers = { host: 'localhost' }
    const { body } = await requestAs({ port, path: '/introspect', headers, form })
    expect(body.active).toBe(true)
  })
})

describe('issuer.mode request', () => {
  it('lets the issuer follow each caller too', async () => {
    await using idp = await startIdp({ issuer: { mode: 'request' }, clients: CLIENTS })
    const port = portOf(idp.url)
    for (const host of [`localhost:${port}`, `idp:${port}`, 'idp.example', '10.0.0.7:80', `[::1]:${port}`]) {
      const { discovery, iss } = await seenAs(host, port)
      expect([discovery.issuer, iss]).toEqual([`http://${host}`, `http://${host}`])
      expect(discovery.token_endpoint).toBe(`http://${host}/token`)
    }
  })

  it('takes a token that was issued at one host at every other', async () => {
    await using idp = await startIdp({ issuer: { mode: 'request' }, clients: CLIENTS })
    const port = portOf(idp.url)
    const { token, iss } = await seenAs('idp.internal:8080', port)
    expect(iss).toBe('http://idp.internal:8080')
    const form = `token=${token}&client_id=orders&client_secret=s3cret`
    const headers = { host: 'localhost' }
    const { body } = await requestAs({ port, path: '/introspect', headers, form })
    expect(body).toMatchObject({ active: true, iss })
  })

  it('does not take a token of another tenant, whatever its host', async () => {
    await using idp = await startIdp({
      issuer: { mode: 'request' },
      tenants: { one: { clients: CLIENTS }, two: { clients: CLIENTS } },
    })
    const port = portOf(idp.url)
    const { token } = await seenAs('idp.internal', port, '/one')
    const form = `token=${token}&client_id=orders&client_secret=s3cret`
    const activeAt = async (path: string) =>
      (await requestAs({ port, path, headers: { host: 'idp.internal' }, form })).body.active
    expect([await activeAt('/one/introspect'), await activeAt('/two/introspect')]).toEqual([true, false])
  })

  it('shows browsers what public_url says', async () => {
    const server = { public_url: 'https://login.example.test' }
    await using idp = await startIdp({ issuer: { mode: 'request' }, server, clients: CLIENTS })
    const { discovery } = await seenAs('idp:80', portOf(idp.url))
    expect(discovery).toMatchObject({
      issuer: 'http://idp:80',
      service_documentation: 'https://login.example.test/',
    })
  })
})

describe('public_url, base_path and the path of the issuer', () => {
  it.each([
    ['https://login.example.test', 'https://login.example.test/auth/'],
    ['https://login.example.test/sso', 'https://login.example.test/sso/'],
  ])('puts browser endpoints below %s', async (public_url, documentation) => {
    await using idp = await startIdp({ server: { base_path: '/auth', public_url } })
    const { body } = await get(`${idp.issuer}${OIDC}`)
    expect(body).toMatchObject({
      issuer: idp.issuer,
      service_documentation: documentation,
      token_endpoint: `${idp.issuer}/token`,
    })
  })

  it('puts everything below base_path', async () => {
    await using idp = await startIdp({ server: { base_path: '/auth' }, clients: CLIENTS })
    const { origin } = new URL(idp.url)
    expect(idp.issuer).toBe(`${origin}/auth`)
    expect((await get(`${idp.issuer}/jwks.json`)).status).toBe(200)
    expect((await get(`${idp.issuer}/healthz`)).status).toBe(200)
    expect((await get(`${origin}/jwks.json`)).status).toBe(404)
    expect((await get(`${idp.issuer}/`)).text).toContain(`issuer     ${idp.issuer}`)
  })

  it('answers with the path of the issuer and without, for a proxy may cut it off', async () => {
    const issuer = 'https://login.example.test/realms/demo'
    await using idp = await startIdp({ issuer: { url: issuer }, clients: CLIENTS })
    const port = portOf(idp.url)
    for (const path of ['/realms/demo', '']) {
      const { discovery, iss } = await seenAs('login.example.test', port, path)
      expect([discovery.issuer, iss]).toEqual([issuer, issuer])
      expect(discovery.token_endpoint).toBe(`${issuer}/token`)
      const inside = await seenAs('idp:8080', port, path)
      expect([inside.discovery.issuer, inside.iss]).toEqual([issuer, issuer])
      expect(inside.discovery.token_endpoint).toBe(`http://idp:8080${path}/token`)
    }
  })

  it('puts tenants below the issuer, with and without its slash', async () => {
    for (const slash of ['', '/']) {
      await using idp = await startIdp({
        issuer: { url: `https://login.example.test/auth${slash}` },
        tenants: { acme: { clients: CLIENTS } },
      })
      expect(idp.issuerOf('acme')).toBe('https://login.example.test/auth/acme')
      const { discovery, iss } = await seenAs('login.example.test', portOf(idp.url), '/auth/acme')
      expect([discovery.issuer, iss]).toEqual([idp.issuerOf('acme'), idp.issuerOf('acme')])
      expect(discovery.token_endpoint).toBe('https://login.example.test/auth/acme/token')
    }
  })
})

describe('trust_proxy', () => {
  const CASES: [string, Record<string, string>, string][] = [
    [
      'X-Forwarded-Proto and -Host',
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'login.test' },
      'https://login.test',
    ],
    ['a host with a port', { 'x-forwarded-host': 'login.test:8443' }, 'http://login.test:8443'],
    [
      'X-Forwarded-Prefix',
      { 'x-forwarded-host': 'login.test', 'x-forwarded-prefix': '/sso' },
      'http://login.test/sso',
    ],
    [
      'a chain of proxies',
      { 'x-forwarded-host': 'login.test, inner', 'x-forwarded-proto': 'https, http' },
      'https://login.test',
    ],
    ['Forwarded', { forwarded: 'for=10.0.0.1;proto=https;host=login.test' }, 'https://login.test'],
    [
      'Forwarded, quoted',
      { forwarded: 'host="login.test:8443"; proto=https, for=inner' },
      'https://login.test:8443',
    ],
    ['a scheme in upper case', { forwarded: 'host=login.test;proto=HTTPS' }, 'https://login.test'],
    [
      'a prefix that is no path',
      { 'x-forwarded-host': 'login.test', 'x-forwarded-prefix': '//evil"' },
      'http://login.test',
    ],
  ]

  it.each(CASES)('follows %s when it is on', async (_what, headers, base) => {
    await using idp = await startIdp({ server: { trust_proxy: true }, issuer: { mode: 'request' } })
    const port = portOf(idp.url)
    const { body } = await requestAs({ port, path: OIDC, headers: { host: 'inner', ...headers } })
    expect([body.issuer, body.token_endpoint]).toEqual([base, `${base}/token`])
  })

  it.each(CASES)('takes no notice of %s when it is off', async (_what, headers) => {
    await using idp = await startIdp({ issuer: { mode: 'request' } })
    const port = portOf(idp.url)
    const { body } = await requestAs({ port, path: OIDC, headers: { host: 'inner', ...headers } })
    expect([body.issuer, body.token_endpoint]).toEqual(['http://inner', 'http://inner/token'])
  })

  it.each([
    [{ 'x-forwarded-host': 'a@evil.example' }],
    [{ 'x-forwarded-host': 'evil.example/path' }],
    [{ 'x-forwarded-proto': 'javascript' }],
    [{ forwarded: 'host="evil.example?x"' }],
    [{ 'x-forwarded-host': 'a:99999' }],
  ])('refuses %j with 400 when it is on', async (headers) => {
    await using idp = await startIdp({ server: { trust_proxy: true }, issuer: { mode: 'request' } })
    const port = portOf(idp.url)
    const answer = await requestAs({
      port,
      path: OIDC,
      headers: { host: 'inner', ...headers } as Record<string, string>,
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

describe('the listener', () => {
  it('answers at 127.0.0.1 and at ::1, on one port', async () => {
    await using idp = await startIdp()
    const port = portOf(idp.url)
    const hasIpv6 = Object.values(networkInterfaces())
      .flat()
      .some((each) => each?.address === '::1')
    for (const address of hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']) {
      const { body } = await requestAs({ port, path: OIDC, headers: { host: 'localhost' }, address })
      expect(body.issuer).toBe(idp.issuer)
    }
  })

  it('shows an IPv6 address in brackets', async () => {
    const hasIpv6 = Object.values(networkInterfaces())
      .flat()
      .some((each) => each?.address === '::1')
    await using idp = await startIdp({ server: { host: hasIpv6 ? '::1' : '127.0.0.1' }, clients: CLIENTS })
    expect(idp.issuer).toMatch(hasIpv6 ? /^http:\/\/\[::1\]:\d+$/ : /^http:\/\/localhost:\d+$/)
    expect(decode(await requestToken(idp.issuer, ['orders', 's3cret'])).claims.iss).toBe(idp.issuer)
  })

  it('calls a wildcard address localhost', async () => {
    await using idp = await startIdp({ server: { host: '0.0.0.0' } })
    expect(idp.issuer).toMatch(/^http:\/\/localhost:\d+$/)
    expect((await get(`${idp.issuer.replace('localhost', '127.0.0.1')}${OIDC}`)).status).toBe(200)
  })
})
