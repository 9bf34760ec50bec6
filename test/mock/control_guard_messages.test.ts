/** What the control API takes for a call: read strictly, or refused without any of it done. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StartedIdp, startIdp } from '../../src/index.ts'
import { parseRaw, requestAs, sendRaw } from '../support/raw.ts'

const JSON_TYPE = 'application/json'

let idp: StartedIdp
let port: number
beforeEach(async () => {
  idp = await startIdp({ users: [{ username: 'alice' }] })
  port = Number(new URL(idp.url).port)
  await post('/clock', '{"freeze":true}')
})
afterEach(() => idp.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  requestAs({ port, path: `/_mock${path}`, headers })
const post = (path: string, form: string, type: string = JSON_TYPE) =>
  requestAs({ port, path: `/_mock${path}`, form, headers: { 'content-type': type } })
const state = async () => [(await get('/clock')).text, (await get('/users')).text]

describe('the body of a call', () => {
  it.each(['application/json', 'APPLICATION/JSON', 'application/json; charset=utf-8'])(
    'is JSON: %s',
    async (type) => {
      expect((await post('/clock', '{"advance":1}', type)).status).toBe(200)
    },
  )

  it.each([
    ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json'],
    ...['', 'application/json, text/plain', 'text/plain; application/json', 'application/jsonx'],
  ])('is nothing that a form or a script could send without being asked: %s is 415', async (type) => {
    const before = await state()
    for (const path of ['/clock', '/reset', '/nothing'])
      expect((await post(path, '{"advance":"1d"}', type)).status).toBe(415)
    expect(await state()).toEqual(before)
  })

  it('has a type: without one it is 415', async () => {
    const raw =
      'POST /_mock/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{"advance":1}'
    expect(parseRaw(await sendRaw(port, raw))).toMatchObject({ status: 415, body: { status: 415 } })
  })

  it('has 256 KiB at most, and the connection stays usable below that', async () => {
    const body = (bytes: number) => `{"advance":"${' '.repeat(bytes - 14)}"}`
    expect((await post('/clock', body(256 * 1024))).status).toBe(422)
    const refused = await post('/clock', body(256 * 1024 + 1))
    expect([refused.status, refused.headers.get('connection')]).toEqual([413, 'close'])
  })

  it('that is refused half-way is not read to its end, and the connection is closed', async () => {
    const head = (host: string) =>
      `POST /_mock/clock HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 999999\r\n\r\n`
    const large = parseRaw(await sendRaw(port, `${head('localhost')}${'x'.repeat(256 * 1024 + 1)}`))
    expect([large.status, large.headers.get('connection')]).toEqual([413, 'close'])
    const foreign = parseRaw(await sendRaw(port, `${head('evil.test')}{`))
    expect([foreign.status, foreign.headers.get('connection')]).toEqual([421, 'close'])
  })

  it.each([
    ['32 levels', `{"x":${'['.repeat(31)}${']'.repeat(31)}}`, 422],
    ['33 levels', `{"x":${'['.repeat(33)}${']'.repeat(33)}}`, 400],
    ['100,000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['a key that reaches a prototype', '{"advance":"1d","__proto__":{"x":1}}', 400],
    ['one that does so further down', '{"advance":"1d","x":[{"constructor":{}}]}', 400],
    ['what is no JSON', '{"advance":"1d"', 400],
    ['a comment', '{"advance":"1d"} // one day', 400],
    ['a byte order mark', '\ufeff{"advance":"1d"}', 400],
    ['a list', '["advance"]', 422],
    ['null', 'null', 422],
    ['nothing', '', 400],
  ])('is refused with %s', async (_, body, status) => {
    const before = await state()
    expect((await post('/clock', body)).status).toBe(status)
    expect(await state()).toEqual(before)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('is UTF-8 as it is, not compressed', async () => {
    const send = (bytes: Buffer, more = '') =>
      sendRaw(
        port,
        Buffer.concat([
          Buffer.from(
            `POST /_mock/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\n${more}Content-Length: ${bytes.length}\r\n\r\n`,
          ),
          bytes,
        ]),
      )
    expect(parseRaw(await send(Buffer.from('7b22ff223a317d', 'hex'))).status).toBe(400)
    expect(parseRaw(await send(Buffer.from('{"advance":1}'), 'Content-Encoding: gzip\r\n')).status).toBe(415)
  })
})

describe('the query and the path of a call', () => {
  it.each([
    ['a parameter that comes twice', '/users?tenant=default&tenant=other'],
    ['one that is named twice in two spellings', '/users?tenant=default&%74enant=default'],
    ['one without a value, which was to be something', '/users?tenant='],
    ['one without even that', '/users?tenant'],
    ['one that it does not know', '/users?tenants=default'],
    ['broken percent-encoding', '/users?tenant=%ff'],
    ['half of it', '/users?tenant=%2'],
    ['broken percent-encoding in the path', '/users/%c0%af'],
    ['more than 200', `/users?${'a=1&'.repeat(200)}b=1`],
    ['a name that reaches a prototype', '/users?__proto__=x'],
  ])('are refused with 400 for %s', async (_, path) => {
    const { status, headers } = await get(path)
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  })

  it('are below /_mock itself, not below what begins so', async () => {
    for (const path of [
      '/_mockery/clock',
      '/_mock.json',
      '//_mock/clock',
      '/%5fmock/clock',
      '/_MOCK/clock',
    ]) {
      const { status, headers } = await requestAs({ port, path, headers: {} })
      expect([path, status, headers.get('cross-origin-resource-policy')]).toEqual([path, 404, null])
    }
  })

  it('are not made another path', async () => {
    for (const path of ['/users/../clock', '//clock', '/clock/', '/CLOCK', '/%63lock', '/clock%2f'])
      expect([path, (await get(path)).status]).toEqual([path, 404])
  })
})

describe('the method of a call', () => {
  it('may be HEAD where GET is', async () => {
    const answer = await requestAs({ port, path: '/_mock/users', method: 'HEAD', headers: {} })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  it('is the one of the request line, whatever a header says', async () => {
    const before = await state()
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method'])
      expect((await get('/users/alice', { [name]: 'DELETE' })).status).toBe(200)
    expect(await state()).toEqual(before)
  })

  it.each(['OPTIONS', 'TRACE', 'PUT', 'PROPFIND'])('is not %s where it is GET and POST', async (method) => {
    const answer = await requestAs({ port, path: '/_mock/clock', method, headers: {} })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD'])
  })

  it('is not allowed to any other origin by a preflight', async () => {
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    for (const origin of ['https://evil.test', 'null', `http://localhost:${port}`]) {
      const headers = {
        host: `localhost:${port}`,
        origin,
        ...asked,
        'access-control-request-private-network': 'true',
      }
      const answer = await requestAs({ port, path: '/_mock/clock', method: 'OPTIONS', headers })
      expect(answer.status).toBe(origin.includes('localhost') ? 405 : 403)
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('another protocol', () => {
  const upgrade = (protocol: string, more = '') =>
    `GET /_mock/clock HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n${more}\r\n`

  it('is not WebSocket, and the socket does not hang', async () => {
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'
    expect(parseRaw(await sendRaw(port, upgrade('websocket', key))).status).toBe(400)
    const foreign = upgrade('WebSocket', `${key}Origin: https://evil.test\r\n`)
    expect(parseRaw(await sendRaw(port, foreign)).status).toBe(403)
  })

  it('may be offered by clients that offer HTTP/2 to everyone', async () => {
    const answer = parseRaw(await sendRaw(port, upgrade('h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__\r\n')))
    expect(answer.status).toBe(200)
  })

  it('is no tunnel', async () => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write('CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n')
    await once(socket.resume(), 'close')
  })
})
