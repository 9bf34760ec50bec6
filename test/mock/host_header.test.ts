import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { parseRaw, sendRaw } from '../support/raw.ts'

const portOf = (url: string) => Number(new URL(url).port)
const TARGET = '/.well-known/openid-configuration'

const request = (target: string, ...fields: readonly string[]) =>
  [`GET ${target} HTTP/1.1`, ...fields, 'Connection: close', '', ''].join('\r\n')

describe('the Host header, RFC 9110 §7.2', () => {
  it.each([
    'localhost',
    'LOCALHOST:80',
    'idp.example:65535',
    'idp_1.internal',
    'idp.example.',
    '127.0.0.1:8080',
    '[::1]:8080',
    '[fe80::1]',
    'xn--bcher-kva.example',
  ])('may be %s', async (host) => {
    await using idp = await startIdp({ issuer: { mode: 'request' } })
    const answer = parseRaw(await sendRaw(portOf(idp.url), request(TARGET, `Host: ${host}`)))
    expect([answer.status, answer.body.issuer]).toEqual([200, `http://${host}`])
  })

  it.each([
    ['missing', request(TARGET)],
    ['empty', request(TARGET, 'Host:')],
    ['white space', request(TARGET, 'Host:   ')],
    ['sent twice', request(TARGET, 'Host: localhost', 'Host: localhost')],
    ['sent twice, with another', request(TARGET, 'Host: localhost', 'host: evil.example')],
    ['a list', request(TARGET, 'Host: localhost, evil.example')],
    ['with user info', request(TARGET, 'Host: a@evil.com')],
    ['with a path', request(TARGET, 'Host: localhost/evil')],
    ['with a query', request(TARGET, 'Host: localhost?x')],
    ['with a fragment', request(TARGET, 'Host: localhost#x')],
    ['with a scheme', request(TARGET, 'Host: http://localhost')],
    ['with a backslash', request(TARGET, 'Host: localhost\\evil')],
    ['with a port that is no number', request(TARGET, 'Host: localhost:http')],
    ['with a port that is too large', request(TARGET, 'Host: localhost:65536')],
    ['with a port of five nines', request(TARGET, 'Host: localhost:99999')],
    ['with a negative port', request(TARGET, 'Host: localhost:-1')],
    ['with a colon and no port', request(TARGET, 'Host: localhost:')],
    ['with two ports', request(TARGET, 'Host: localhost:80:80')],
    ['an IPv4 address that is none', request(TARGET, 'Host: 256.256.256.256')],
    ['a number that is no address', request(TARGET, 'Host: 1.2.3.4.5')],
    ['an IPv6 address that is none', request(TARGET, 'Host: [::::]')],
    ['an IPv6 address without its end', request(TARGET, 'Host: [::1')],
    ['brackets with a dot', request(TARGET, 'Host: [.]')],
    ['a broken internationalised name', request(TARGET, 'Host: xn--')],
    ['a name outside ASCII', request(TARGET, 'Host: bücher.example')],
    ['a name with %00', request(TARGET, 'Host: localhost%00')],
    ['a name of quotes', request(TARGET, 'Host: "localhost"')],
    ['a name of a tag', request(TARGET, 'Host: <script>')],
    ['missing, by HTTP/1.0', request(TARGET).replace('HTTP/1.1', 'HTTP/1.0')],
    ['right, but the target is absolute', request(`http://evil.example${TARGET}`, 'Host: localhost')],
    ['right, but the target is *', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ])('is refused with 400 and JSON when it is %s', async (_what, text) => {
    for (const mode of ['fixed', 'request'] as const) {
      await using idp = await startIdp({ issuer: { mode } })
      const answer = parseRaw(await sendRaw(portOf(idp.url), text))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
      expect(answer.text).not.toContain('"issuer"')
    }
  })

  it('is refused at each endpoint, and at the health checks', async () => {
    await using idp = await startIdp()
    for (const target of ['/token', '/jwks.json', '/healthz', '/readyz', '/nowhere']) {
      const answer = parseRaw(await sendRaw(portOf(idp.url), request(target, 'Host: a@evil.com')))
      expect([target, answer.status, answer.body.error]).toEqual([target, 400, 'invalid_request'])
    }
  })
})
