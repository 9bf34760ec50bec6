/** One request as a client sends it, and all that its answer tells: also about the connection, and why none came. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import { createClock, monotonic } from '../../clock.ts'
import { urlOf } from '../../protocol/url.ts'

export interface Asking {
  readonly timeoutMs: number
  /** CAs that are trusted, in PEM; absent: those that Node trusts by itself. */
  readonly ca?: readonly string[] | undefined
}

/** A TLS certificate and what a client would find wrong with it. */
export interface Certificate {
  /** Why the chain is not trusted, as OpenSSL calls it. */
  readonly distrust?: string | undefined
  /** Whether it is for the host that was called. */
  readonly isForHost: boolean
  /** Host names and addresses that it is for. */
  readonly names: readonly string[]
  readonly validTo: string
}

export interface Answer {
  readonly url: string
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** When it came, in milliseconds since the epoch. */
  readonly at: number
  readonly certificate?: Certificate | undefined
}

export interface Silence {
  readonly url: string
  readonly code: string
  readonly message: string
}

export type Reply = Answer | Silence

/** Whether something answered. */
export function isAnswer(reply: Reply | undefined): reply is Answer {
  return reply !== undefined && 'status' in reply
}

const LIMIT_BYTES = 1_048_576

export const TIMED_OUT = 'TIMED_OUT'

const NO_HTTP = 'NO_HTTP'

type Sent = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> }

/** Asks, without a redirect. A certificate that nobody trusts is told of and then accepted: nothing secret is sent. */
export async function ask(url: string, asking: Asking, sent: Sent = {}): Promise<Reply> {
  const target = urlOf(url)
  if (target === undefined || !/^https?:$/.test(target.protocol))
    return { url, code: 'ERR_INVALID_URL', message: 'is no http or https URL' }
  const { request } = target.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const { checkServerIdentity } = await import('node:tls')
  const signal = AbortSignal.timeout(asking.timeoutMs)
  const began = monotonic()
  return await new Promise((resolve) => {
    const silence = ({ code = '', message }: NodeJS.ErrnoException) =>
      resolve({ url, code: signal.aborted ? TIMED_OUT : code, message })
    let certificate: Certificate | undefined
    const options = { ...sent, signal, agent: false, rejectUnauthorized: false, ca: asking.ca?.slice() }
    const going = request(target, options, (answer) => {
      const { statusCode: status = 0, headers } = answer
      textOf(answer).then((text) => {
        resolve({ url, status, headers, text, certificate, ms: monotonic() - began, at: createClock().now() })
      }, silence)
    })
    going.on('socket', (socket) => {
      socket.once('secureConnect', () => {
        const secure = socket as TLSSocket
        const host = target.hostname.replace(/^\[|\]$/g, '')
        const peer = secure.getPeerCertificate()
        certificate = certificateOf(peer, distrustOf(secure), checkServerIdentity(host, peer) === undefined)
      })
    })
    // 101: the connection is no longer one for HTTP, and no answer will come.
    going.on('upgrade', (answer, socket) => {
      socket.destroy()
      silence({ name: '', code: NO_HTTP, message: `answers ${answer.statusCode} and leaves HTTP, unasked` })
    })
    going.on('error', silence)
    going.end()
  })
}

/** OpenSSL's word for it; a wrong name is told of by itself. */
function distrustOf({ authorized, authorizationError }: TLSSocket): string | undefined {
  const code = authorized ? undefined : String(authorizationError)
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? undefined : code
}

function certificateOf(peer: PeerCertificate, distrust: string | undefined, isForHost: boolean): Certificate {
  const names = [...(peer.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,]+)/g)].map(
    ([, name = '']) => name,
  )
  return { distrust, isForHost, names, validTo: peer.valid_to }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMIT_BYTES) throw new Error(`answers with more than ${LIMIT_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The JSON object of an answer; undefined where there is none. */
export function objectIn(reply: Reply | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!isAnswer(reply)) return undefined
  try {
    const value: unknown = JSON.parse(reply.text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

/** The media type of an answer, in lower case, without its parameters. */
export function mediaType({ headers }: Answer): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** Whether the provider is one of ours, whose settings can be named. */
export function isDouble(reply: Reply | undefined): boolean {
  return isAnswer(reply) && reply.headers['x-mock-idp'] === 'idp-double'
}
