import { createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound, isForbidden, OutboundError } from '../../src/outbound.ts'

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server on a free port of 127.0.0.1, and what it was asked. */
async function serve() {
  const requests: string[] = []
  const server = createServer(({ url = '' }, response) => {
    requests.push(url)
    response.end('{"keys":[]}')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, origin: `http://127.0.0.1:${port}`, requests }
}

const allow = (origin: string) => {
  const origins = new Set([origin])
  return () => origins
}

describe('the origin of a URL', () => {
  // PORT is that of a server on 127.0.0.1, whose origin is the only one that is allowed.
  it.each([
    ['http://127.0.0.1:PORT', true],
    ['http://127.0.0.1:PORT/a/../b?c=d#e', true],
    ['HTTP://127.0.0.1:PORT/', true],
    ['  http://127.0.0.1:PORT/\n', true],
    ['http:127.0.0.1:PORT/', true],
    ['http:\\\\127.0.0.1:PORT\\a', true],
    ['http://2130706433:PORT/', true],
    ['http://0x7f000001:PORT/', true],
    ['http://0177.0.0.1:PORT/', true],
    ['http://127.1:PORT/', true],
    ['http://127.0.0.1.:PORT/', true],
    ['http://①27.0.0.1:PORT/', true],
    ['http://127。0。0。1:PORT/', true],
    ['http://127.0.0.1/', false],
    ['http://127.0.0.1:1/', false],
    ['http://127.0.0.2:PORT/', false],
    ['http://localhost:PORT/', false],
    ['http://[::ffff:127.0.0.1]:PORT/', false],
    ['http://[::1]:PORT/', false],
    ['http://127.0.0.1.example.com:PORT/', false],
    ['http://127.0.0.1:PORT@example.com/', false],
    ['http://example.com#@127.0.0.1:PORT/', false],
    ['http://example.com\\@127.0.0.1:PORT/', false],
    ['http://user@127.0.0.1:PORT/', false],
    ['http://:secret@127.0.0.1:PORT/', false],
    ['http://example.com@127.0.0.1:PORT/', false],
    ['https://127.0.0.1:PORT/', false],
    ['blob:http://127.0.0.1:PORT/x', false],
    ['file:///etc/passwd', false],
    ['data:application/json,{}', false],
    ['ftp://127.0.0.1:PORT/', false],
    ['ws://127.0.0.1:PORT/', false],
    ['//127.0.0.1:PORT/', false],
    ['http://127.0.0.1:PORT:80/', false],
    ['http://256.0.0.1:PORT/', false],
    ['', false],
  ])('%s: %s', async (url, fetched) => {
    const { origin, port, requests } = await serve()
    const fetching = createOutbound(allow(origin)).fetchText(url.replace('PORT', String(port)))
    if (fetched) expect(await fetching).toBe('{"keys":[]}')
    else await expect(fetching).rejects.toBeInstanceOf(OutboundError)
    expect(requests).toHaveLength(fetched ? 1 : 0)
  })

  it.each([
    ['http://Example.COM:80/jwks', 'http://example.com'],
    ['https://EXAMPLE.com:443/jwks', 'https://example.com'],
    ['http://bücher.example/jwks', 'http://xn--bcher-kva.example'],
  ])('is compared as URLs are, not as text: %s', async (url, origin) => {
    const refuse: LookupFunction = (_host, _options, done) => done(new Error('looked up'), '', 4)
    await expect(createOutbound(allow(origin), { lookup: refuse }).fetchText(url)).rejects.toThrow(
      'looked up',
    )
  })

  it.each([
    'http://example.com./jwks',
    'http://sub.example.com/jwks',
    'http://example.com.evil.example/jwks',
  ])('is not that of another name: %s', async (url) => {
    const fetching = createOutbound(allow('http://example.com')).fetchText(url)
    await expect(fetching).rejects.toThrow('is not the origin of a configured URL')
  })

  it('does not show the credentials of a URL that it refuses', async () => {
    const fetching = createOutbound(allow('http://127.0.0.1:1')).fetchText('http://me:s3cret@127.0.0.1:1/')
    await expect(fetching).rejects.toThrow('http://127.0.0.1:1: credentials in a URL are refused')
    await expect(fetching).rejects.not.toThrow('s3cret')
  })
})

describe('addresses that nothing is fetched from', () => {
  it.each([
    ['169.254.169.254', true],
    ['169.254.0.0', true],
    ['169.254.255.255', true],
    ['169.254.170.2', true],
    ['169.253.255.255', false],
    ['169.255.0.0', false],
    ['::ffff:169.254.169.254', true],
    ['::FFFF:169.254.169.254', true],
    ['::ffff:a9fe:a9fe', true],
    ['0:0:0:0:0:ffff:a9fe:a9fe', true],
    ['::ffff:127.0.0.1', false],
    ['::169.254.169.254', true],
    ['64:ff9b::169.254.169.254', true],
    ['64:ff9b::7f00:1', false],
    ['2002:a9fe:a9fe::1', true],
    ['fe80::1', true],
    ['FE80::1', true],
    ['fe80::1%eth0', true],
    ['febf::1', true],
    ['fec0::1', false],
    ['fd00:ec2::254', true],
    ['fd00:ec2:0::254', true],
    ['fd20:ce::254', true],
    ['fd00::1', false],
    ['100.100.100.200', true],
    ['::ffff:100.100.100.200', true],
    ['168.63.129.16', true],
    ['100.100.100.201', false],
    ['127.0.0.1', false],
    ['0.0.0.0', false],
    ['::1', false],
    ['10.0.0.1', false],
    ['192.168.1.1', false],
    ['8.8.8.8', false],
    ['localhost', false],
    ['', false],
  ])('%s: %s', (address, forbidden) => {
    expect(isForbidden(address)).toBe(forbidden)
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://0xa9.254.0251.254/',
    'http://169.254.43518/',
    'http://169.254.169.254./',
    'http://①⑥⑨.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'https://169.254.169.254/',
    'http://100.100.100.200:8080/',
  ])('are refused before anything connects, though they are configured: %s', async (url) => {
    const outbound = createOutbound(allow(new URL(url).origin))
    // Connecting would not be refused at once: nobody answers there.
    const fetching = outbound.fetchText(url)
    await expect(fetching).rejects.toThrow('link-local and metadata addresses are refused')
    await expect(fetching).rejects.not.toHaveProperty('cause.code')
  })

  it.each(['http', 'https'])('are refused when a name turns out to be one of them: %s', async (scheme) => {
    const server = await serve()
    const answers = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1', '169.254.169.254'], ['fe80::1']]
    for (const answer of answers) {
      const addresses = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      const lookup: LookupFunction = (_host, { all }, done) => {
        // Never at once, as dns.lookup.
        if (all) setImmediate(done, null, addresses)
        else setImmediate(done, null, addresses[0]?.address ?? '', addresses[0]?.family)
      }
      const url = `${scheme}://jwks.example:${server.port}`
      const fetching = createOutbound(allow(url), { lookup }).fetchText(url)
      const local = answer.every((address) => address === '127.0.0.1')
      if (!local) await expect(fetching).rejects.toThrow('metadata addresses are refused')
      else if (scheme === 'http') expect(await fetching).toBe('{"keys":[]}')
      else await expect(fetching).rejects.toBeInstanceOf(OutboundError)
    }
    expect(server.requests).toHaveLength(scheme === 'http' ? 1 : 0)
  })
})
