/** Who may drive the provider, and under which names; request by request, as a hostile page or a proxy would send them. */
import { hostname } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import type { Answer } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

type Headers = Record<string, string>

const portOf = ({ url }: Pick<StartedIdp, 'url'>) => Number(new URL(url).port)

function ask(idp: Pick<StartedIdp, 'url'>, headers: Headers, more: { path?: string; body?: string } = {}) {
  const { path = '/_mock/clock', body } = more
  const type = { 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { form: body, method: 'POST' }
  return requestAs({ port: portOf(idp), path, headers: { ...(body && type), ...headers }, ...sent })
}

async function statusOf(config: ConfigInput, headers: Headers): Promise<number> {
  await using idp = await startIdp(config)
  return (await ask(idp, headers)).status
}

function isGuarded({ headers }: Answer): void {
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('x-mock-idp')).toBe('idp-double')
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
}

describe('the control API: its host names', () => {
  const NAMED: ConfigInput = {
    issuer: { url: 'https://issuer.example.test' },
    server: { public_url: 'https://public.example.test', tls: { names: ['tls.example.test'] } },
    control: { hosts: ['Control.Example.test'] },
    tenants: { one: { dialect: 'entra', hosts: ['tenant.example.test'] } },
  }
  let here: StartedIdp
  let wide: StartedIdp
  let named: StartedIdp
  beforeAll(async () => {
    here = await startIdp()
    wide = await startIdp({ server: { host: '0.0.0.0' } })
    named = await startIdp(NAMED)
  })
  afterAll(() => Promise.all([here, wide, named].map((idp) => idp.stop())))

  it.each(['localhost', 'LOCALHOST:1', 'idp.localhost', '127.0.0.1', '127.8.8.8:80', '[::1]:8080'])(
    'are those of loopback: %s',
    async (host) => {
      const answer = await ask(here, { host })
      expect(answer.status).toBe(200)
      isGuarded(answer)
    },
  )

  it('are the name of the machine, and what containers call it', async () => {
    for (const host of [hostname(), 'host.docker.internal:8080', 'host.containers.internal'])
      expect((await ask(here, { host })).status).toBe(200)
  })

  it.each(['issuer', 'public', 'tls', 'control', 'tenant'])(
    'are those of the configuration: %s.example.test',
    async (name) => {
      expect((await ask(named, { host: `${name}.example.test:8443` })).status).toBe(200)
      expect((await ask(here, { host: `${name}.example.test:8443` })).status).toBe(421)
    },
  )

  it.each(['idp', 'idp_double:8080', '172.17.0.2:8080', '[fd00::2]'])(
    'are an address and a name of one word where more than this machine is served: %s',
    async (host) => {
      expect((await ask(wide, { host })).status).toBe(200)
      expect((await ask(here, { host })).status).toBe(421)
    },
  )

  it.each([
    ...['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', 'evillocalhost', 'localhost.', '0.0.0.0'],
    ...[
      '127.1',
      '127.0.0.1.',
      '2130706433',
      '0x7f000001',
      'internal',
      'x.internal.evil.test',
      'evilinternal',
      'x.internal.',
      '[::]',
      '[::ffff:127.0.0.1]',
      '10.0.0.1',
    ],
  ])('are no others: %s is 421, whatever is asked', async (host) => {
    for (const path of ['/_mock/clock', '/_mock/', '/_mock/ca.pem', '/_mock/nothing']) {
      const answer = await ask(here, { host }, { path })
      expect([path, answer.status]).toEqual([path, 421])
      isGuarded(answer)
    }
    const changed = await ask(here, { host }, { body: '{"advance":"1d"}' })
    expect(changed.body).toMatchObject({ status: 421, detail: expect.stringMatching(/control\.hosts/) })
  })

  it('are still the same where more is served: no name with a dot', async () => {
    for (const host of ['evil.test', 'localhost.evil.test', 'idp.evil'])
      expect((await ask(wide, { host })).status).toBe(421)
  })

  it('are what the page of a refusal leads to', async () => {
    const answer = await ask(here, { host: 'evil.test', accept: 'text/html' }, { path: '/_mock/' })
    expect(answer.status).toBe(421)
    expect(answer.text).toContain(`<a href="${here.url}/_mock/">`)
  })

  it('leave the endpoints of the tenants alone: clients may call them by any name', async () => {
    const path = '/.well-known/openid-configuration'
    expect((await ask(here, { host: 'evil.test' }, { path })).status).toBe(200)
  })
})

describe('the control API: pages of other sites', () => {
  let idp: StartedIdp
  let host: string
  beforeAll(async () => {
    idp = await startIdp()
    host = new URL(idp.url).host
  })
  afterAll(() => idp.stop())

  it.each([
    ['its own page', { origin: 'http://{host}', 'sec-fetch-site': 'same-origin' }],
    ['a person who typed the address', { 'sec-fetch-site': 'none' }],
    ['a program', {}],
  ])('lets %s change something', async (_, headers) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace('{host}', host)])
    expect((await ask(idp, { host, ...Object.fromEntries(sent) }, { body: '{"advance":0}' })).status).toBe(
      200,
    )
  })

  it.each<[string, Headers]>([
    ['another origin', { origin: 'https://evil.test' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['the same host at another port', { origin: 'http://localhost:1' }],
    ['the same host over https', { origin: 'https://{host}' }],
    ['another name of this machine', { origin: 'http://127.0.0.1:{port}' }],
    ['an origin that only begins so', { origin: 'http://{host}.evil.test' }],
    ['two origins', { origin: 'http://{host}, http://evil.test' }],
    ['an empty origin', { origin: '' }],
    ['an extension', { origin: 'chrome-extension://abcdefghijklmnop' }],
    ['another site that says no origin', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this host that says no origin', { 'sec-fetch-site': 'same-site' }],
    ['two answers to who asks', { 'sec-fetch-site': 'same-origin, cross-site' }],
    ['another site by a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('refuses %s with 403, to read as to write', async (_, headers) => {
    const { port } = new URL(idp.url)
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace('{host}', host).replace('{port}', port),
      ]),
    )
    const before = await ask(idp, {}, { body: '{"freeze":true}' })
    for (const body of [undefined, '{"advance":"1d"}']) {
      const answer = await ask(idp, { host, ...sent }, { ...(body && { body }) })
      expect(answer.status).toBe(403)
      isGuarded(answer)
    }
    expect((await ask(idp, {})).body).toEqual(before.body)
  })

  it('says what to do where a proxy ends TLS and is not trusted', async () => {
    const { body } = await ask(idp, { host: 'localhost', origin: 'https://localhost' })
    expect(body['detail']).toMatch(/set server\.trust_proxy: true/)
  })
})

describe('the control API behind a proxy', () => {
  const PROXIED: ConfigInput = {
    server: { trust_proxy: true },
    issuer: { url: 'https://idp.example.test' },
    tenants: { one: {} },
  }
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'idp.example.test' }
  const own = { origin: 'https://idp.example.test' }

  it('knows its page by the address that the browser has', async () => {
    expect(await statusOf(PROXIED, { host: '127.0.0.1:8080', ...forwarded, ...own })).toBe(200)
    expect(
      await statusOf(PROXIED, { host: '127.0.0.1:8080', ...forwarded, origin: 'http://idp.example.test' }),
    ).toBe(403)
  })

  it('believes no header of a page whose host name was made to mean this machine', async () => {
    const local = { 'x-forwarded-host': 'localhost' }
    expect(await statusOf(PROXIED, { host: 'evil.test', ...local })).toBe(421)
    expect(await statusOf(PROXIED, { host: 'evil.test', forwarded: 'host=localhost' })).toBe(421)
    expect(await statusOf(PROXIED, { host: 'localhost', 'x-forwarded-host': 'evil.test' })).toBe(421)
    expect(await statusOf({}, { host: 'evil.test', ...local })).toBe(421)
  })
})
