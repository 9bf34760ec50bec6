import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectIdp, startIdp } from '../../src/index.ts'
import { decode, requestToken } from '../support/http.ts'

const CONFIG = { clients: [{ client_id: 'orders', client_secret: 's3cret' }] }

/** A server of somebody else, who answers everything alike. */
async function stranger(status: number, type: string, body: string, headers = {}) {
  const server = createServer((_request, response) =>
    response.writeHead(status, { 'content-type': type, connection: 'close', ...headers }).end(body),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, [Symbol.asyncDispose]: stop }
}

describe('connectIdp', () => {
  it('takes the base URL as it is written: with a slash, a base path, or that of the control API', async () => {
    await using there = await startIdp({ ...CONFIG, server: { base_path: '/auth' } })
    for (const end of ['', '/', '/_mock', '/_mock/']) {
      await using idp = await connectIdp(`${there.url}${end}`)
      expect([idp.url, idp.issuer]).toEqual([there.url, there.issuer])
    }
  })

  it('gives all of what startIdp gives, and no more', async () => {
    await using there = await startIdp()
    await using idp = await connectIdp(there.url)
    const [one, two] = [await there.sandbox(), await idp.sandbox()]
    expect(Object.keys(idp).sort()).toEqual(Object.keys(there).sort())
    expect(Object.keys(two).sort()).toEqual([...Object.keys(idp), 'id'].sort())
    expect(Object.keys(one).sort()).toEqual(Object.keys(two).sort())
  })

  it('lets the provider go on when it stops', async () => {
    await using there = await startIdp(CONFIG)
    const idp = await connectIdp(there.url)
    await idp.stop()
    await idp.stop()
    await using again = await connectIdp(there.url)
    expect(await again.token({ client: 'orders' })).toMatch(/^ey/)
  })

  it('sends the token of a control API that wants one', async () => {
    await using there = await startIdp({ ...CONFIG, control: { token: 'of-the-control-api' } })
    await using idp = await connectIdp(there.url, { token: 'of-the-control-api' })
    expect(await idp.token({ client: 'orders' })).toMatch(/^ey/)
    await expect(connectIdp(there.url)).rejects.toThrow(
      /^control\.token is set: .*; connectIdp takes it as \{ token \}$/,
    )
    await expect(connectIdp(there.url, { token: 'another' })).rejects.toThrow(
      /^control\.token is set: .*; the token that connectIdp was given is another$/,
    )
  })

  it('sends through the fetch that it is given', async () => {
    await using there = await startIdp(CONFIG)
    const asked: string[] = []
    const own: typeof fetch = (...args) => {
      asked.push(String(args[0]))
      return fetch(...args)
    }
    await using idp = await connectIdp(there.url, { fetch: own })
    await idp.clock.advance('1m')
    expect(asked.at(-1)).toBe(`${there.url}/_mock/clock`)
  })

  it('has the CA of the provider in a file until it stops, and certificates for clients', async () => {
    await using there = await startIdp({ ...CONFIG, server: { tls: {} } })
    const idp = await connectIdp(there.url)
    const { caFile = '' } = idp
    expect(readFileSync(caFile, 'utf8')).toBe(readFileSync(there.caFile ?? '', 'utf8'))
    expect(idp.env('tls')['NODE_EXTRA_CA_CERTS']).toBe(caFile)
    expect(idp.httpsUrl).toBe(there.httpsUrl)
    const { cert, key } = await idp.clientCertificate('orders')
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true)
    await idp.stop()
    expect([existsSync(caFile), existsSync(there.caFile ?? '')]).toEqual([false, true])
  })

  it('comes by https with the file of a CA', async () => {
    await using there = await startIdp({ ...CONFIG, server: { port: null, tls: {} } })
    const { caFile = '' } = there
    await using idp = await connectIdp(there.url, { caFile })
    expect([idp.url, idp.httpsUrl, idp.caFile]).toEqual([there.url, there.url, caFile])
    expect(await idp.token({ client: 'orders' })).toMatch(/^ey/)
    await expect(connectIdp(there.url)).rejects.toThrow(/is its CA trusted where the URL is https/)
  })

  it('takes the file of a CA where the URL is one of http, for those who read it', async () => {
    await using there = await startIdp({ ...CONFIG, server: { tls: {} } })
    const { caFile = '' } = there
    await using idp = await connectIdp(there.url, { caFile })
    expect([idp.caFile, idp.env('tls')['SSL_CERT_FILE']]).toEqual([caFile, caFile])
    expect(await idp.token({ client: 'orders' })).toMatch(/^ey/)
  })

  it('drops no sandbox of a provider that is gone, and does not mind', async () => {
    const there = await startIdp(CONFIG)
    await using idp = await connectIdp(there.url)
    await using box = await idp.sandbox()
    await there.stop()
    await expect(box.requests()).rejects.toThrow(/^no provider answers at http/)
  })

  it('sees issuers that follow the caller, and sandboxes, where it came from', async () => {
    await using there = await startIdp({ ...CONFIG, issuer: { mode: 'request' } })
    const url = there.url.replace('localhost', '127.0.0.1')
    await using idp = await connectIdp(url)
    await using box = await idp.sandbox()
    expect([idp.url, idp.issuer, box.url, box.issuer]).toEqual([url, url, `${url}/${box.id}`, box.url])
    expect(decode(await idp.token({ client: 'orders' })).claims['iss']).toBe(url)
    expect(decode(await box.token({ client: 'orders' })).claims['iss']).toBe(box.issuer)
    expect(idp.env('generic')['OIDC_ISSUER']).toBe(url)
  })

  it('learns what changed through itself', async () => {
    await using there = await startIdp(CONFIG)
    await using idp = await connectIdp(there.url)
    await idp.clients.put({ client_id: 'new', client_secret: 'of new' })
    expect(idp.env('generic', { client: 'new' })).toEqual(there.env('generic', { client: 'new' }))
    expect(await requestToken(there.issuer, ['new', 'of new'])).toMatch(/^ey/)
  })
})

describe('connectIdp to what is no provider', () => {
  it.each([['localhost:8080'], ['/idp'], [''], [undefined as never], ['ftp://localhost/']])(
    'refuses %j with what it takes',
    async (url) => {
      await expect(connectIdp(url)).rejects.toThrow(/^connectIdp takes /)
      await expect(connectIdp(url)).rejects.toThrow(TypeError)
    },
  )

  it('says where nobody answers, and what to look at', async () => {
    const gone = await startIdp()
    await gone.stop()
    await expect(connectIdp(gone.url)).rejects.toThrow(
      new RegExp(`^no provider answers at ${gone.url}: .*ECONNREFUSED.*; is it started`),
    )
  })

  it('waits no longer than it is told for one that says nothing', async () => {
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(connectIdp(url, { timeout: 1 })).rejects.toThrow(
      `no provider answers at ${url}: nothing came within 1s`,
    )
    server.closeAllConnections()
    server.close()
  })

  it('waits longer where the call itself does', async () => {
    await using there = await startIdp(CONFIG)
    await using idp = await connectIdp(there.url, { timeout: 1 })
    await expect(idp.nextRequest({ endpoint: 'token' }, { timeout: '2s' })).rejects.toThrow(
      'no request with endpoint token came within 2s; none came at all',
    )
  })

  it('says where a redirect leads, and does not follow it', async () => {
    await using there = await startIdp(CONFIG)
    await using server = await stranger(307, 'text/html', '', { location: `${there.url}/_mock/provider` })
    await expect(connectIdp(server.url)).rejects.toThrow(
      `answered 307 and leads to ${there.url}/_mock/provider: connect to that URL`,
    )
  })

  it.each([
    ['/nowhere.pem', /^caFile \/nowhere\.pem cannot be read: ENOENT/],
    [join(import.meta.dirname, '../../package.json'), /package\.json has no certificate in PEM/],
  ])('refuses %s as the file of a CA', async (caFile, says) => {
    await expect(connectIdp('https://localhost:1', { caFile })).rejects.toThrow(says)
  })

  it('says so when a provider goes away', async () => {
    const there = await startIdp(CONFIG)
    const idp = await connectIdp(there.url)
    await there.stop()
    await expect(idp.token({ client: 'orders' })).rejects.toThrow(/^no provider answers at http/)
  })

  it.each([
    [404, 'text/html', '<h1>Not found</h1>'],
    [404, 'application/json', '{"error":"not_found"}'],
    [500, 'application/json', 'no JSON'],
    [200, 'text/html', '<h1>Welcome</h1>'],
    [200, 'application/json', '{}'],
    [200, 'application/json', 'no JSON'],
    [204, 'text/plain', ''],
  ])('says that %i as %s is nothing that IdP Double answers', async (status, type, body) => {
    await using server = await stranger(status, type, body)
    await expect(connectIdp(server.url)).rejects.toThrow(
      `GET ${server.url}/_mock/provider answered ${status}, and no IdP Double answers so`,
    )
  })

  it('says what may be the matter where the control API is switched off', async () => {
    await using there = await startIdp({ control: { enabled: false } })
    await expect(connectIdp(there.url)).rejects.toThrow(/is control\.enabled not false/)
  })
})
