/** Requests for the control API and its pages: below `/_mock`, under any prefix. */
import { Readable } from 'node:stream'
import type { Context as Koa } from 'koa'
import type { Exchange } from '../context.ts'
import type { Answered, Sent } from '../control/call.ts'
import { Problem } from '../control/problem.ts'
import { assertPath, bodyOf, queryOf } from '../control/wire.ts'
import { type EndpointResponse, NO_STORE } from '../protocol/messages.ts'
import { bytesOf, type Reading } from './bytes.ts'
import type { Caller } from './host.ts'
import type { ControlDesk, Site } from './site.ts'
import { write } from './write.ts'

const ROOT = '/_mock'

/** More than any call needs. */
const MOST_BYTES = 256 * 1024

/**
 * No other site can read an answer or have it run, and no CORS header ever says otherwise.
 * @see https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
 */
const KEPT = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** Refusals for who asks and how: the log tells why. What is wrong with a body may quote it, and is for its sender. */
const TOLD: readonly number[] = [401, 403, 405, 421]

const READING: Reading = {
  most: MOST_BYTES,
  tooLarge: () => new Problem(413, `the body has more than ${MOST_BYTES} bytes`),
  broken: () => new Problem(400, 'the connection ended before the body did'),
}

/**
 * Answers a call, and gives back what the log shall tell of it; undefined where the request was none. It is no request
 * of a client, so no record has it. A provider without control API has nothing there.
 */
export async function serveControl(
  koa: Koa,
  caller: Caller,
  { control, prefixes }: Site,
): Promise<Exchange | undefined> {
  if (control === undefined) return undefined
  const prefix = prefixes.find((each) => {
    const path = koa.path.startsWith(each) ? koa.path.slice(each.length) : ''
    return path === ROOT || path.startsWith(`${ROOT}/`)
  })
  if (prefix === undefined) return undefined
  const exchange: Exchange = { tenant: '', endpoint: 'control', notes: [] }
  koa.set(KEPT)
  const base = `${caller.origin}${caller.prefix}${prefix}`
  try {
    send(await control.answer(await sentBy(koa, caller, { control, prefix }), base), koa)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (TOLD.includes(error.status)) exchange.description = error.message
    refuse(error, koa, await control.refuse(error, headersOf(koa), base))
  }
  // The rest of a request that was refused half-way is not read.
  if (hasBody(koa) && !koa.req.complete) koa.set('Connection', 'close')
  return exchange
}

/** What is asked, by someone who may ask. @throws Problem */
async function sentBy(
  koa: Koa,
  caller: Caller,
  { control, prefix }: { control: ControlDesk; prefix: string },
): Promise<Sent> {
  const headers = headersOf(koa)
  control.admit(caller, headers)
  const path = koa.path.slice(prefix.length + ROOT.length)
  assertPath(path)
  const query = queryOf(koa.search)
  const gone = new AbortController()
  koa.res.once('close', () => gone.abort())
  const body = bodyOf({ bytes: await bytesOf(koa.req, READING), headers })
  return { method: koa.method, path, query, body, headers, signal: gone.signal }
}

function hasBody({ req: { headers } }: Koa): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function refuse(problem: Problem, koa: Koa, html: Awaited<ReturnType<ControlDesk['refuse']>>): void {
  const headers = { ...NO_STORE, ...problem.headers }
  const type = { 'content-type': 'application/problem+json' }
  if (html !== undefined) send(html, koa, headers)
  else write({ status: problem.status, headers: { ...headers, ...type }, body: JSON.stringify(problem) }, koa)
}

function send(answered: Answered, koa: Koa, headers: Readonly<Record<string, string>> = NO_STORE): void {
  if ('events' in answered) stream(answered.events, koa)
  else write(responseOf(answered, headers), koa)
}

function stream(events: AsyncIterable<string>, koa: Koa): void {
  koa.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
  koa.status = 200
  koa.body = Readable.from(events, { objectMode: false })
  // Who waits for the first event knows meanwhile that it will be told.
  koa.flushHeaders()
}

function responseOf(
  answered: Exclude<Answered, { readonly events: unknown }>,
  headers: EndpointResponse['headers'],
): EndpointResponse {
  if ('json' in answered) {
    const type = { 'content-type': 'application/json; charset=utf-8' }
    const body = JSON.stringify(answered.json)
    return { status: answered.status ?? 200, headers: { ...headers, ...type }, body }
  }
  if ('text' in answered) {
    const own = { 'content-type': answered.type, ...answered.headers }
    return { status: answered.status ?? 200, headers: { ...headers, ...own }, body: answered.text }
  }
  return { status: 204, headers, body: null }
}

function headersOf({ req }: Koa): Readonly<Record<string, string | undefined>> {
  return req.headers as Readonly<Record<string, string | undefined>>
}
