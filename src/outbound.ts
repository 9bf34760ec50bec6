/** The one door to the outside: documents that the configuration of a client names, and nothing that a request names. */
import { get as getHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { BlockList, isIP } from 'node:net'

export interface Outbound {
  /** The text of a JSON document. @throws OutboundError */
  fetchText(url: string): Promise<string>
}

/** `timeoutMs` is for all of it, from the wait for a turn to the last byte. */
type Options = Pick<RequestOptions, 'lookup'> & { readonly timeoutMs?: number }

export class OutboundError extends Error {}

const LIMIT_BYTES = 64 * 1024
const MOST_AT_ONCE = 4
const REFUSED = 'link-local and metadata addresses are refused'

/** Where clouds keep their metadata services: link-local, and elsewhere. @see https://www.rfc-editor.org/rfc/rfc3927.html */
const FORBIDDEN = new BlockList()
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4')
for (const address of ['100.100.100.200', '168.63.129.16']) FORBIDDEN.addAddress(address, 'ipv4')
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6')
for (const prefix of ['fd00:ec2::', 'fd20:ce::', '2002:a9fe::']) FORBIDDEN.addSubnet(prefix, 32, 'ipv6')
for (const embedded of ['::a9fe:0', '64:ff9b::a9fe:0']) FORBIDDEN.addSubnet(embedded, 112, 'ipv6')

/** Whether an address is one that nothing may ever be fetched from; ::ffff:0:0/96 counts as the IPv4 in it. */
export function isForbidden(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && FORBIDDEN.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Fetches without redirects or credentials, only from these origins, within 2.5 s and 64 KiB, four at a time. */
export function createOutbound(allowed: () => ReadonlySet<string>, options: Options = {}): Outbound {
  const { timeoutMs = 2500, lookup } = options
  const waiting = new Set<() => void>()
  let running = 0
  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => waiting.delete(resolve) && reject(signal.reason))
      if (running === MOST_AT_ONCE) return void waiting.add(resolve)
      running += 1
      resolve()
    })
  // A turn goes over to whoever waits; it is never free in between.
  const done = () => {
    const [next] = waiting
    if (next === undefined) running -= 1
    else if (waiting.delete(next)) next()
  }
  return {
    async fetchText(text) {
      const url = permitted(text, allowed())
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        await turn(signal)
        return await read(url, { signal, lookup }).finally(done)
      } catch (cause) {
        const why = signal.aborted ? `no whole answer within ${timeoutMs} ms` : (cause as Error).message
        throw new OutboundError(`${url.href}: ${why}`, { cause })
      }
    },
  }
}

function permitted(text: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(text)) throw new OutboundError(`${JSON.stringify(text)} is not a URL`)
  const url = new URL(text)
  const { protocol, origin } = url
  // A blob: URL has the origin of the URL inside it.
  if (!/^https?:$/.test(protocol)) throw new OutboundError(`${protocol} is refused, expected http: or https:`)
  if (!allowed.has(origin)) throw new OutboundError(`${origin} is not the origin of a configured URL`)
  if (url.username || url.password) throw new OutboundError(`${origin}: credentials in a URL are refused`)
  if (isForbidden(url.hostname.replace(/[[\]]/g, ''))) throw new OutboundError(`${origin}: ${REFUSED}`)
  return url
}

async function read(url: URL, options: RequestOptions): Promise<string> {
  const get = url.protocol === 'https:' ? (await import('node:https')).get : getHttp
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json' }
    const request = get(url, { ...options, headers, agent: false }, (response) => {
      collect(response)
        .then(resolve, reject)
        .finally(() => response.destroy())
    })
    request.on('error', reject)
    // Each address that is connected to decides, at that moment: a name can resolve to another one each time.
    request.on('socket', (socket) => {
      const check = (address = '') => void (isForbidden(address) && request.destroy(new Error(REFUSED)))
      socket.on('lookup', (_error, address) => check(address))
      socket.on('connect', () => check(socket.remoteAddress))
    })
  })
}

async function collect(response: IncomingMessage): Promise<string> {
  const { statusCode } = response
  if (statusCode !== 200) throw new Error(`status ${statusCode}, expected 200 (redirects are not followed)`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT_BYTES) throw new Error(`more than ${LIMIT_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
