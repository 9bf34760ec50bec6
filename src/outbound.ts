/** The one door to the outside: what the configuration of a client names, and nothing that a request names. */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { urlOf } from './protocol/url.ts'

export interface Outbound {
  /** Whether this URL may be called at all. */
  allows(url: string): boolean
  /** The text of a document: JSON unless other media types are asked for. @throws OutboundError */
  fetchText(url: string, options?: { readonly accept?: string }): Promise<string>
  /** Posts a form; the answer says by 200 or 204 that it was taken, whatever else it holds. @throws OutboundError */
  post(url: string, form: string): Promise<void>
}

/** `timeoutMs` is for all of it, from the wait for a turn to the last byte. */
type Options = Pick<RequestOptions, 'lookup'> & { readonly timeoutMs?: number }

type Sent = RequestOptions & { readonly body?: string }
type Receive<T> = (response: IncomingMessage) => Promise<T>

export class OutboundError extends Error {}

const LIMIT_BYTES = 64 * 1024
const MOST_AT_ONCE = 4
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
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
  const ask = async <T>(text: string, sent: Sent, receive: Receive<T>): Promise<T> => {
    const url = permitted(text, allowed())
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      await turn(signal)
      return await send(url, { ...sent, signal, lookup }, receive).finally(done)
    } catch (cause) {
      const why = signal.aborted ? `no whole answer within ${timeoutMs} ms` : (cause as Error).message
      throw new OutboundError(`${url.href}: ${why}`, { cause })
    }
  }
  return {
    allows: (text) => {
      try {
        return permitted(text, allowed()) !== undefined
      } catch {
        return false
      }
    },
    fetchText: (text, { accept = 'application/json' } = {}) => ask(text, { headers: { accept } }, textOf),
    post: (text, form) => ask(text, { method: 'POST', headers: FORM, body: form }, taken),
  }
}

function permitted(text: string, allowed: ReadonlySet<string>): URL {
  const url = urlOf(text)
  if (url === undefined) throw new OutboundError(`${JSON.stringify(text)} is not a URL`)
  const { protocol, origin } = url
  // A blob: URL has the origin of the URL inside it.
  if (!/^https?:$/.test(protocol)) throw new OutboundError(`${protocol} is refused, expected http: or https:`)
  if (!allowed.has(origin)) throw new OutboundError(`${origin} is not the origin of a configured URL`)
  if (url.username || url.password) throw new OutboundError(`${origin}: credentials in a URL are refused`)
  if (isForbidden(url.hostname.replace(/[[\]]/g, ''))) throw new OutboundError(`${origin}: ${REFUSED}`)
  return url
}

async function send<T>(url: URL, { body, ...options }: Sent, receive: Receive<T>): Promise<T> {
  const request = url.protocol === 'https:' ? (await import('node:https')).request : requestHttp
  return new Promise((resolve, reject) => {
    const sending = request(url, { ...options, agent: false }, (response) => {
      receive(response)
        .then(resolve, reject)
        .finally(() => response.destroy())
    })
    sending.on('error', reject)
    // Each address that is connected to decides, at that moment: a name can resolve to another one each time.
    sending.on('socket', (socket) => {
      const check = (address = '') => void (isForbidden(address) && sending.destroy(new Error(REFUSED)))
      socket.on('lookup', (_error, address) => check(address))
      socket.on('connect', () => check(socket.remoteAddress))
    })
    sending.end(body)
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  assertStatus(response, [200])
  return await collect(response)
}

/** @see https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse */
async function taken(response: IncomingMessage): Promise<void> {
  assertStatus(response, [200, 204])
  // Read to its end, so that the other side does not see its answer fail; what stands in it changes nothing.
  await collect(response).catch(() => undefined)
}

function assertStatus({ statusCode = 0 }: IncomingMessage, expected: readonly number[]): void {
  if (expected.includes(statusCode)) return
  throw new Error(`status ${statusCode}, expected ${expected.join(' or ')} (redirects are not followed)`)
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT_BYTES) throw new Error(`more than ${LIMIT_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
