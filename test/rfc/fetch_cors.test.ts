import { describe, expect, it } from 'vitest'
import golden from '../../fixtures/dialects/metadata.json' with { type: 'json' }
import { startIdp } from '../../src/index.ts'
import { type Answer, answerOf, basic, get, post } from '../support/http.ts'
import { parseRaw, sendRaw } from '../support/raw.ts'

const ORIGIN = 'http://localhost:3000'
const FROM = { origin: ORIGIN }
const OIDC = '/.well-known/openid-configuration'
const CLIENTS = [{ client_id: 'spa', client_secret: 's3cret' }]
const GRANT = { grant_type: 'client_credentials' }
const ME = basic('spa', 's3cret')
const TOO_LARGE = { ...GRANT, pad: 'x'.repeat(64 * 1024) }

const send = async (method: string, url: string, headers: Record<string, string> = {}) =>
  await answerOf(await fetch(url, { method, headers, redirect: 'manual' }))

const preflight = (url: string, method: string, more: Record<string, string> = {}) =>
  send('OPTIONS', url, { ...FROM, 'access-control-request-method': method, ...more })

const corsNames = ({ headers }: Answer) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

function expectShared({ headers }: Answer, origin = ORIGIN): void {
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  expect(headers.get('access-control-allow-credentials')).toBe('true')
  expect(headers.get('vary')).toBe('Origin')
}

const SHARED = [
  ['GET', OIDC],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['GET', '/jwks.json'],
  ['POST', '/token'],
  ['POST', '/introspect'],
  ['POST', '/revoke'],
  ['POST', '/register'],
  ['GET', '/userinfo'],
  ['POST', '/userinfo'],
] as const

const UNSHARED = ['/', '/authorize', '/login', '/consent', '/logout', '/logout/confirm', '/nothing'] as const

describe('Fetch §3.3.3 HTTP responses', () => {
  it.each(SHARED)('lets scripts of the asking origin see what %s %s answers', async (method, path) => {
    await using idp = await startIdp({ clients: CLIENTS })
    expectShared(await send(method, `${idp.issuer}${path}`, FROM))
  })

  it.each(SHARED)(
    'tells caches of %s %s that the answer depends on the origin, without one too',
    async (...at) => {
      await using idp = await startIdp({ clients: CLIENTS })
      const answer = await send(at[0], `${idp.issuer}${at[1]}`)
      expect(answer.headers.get('vary')).toBe('Origin')
      expect(corsNames(answer)).toEqual([])
    },
  )

  it.each(['null', 'http://127.0.0.1:5173', 'capacitor://localhost', 'chrome-extension://abc'])(
    'echoes the origin %s',
    async (origin) => {
      await using idp = await startIdp({ clients: CLIENTS })
      const answer = await post(`${idp.issuer}/token`, GRANT, { ...ME, origin })
      expect(answer.status).toBe(200)
      expectShared(answer, origin)
    },
  )

  it('lets a script read why it was refused, and what the copy it has is worth', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const { headers } = await send('GET', `${idp.issuer}/userinfo`, FROM)
    const exposed = headers.get('access-control-expose-headers')?.split(', ')
    expect(exposed).toEqual(
      expect.arrayContaining(['WWW-Authenticate', 'X-Mock-Reason', 'X-Mock-IdP', 'ETag']),
    )
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(headers.get('x-mock-reason')).toBe('token.missing')
  })

  it('is there on a document that has not changed', async () => {
    await using idp = await startIdp()
    const etag = (await get(`${idp.issuer}${OIDC}`)).headers.get('etag') ?? ''
    const answer = await get(`${idp.issuer}${OIDC}`, { ...FROM, 'if-none-match': etag })
    expect(answer.status).toBe(304)
    expectShared(answer)
  })

  it.each([
    ['a wrong secret', 401, '/token', { ...GRANT, client_id: 'spa', client_secret: 'wrong' }],
    ['a grant that is not there', 400, '/token', { grant_type: 'magic' }],
    ['broken percent-encoding', 400, '/token', 'grant_type=%E0%A4%A'],
    ['a body that is too large', 413, '/introspect', TOO_LARGE],
    ['another method', 405, '/jwks.json', GRANT],
  ] as const)('is there on the refusal of %s', async (_what, status, path, form) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await post(`${idp.issuer}${path}`, form, FROM)
    expect(answer).toMatchObject({ status, body: { error: expect.any(String) } })
    expectShared(answer)
  })

  it.each(['/there', '/there/', '/.well-known/openid-configuration/there', '/a/b'])(
    'is there where the configured issuer %s leads nowhere',
    async (path) => {
      await using idp = await startIdp({ tenants: { here: {} } })
      const answer = await get(`${idp.url}${path}${OIDC}`, FROM)
      expect(answer.status).toBe(404)
      expectShared(answer)
    },
  )

  it('is there on the refusal of a tenant that does not exist, and on the preflight before it', async () => {
    await using idp = await startIdp({ tenants: { here: { clients: CLIENTS } } })
    const asked = await preflight(`${idp.url}/there/token`, 'POST')
    expect(asked.status).toBe(204)
    expectShared(asked)
    const answer = await post(`${idp.url}/there/token`, GRANT, FROM)
    expect(answer).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
    expect(answer.headers.get('x-mock-reason')).toBe('tenant.unknown')
    expectShared(answer)
  })

  it.each(UNSHARED)('is never there at %s, which no script of another origin may see', async (path) => {
    await using idp = await startIdp({ clients: CLIENTS })
    for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
      expect(corsNames(await send(method, `${idp.issuer}${path}`, FROM)), method).toEqual([])
    }
    const asked = await preflight(`${idp.issuer}${path}`, 'POST', {
      'access-control-request-private-network': 'true',
    })
    expect(corsNames(asked)).toEqual([])
    expect([204, 404, 405]).toContain(asked.status)
  })

  it('is not there on probes', async () => {
    await using idp = await startIdp()
    for (const path of ['/healthz', '/readyz']) {
      const answer = await get(`${idp.url}${path}`, FROM)
      expect([answer.status, corsNames(answer)]).toEqual([200, []])
    }
  })
})

describe('Fetch §3.3.2 HTTP requests', () => {
  it.each([
    [OIDC, 'GET'],
    ['/jwks.json', 'GET'],
    ['/token', 'POST'],
    ['/introspect', 'POST'],
    ['/revoke', 'POST'],
    ['/userinfo', 'GET, POST'],
    ['/register', 'POST, GET, PUT, DELETE'],
  ])('answers a preflight at %s with the methods %s and no body', async (path, methods) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await preflight(`${idp.issuer}${path}`, methods.split(', ')[0] ?? '')
    expect([answer.status, answer.text]).toEqual([204, ''])
    expectShared(answer)
    expect(answer.headers.get('access-control-allow-methods')).toBe(methods)
    expect(answer.headers.get('access-control-max-age')).toBe('600')
    expect(answer.headers.has('access-control-allow-headers')).toBe(false)
    expect(answer.headers.has('access-control-allow-private-network')).toBe(false)
    expect(answer.headers.has('content-type')).toBe(false)
  })

  it.each([
    ['authorization', 'authorization'],
    ['authorization,content-type,x-client-sku', 'authorization, content-type, x-client-sku'],
    ['Authorization, DPoP', 'Authorization, DPoP'],
  ])('allows the headers %s', async (asked, allowed) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await preflight(`${idp.issuer}/token`, 'POST', { 'access-control-request-headers': asked })
    expect(answer.headers.get('access-control-allow-headers')).toBe(allowed)
  })

  it.each(['a b', 'authorization,', 'x-(y)', 'a\tb', '"x"'])(
    'allows no headers for the list %j',
    async (asked) => {
      await using idp = await startIdp({ clients: CLIENTS })
      const answer = await preflight(`${idp.issuer}/token`, 'POST', {
        'access-control-request-headers': asked,
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.has('access-control-allow-headers')).toBe(false)
    },
  )

  it('sends no Content-Length with 204, RFC 9110 §8.6', async () => {
    await using idp = await startIdp()
    const head = 'OPTIONS /token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: null\r\n'
    const text = await sendRaw(
      Number(new URL(idp.url).port),
      `${head}Access-Control-Request-Method: POST\r\n\r\n`,
    )
    expect(parseRaw(text)).toMatchObject({ status: 204, text: '' })
    expect(text).not.toMatch(/^(content-length|transfer-encoding):/im)
  })
})

describe('Private Network Access §3.1.1', () => {
  it('lets a public page reach the provider on this machine', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await preflight(`${idp.issuer}/token`, 'POST', {
      'access-control-request-private-network': 'true',
    })
    expect(answer.headers.get('access-control-allow-private-network')).toBe('true')
  })
})

describe('RFC 9110 §9.3.7 OPTIONS', () => {
  it.each([
    ['/', 'GET, HEAD, OPTIONS'],
    [OIDC, 'GET, HEAD, OPTIONS'],
    ['/token', 'POST, OPTIONS'],
    ['/userinfo', 'GET, POST, HEAD, OPTIONS'],
  ])('at %s tells %s', async (path, allow) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const answer = await send('OPTIONS', `${idp.issuer}${path}`)
    expect([answer.status, answer.text, answer.headers.get('allow')]).toEqual([204, '', allow])
  })

  it.each(['/nothing', '/there/token'])('finds nothing at %s', async (path) => {
    await using idp = await startIdp({ tenants: { here: {} } })
    expect((await send('OPTIONS', `${idp.url}${path}`)).status).toBe(404)
  })
})

describe('scripts of other origins', () => {
  const dialects = Object.keys(golden).map((dialect) => [dialect])

  it.each(dialects)('may call what %s advertises to clients, below a base path too', async (dialect) => {
    await using idp = await startIdp({
      server: { base_path: '/idp' },
      tenants: { spa: { dialect, clients: CLIENTS } },
    })
    const discovery = `${idp.issuerOf('spa')}${OIDC}`
    const { body } = await get(discovery)
    const advertised = ['jwks_uri', 'token_endpoint', 'userinfo_endpoint', 'revocation_endpoint']
    const urls = advertised.flatMap((member) => body[member] ?? []).map(String)
    expect(urls).toContain(body['token_endpoint'])
    for (const url of [discovery, ...urls]) {
      expectShared(await preflight(url, 'POST'))
      expectShared(await send('PUT', url, FROM))
    }
  })
})
