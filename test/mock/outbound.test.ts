import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutbound, OutboundError } from '../../src/outbound.ts'

const KIB = 1024

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server on a free port; its origin, and what it was asked. */
async function serve(listener: RequestListener) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    listener(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, origin: `http://127.0.0.1:${port}`, requests }
}

const allow = (...origins: readonly string[]) => {
  const set = new Set(origins)
  return () => set
}

const hello: RequestListener = (_request, response) => response.end('{"keys":[]}')

describe('a fetch of ours', () => {
  it('gives the text of a document from an allowed origin, and asks for JSON without credentials', async () => {
    const { origin } = await serve((request, response) => {
      response.end(JSON.stringify({ ...request.headers, ä: '✓' }))
    })
    const text = await createOutbound(allow(origin)).fetchText(`${origin}/jwks?a=b`)
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(['accept', 'connection', 'host', 'ä'])
    expect(JSON.parse(text)).toMatchObject({ accept: 'application/json', ä: '✓' })
  })

  it('asks each time which origins are allowed', async () => {
    const { origin } = await serve(hello)
    const origins = new Set<string>()
    const outbound = createOutbound(() => origins)
    await expect(outbound.fetchText(`${origin}/`)).rejects.toThrow(
      `${origin} is not the origin of a configured`,
    )
    origins.add(origin)
    expect(await outbound.fetchText(`${origin}/`)).toBe('{"keys":[]}')
  })

  it.each([301, 302, 303, 307, 308])('does not follow a redirect: %d', async (status) => {
    const target = await serve(hello)
    const { origin } = await serve((_request, response) => {
      response.writeHead(status, { location: `${target.origin}/` }).end()
    })
    const fetching = createOutbound(allow(origin, target.origin)).fetchText(`${origin}/jwks`)
    await expect(fetching).rejects.toThrow(
      `${origin}/jwks: status ${status}, expected 200 (redirects are not followed)`,
    )
    expect(target.requests).toEqual([])
  })

  it.each([201, 204, 304, 400, 401, 404, 429, 500, 503])('takes nothing but 200: %d', async (status) => {
    const { origin } = await serve((_request, response) => response.writeHead(status).end())
    await expect(createOutbound(allow(origin)).fetchText(origin)).rejects.toThrow(
      `status ${status}, expected 200`,
    )
  })

  it('does not wait for the body of an answer that is not 200', async () => {
    const { origin } = await serve((_request, response) => response.writeHead(500).write('x'))
    await expect(createOutbound(allow(origin)).fetchText(origin)).rejects.toThrow('status 500')
  })
})

describe('a form of ours', () => {
  it('is posted to an allowed origin without credentials', async () => {
    const heard: unknown[] = []
    const { origin, requests } = await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      heard.push({ ...request.headers, body })
      response.end()
    })
    await createOutbound(allow(origin)).post(`${origin}/told?a=b`, 'token=%C3%A4')
    expect(requests).toEqual(['POST /told?a=b'])
    expect(heard).toEqual([
      {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': '12',
        host: new URL(origin).host,
        connection: 'close',
        body: 'token=%C3%A4',
      },
    ])
  })

  it.each([200, 204])('was taken where the answer is %d, however long and broken that is', async (status) => {
    const { origin } = await serve((_request, response) => {
      if (status === 204) return void response.writeHead(204).end()
      response.writeHead(200, { 'content-length': 100 * KIB })
      response.write('x'.repeat(70 * KIB), () => response.destroy())
    })
    await expect(createOutbound(allow(origin)).post(origin, '')).resolves.toBeUndefined()
  })

  it.each([201, 202, 302, 400, 500])('was not taken where the answer is %d', async (status) => {
    const { origin, requests } = await serve((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).write('x')
    })
    const posting = createOutbound(allow(origin)).post(`${origin}/told`, '')
    await expect(posting).rejects.toThrow(`${origin}/told: status ${status}, expected 200 or 204`)
    expect(requests).toEqual(['POST /told'])
  })

  it('goes nowhere else, and waits no longer than its time', async () => {
    const { origin } = await serve(() => undefined)
    const outbound = createOutbound(allow(origin), { timeoutMs: 100 })
    await expect(outbound.post('http://example.test/', '')).rejects.toThrow(
      'is not the origin of a configured',
    )
    await expect(outbound.post(`${origin}/`, '')).rejects.toThrow(`${origin}/: no whole answer within 100 ms`)
  })
})

describe('a fetch that is cut short', () => {
  const slow: Record<string, RequestListener> = {
    'no answer': () => undefined,
    'no body': (_request, response) => response.flushHeaders(),
    'half a body': (_request, response) => response.write('{"keys":'),
    'a byte now and then': (_request, response) => {
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    },
  }
  it.each(Object.keys(slow))('gives up and hangs up when time is over: %s', async (name) => {
    let hungUp: Promise<unknown> = Promise.reject(new Error('nobody came'))
    hungUp.catch(() => undefined)
    const { origin } = await serve((request, response) => {
      hungUp = new Promise((resolve) => request.socket.on('close', resolve))
      slow[name]?.(request, response)
    })
    const fetching = createOutbound(allow(origin), { timeoutMs: 100 }).fetchText(`${origin}/`)
    await expect(fetching).rejects.toThrow(`${origin}/: no whole answer within 100 ms`)
    await expect(fetching).rejects.toBeInstanceOf(OutboundError)
    await hungUp
  })

  it('takes 64 KiB and not a byte more', async () => {
    const { origin } = await serve(({ url }, response) => response.end('x'.repeat(Number(url?.slice(1)))))
    const outbound = createOutbound(allow(origin))
    expect(await outbound.fetchText(`${origin}/${64 * KIB}`)).toHaveLength(64 * KIB)
    await expect(outbound.fetchText(`${origin}/${64 * KIB + 1}`)).rejects.toThrow('more than 65536 bytes')
  })

  it('hangs up on a body without end', async () => {
    let sent = 0
    const { origin } = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && sent < 100 * KIB * KIB) {
          sent += 16 * KIB
          if (!response.write('x'.repeat(16 * KIB))) return
        }
      }
      response.on('drain', more)
      more()
    })
    await expect(createOutbound(allow(origin)).fetchText(origin)).rejects.toThrow('more than 65536 bytes')
    expect(sent).toBeLessThan(20 * KIB * KIB)
  })

  it('refuses half a body', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"keys":[]}', () => response.destroy())
    })
    await expect(createOutbound(allow(origin)).fetchText(origin)).rejects.toThrow(`${origin}/: aborted`)
  })

  it('refuses what is not HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('hello\r\n'))
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(createOutbound(allow(origin)).fetchText(origin)).rejects.toBeInstanceOf(OutboundError)
  })

  it('says that nobody is there', async () => {
    const { origin } = await serve(hello)
    servers.splice(0).forEach((server) => {
      server.close()
    })
    await expect(createOutbound(allow(origin)).fetchText(`${origin}/`)).rejects.toThrow(
      `${origin}/: connect ECONNREFUSED`,
    )
  })
})

describe('many fetches at once', () => {
  it('run four at a time, and the others in their turn', async () => {
    let running = 0
    let most = 0
    const { origin, requests } = await serve(async (_request, response) => {
      running += 1
      most = Math.max(most, running)
      await wait(5)
      running -= 1
      response.end('{}')
    })
    const outbound = createOutbound(allow(origin))
    const paths = Array.from({ length: 40 }, (_, n) => `/${n}`)
    const texts = await Promise.all(paths.map((path) => outbound.fetchText(origin + path)))
    expect(texts).toHaveLength(40)
    expect(most).toBe(4)
    expect(new Set(requests).size).toBe(40)
  })

  it('give a turn back when they fail, and wait no longer than their time', async () => {
    const { origin, requests } = await serve(({ url }, response) => {
      if (url === '/ok') response.end('{}')
    })
    const outbound = createOutbound(allow(origin), { timeoutMs: 100 })
    const stuck = Array.from({ length: 12 }, () => outbound.fetchText(`${origin}/stuck`))
    const ends = await Promise.allSettled(stuck)
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true)
    const reasons = ends.map((end) => (end.status === 'rejected' ? end.reason.message : ''))
    expect(new Set(reasons)).toEqual(new Set([`${origin}/stuck: no whole answer within 100 ms`]))
    // One that got its turn from a failed one may have been sent in what was left of its time; it ended with it too.
    expect(requests.every((each) => each === 'GET /stuck')).toBe(true)
    const again = await Promise.all(Array.from({ length: 8 }, () => outbound.fetchText(`${origin}/ok`)))
    expect(again).toHaveLength(8)
  })
})
