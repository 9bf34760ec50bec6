import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { connect } from 'node:net'
import { hostname } from 'node:os'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { parseRaw, sendRaw } from '../support/raw.ts'
import { fetchWith, startSecure } from '../support/tls.ts'

const CLIENT = { client_id: 'orders', client_secret: 's3cret' }
const FORM = { grant_type: 'client_credentials', ...CLIENT }

const portOf = (url: string | undefined) => Number(new URL(url as string).port)

async function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ...options })
  await once(socket, 'secureConnect')
  return socket
}

describe('https', () => {
  it('is served beside http, with the same keys and the same issuer', async () => {
    await using secure = await startSecure({ clients: [CLIENT] })
    const path = '/.well-known/openid-configuration'
    const [plain, own] = await Promise.all([
      fetch(`${secure.idp.url}${path}`),
      secure.fetch(`${secure.httpsUrl}${path}`),
    ])
    const { issuer } = (await plain.json()) as { issuer: string }
    expect(await own.json()).toMatchObject({ issuer, token_endpoint: `${secure.httpsUrl}/token` })
    expect(issuer).toMatch(/^http:/)
    const body = new URLSearchParams(FORM)
    const answer = await secure.fetch(`${secure.httpsUrl}/token`, { method: 'POST', body })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ token_type: 'Bearer' })
  })

  it('is served alone where server.port is null, and is then the issuer', async () => {
    await using secure = await startSecure({ server: { port: null } })
    expect(secure.idp).toMatchObject({ url: secure.httpsUrl, issuer: secure.httpsUrl })
    expect(secure.httpsUrl).toMatch(/^https:\/\/localhost:\d+$/)
    expect((await secure.fetch(`${secure.httpsUrl}/healthz`)).status).toBe(200)
  })

  it('is not served without server.tls', async () => {
    await using idp = await startIdp()
    expect(idp).toMatchObject({ httpsUrl: undefined, caFile: undefined })
  })

  it('is at ::1 as well as at 127.0.0.1', async () => {
    await using secure = await startSecure()
    for (const address of ['127.0.0.1', '[::1]']) {
      expect((await secure.fetch(`https://${address}:${portOf(secure.httpsUrl)}/healthz`)).status).toBe(200)
    }
  })

  it('keeps a connection for the next request', async () => {
    await using secure = await startSecure()
    const agent = new Agent({ ca: secure.ca, keepAlive: true, maxSockets: 1 })
    const get = fetchWith({ agent })
    await (await get(`${secure.httpsUrl}/healthz`)).text()
    const sent = request(`${secure.httpsUrl}/healthz`, { agent }).end()
    const [answer] = await once(sent, 'response')
    answer.resume()
    expect(sent.reusedSocket).toBe(true)
    agent.destroy()
  })

  it('is refused to a client that does not trust the CA', async () => {
    await using secure = await startSecure()
    await expect(fetchWith({})(`${secure.httpsUrl}/healthz`)).rejects.toMatchObject({
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    })
  })

  it('speaks TLS 1.2 and 1.3, and HTTP/1.1 where a client would rather have HTTP/2', async () => {
    await using secure = await startSecure()
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await handshake(portOf(secure.httpsUrl), {
        ca: secure.ca,
        minVersion: version,
        maxVersion: version,
        ALPNProtocols: ['h2', 'http/1.1'],
      })
      expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([version, 'http/1.1'])
      socket.destroy()
    }
  })
})

describe('the certificate of https', () => {
  it('names this machine, and all that the configuration mentions', async () => {
    await using secure = await startSecure({
      server: {
        port: 0,
        public_url: 'https://login.example.test:8443/x',
        tls: { names: ['IdP.test', '*.apps.test', '192.0.2.7'] },
      },
      issuer: { url: 'https://[2001:db8::1]:8443' },
      dialect: 'entra',
      hosts: ['login.microsoftonline.com'],
    })
    const socket = await handshake(portOf(secure.httpsUrl), { ca: secure.ca })
    const names = socket.getPeerX509Certificate()?.subjectAltName?.split(', ') ?? []
    const dns = [
      'localhost',
      'host.docker.internal',
      hostname().toLowerCase(),
      'login.example.test',
      'idp.test',
      '*.apps.test',
      'login.microsoftonline.com',
    ]
    const ip = ['127.0.0.1', '0:0:0:0:0:0:0:1', '192.0.2.7', '2001:DB8:0:0:0:0:0:1']
    const expected = [...dns.map((name) => `DNS:${name}`), ...ip.map((name) => `IP Address:${name}`)]
    expect(names.toSorted()).toEqual(expected.toSorted())
    socket.destroy()
  })

  it.each(['localhost', 'host.docker.internal', 'idp.test', 'a.apps.test'])('fits %s', async (servername) => {
    await using secure = await startSecure({ server: { tls: { names: ['idp.test', '*.apps.test'] } } })
    const socket = await handshake(portOf(secure.httpsUrl), { ca: secure.ca, servername })
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })

  it('is for a server, for a year and a month, and of the CA that is sent along', async () => {
    await using secure = await startSecure()
    const socket = await handshake(portOf(secure.httpsUrl), { ca: secure.ca })
    const { valid_from, valid_to, ext_key_usage, ca, issuerCertificate } = socket.getPeerCertificate(true)
    expect({ ext_key_usage, ca }).toEqual({ ext_key_usage: ['1.3.6.1.5.5.7.3.1'], ca: false })
    const days = (Date.parse(valid_to) - Date.parse(valid_from)) / 86_400_000
    expect(days).toBe(397)
    expect(Date.parse(valid_from)).toBeLessThan(Date.now() - 80_000_000)
    expect(issuerCertificate.subject.CN).toMatch(/^IdP Double CA [0-9a-f]{8}$/)
    socket.destroy()
  })
})

describe('what is no TLS at the port of https', () => {
  it.each([
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'OPTIONS /token HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'CONNECT localhost:443 HTTP/1.1\r\n\r\n',
  ])('is told so where it is plain http: %j', async (text) => {
    await using secure = await startSecure()
    const answer = parseRaw(await sendRaw(portOf(secure.httpsUrl), text))
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-mock-idp')).toBe('idp-double')
    expect(answer.body.error_description).toMatch(/this port speaks https/)
  })

  it('ends a connection and nothing else where it is garbage', async () => {
    await using secure = await startSecure()
    const port = portOf(secure.httpsUrl)
    const hello = Buffer.from('16030100050102030405', 'hex')
    for (const bytes of [
      hello,
      Buffer.alloc(4096, 0xff),
      Buffer.from([0x80, 0x2e, 1]),
      Buffer.from('\r\n'),
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      const closed = once(socket, 'close')
      socket.end(bytes)
      socket.resume()
      await closed
    }
    expect((await secure.fetch(`${secure.httpsUrl}/healthz`)).status).toBe(200)
  })
})
