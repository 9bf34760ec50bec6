import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { answerOf, basic, get, post } from '../support/http.ts'
import { parseRaw, sendRaw } from '../support/raw.ts'

const CLIENTS = [{ client_id: 'orders', client_secret: 's3cret' }]
const ME = basic('orders', 's3cret')
const GRANT = 'grant_type=client_credentials'
const MOST = 64 * 1024

const portOf = (url: string) => Number(new URL(url).port)

const ENDPOINTS = {
  '/.well-known/openid-configuration': ['GET'],
  '/.well-known/oauth-authorization-server': ['GET'],
  '/jwks.json': ['GET'],
  '/token': ['POST'],
  '/introspect': ['POST'],
  '/revoke': ['POST'],
  '/userinfo': ['GET', 'POST'],
  '/': ['GET'],
}

describe('the size of a request', () => {
  it.each([
    [MOST - 1, 200],
    [MOST, 200],
    [MOST + 1, 413],
    [MOST * 20, 413],
  ])('%d bytes of body are answered with %d', async (size, status) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const body = `${GRANT}&pad=`.padEnd(size, 'x')
    const answer = await post(`${idp.issuer}/token`, body, ME)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
    if (status === 413) expect(answer.body).toMatchObject({ error: 'invalid_request' })
  })

  it('is counted also where the body comes in chunks', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const head = 'POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n'
    const type = 'Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n'
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const answer = parseRaw(await sendRaw(portOf(idp.url), `${head}${type}${chunk.repeat(5)}0\r\n\r\n`))
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } })
  })

  it.each([
    [199, 200],
    [200, 400],
  ])('%d parameters beside the grant are answered with %d', async (count, status) => {
    await using idp = await startIdp({ clients: CLIENTS })
    const more = Array.from({ length: count }, (_, index) => `&p${index}=x`).join('')
    expect((await post(`${idp.issuer}/token`, `${GRANT}${more}`, ME)).status).toBe(status)
    const query = await get(`${idp.issuer}/jwks.json?a=b${more}`)
    expect(query.status).toBe(status)
    if (status === 400) expect(query.body).toMatchObject({ error: 'invalid_request' })
  })

  it('is refused with 431 and JSON where the headers are too large', async () => {
    await using idp = await startIdp()
    const text = `GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`
    const answer = parseRaw(await sendRaw(portOf(idp.url), text))
    expect(answer).toMatchObject({ status: 431, body: { error: 'invalid_request' } })
    expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
  })

  it('is refused where the target is too long', async () => {
    await using idp = await startIdp()
    const text = `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    expect(parseRaw(await sendRaw(portOf(idp.url), text)).status).toBe(431)
  })
})

describe('a request that cannot be read', () => {
  it.each(['%', '%zz', '%E0%A4', 'a=%ff', '%ED%A0%80=x', `scope=${'%C3'}`])(
    'is refused with invalid_request: %s',
    async (text) => {
      await using idp = await startIdp({ clients: CLIENTS })
      const inBody = await post(`${idp.issuer}/token`, `${GRANT}&${text}`, ME)
      expect(inBody).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      const inQuery = await get(`${idp.issuer}/jwks.json?${text}`)
      expect(inQuery).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(inQuery.headers.get('x-mock-idp')).toBe('idp-double')
    },
  )

  it.each(['{', '[1,', 'null', '7', '"x"', '[]', '{"grant_type":{"a":1}}', `${'['.repeat(20_000)}`])(
    'is refused with invalid_request and not with a failure: JSON %s',
    async (text) => {
      for (const strictness of ['strict', 'lax'] as const) {
        await using idp = await startIdp({ strictness, clients: CLIENTS })
        const type = { 'content-type': 'application/json' }
        const answer = await post(`${idp.issuer}/token`, text, { ...ME, ...type })
        expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      }
    },
  )

  it.each([
    '/%zz',
    '/%',
    '/%ff',
    '/%00',
    '/..%2f..%2fetc',
    '//evil.example/token',
    '/token/',
    '/TOKEN',
    '/token;x=1',
  ])('is answered with 404 and JSON where the path is %s', async (path) => {
    for (const options of [{}, { tenants: { acme: {} } }]) {
      await using idp = await startIdp(options)
      const text = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
      const answer = parseRaw(await sendRaw(portOf(idp.url), text))
      expect(answer).toMatchObject({ status: 404, body: { error: 'invalid_request' } })
      expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
    }
  })

  it.each([
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n',
    'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000',
  ])('is answered with 400 where it is no HTTP: %j', async (text) => {
    await using idp = await startIdp()
    const answer = parseRaw(await sendRaw(portOf(idp.url), text))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
  })

  it('harms nobody where it ends half-way', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const half = `POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ngrant`
    await new Promise<void>((resolve, reject) => {
      const socket = connect(portOf(idp.url), '127.0.0.1', () => socket.write(half, () => socket.destroy()))
      socket.on('close', () => resolve()).on('error', reject)
    })
    expect((await post(`${idp.issuer}/token`, GRANT, ME)).status).toBe(200)
  })
})

describe('methods', () => {
  it.each(Object.entries(ENDPOINTS))('of %s are %j and no others', async (path, methods) => {
    await using idp = await startIdp()
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const answer = await answerOf(await fetch(`${idp.issuer}${path}`, { method }))
      expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
      if (methods.includes(method)) expect([405, 404, 500], method).not.toContain(answer.status)
      else expect([answer.status, answer.headers.get('allow')]).toEqual([405, methods.join(', ')])
    }
  })

  it.each(Object.entries(ENDPOINTS))(
    'with HEAD %s answers as with GET, without a body',
    async (path, methods) => {
      await using idp = await startIdp()
      const url = `${idp.issuer}${path}`
      const [head, got] = [await fetch(url, { method: 'HEAD' }), await fetch(url)]
      expect([head.status, await head.text()]).toEqual([got.status, ''])
      expect(head.status).toBe(methods.includes('GET') ? (path === '/userinfo' ? 401 : 200) : 405)
      expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
    },
  )
})

describe('a connection', () => {
  it('is used again after a refused request', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    const send = (form: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { ...ME, 'content-type': 'application/x-www-form-urlencoded' }
        const request = httpRequest(`${idp.issuer}/token`, { method: 'POST', agent, headers }, (response) => {
          ports.add(response.socket.localPort)
          response.resume().on('end', () => resolve(response.statusCode))
        })
        request.on('error', reject).end(form)
      })
    const forms = ['grant_type=x', GRANT, 'a=%zz', GRANT, `${GRANT}&scope=a"b`, GRANT]
    const statuses = []
    for (const form of forms) statuses.push(await send(form))
    agent.destroy()
    expect(statuses).toEqual([400, 200, 400, 200, 400, 200])
    expect(ports.size).toBe(1)
  })

  it('is closed where a body was refused before its end, and a new one is served', async () => {
    await using idp = await startIdp({ clients: CLIENTS })
    const head = `POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${MOST * 100}\r\n\r\n`
    const answer = parseRaw(await sendRaw(portOf(idp.url), `${head}${'x'.repeat(MOST * 2)}`))
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } })
    expect(answer.headers.get('connection')).toBe('close')
    expect((await post(`${idp.issuer}/token`, GRANT, ME)).status).toBe(200)
  })

  it('carries several requests one after the other, each with its own answer', async () => {
    await using idp = await startIdp()
    const one = (path: string, last = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${last}\r\n`
    const text = `${one('/healthz')}${one('/nowhere')}${one('/readyz', 'Connection: close\r\n')}`
    const statuses = (await sendRaw(portOf(idp.url), text)).match(/(?<=HTTP\/1\.1 )\d+/g)
    expect(statuses?.slice(0, 2)).toEqual(['200', '404'])
    expect(statuses).toHaveLength(3)
  })
})
