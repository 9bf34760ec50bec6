import type { Fetch, FetchResponse } from '../api.ts'
import { isMap } from '../config/strict.ts'
import { parseDuration } from '../protocol/duration.ts'
import type { Json } from '../protocol/json.ts'
import { type Asking, GoneError, type Transport } from './transport.ts'

interface Options {
  /** Of the server, without a slash at its end. */
  readonly url: string
  readonly token: string | undefined
  readonly fetch: Fetch
  /** Seconds for an answer, beside what a call waits. */
  readonly patience: number
}

/** To a provider that runs elsewhere. */
export function overHttp(options: Options): Transport {
  return async (asking) => {
    const url = urlOf(asking, options)
    const sent = initOf(asking, options)
    const { response, text } = await reached(inTime(send(url, sent, options), asking, options), options.url)
    const { status } = response
    const answer = contentOf(text, response)
    if (status === 204) return undefined
    if (status < 300 && (isMap(answer) || typeof answer === 'string')) return answer
    const detail = isMap(answer) ? answer['detail'] : undefined
    if (typeof detail === 'string')
      throw new TypeError(status === 401 ? `${detail}; ${advice(options)}` : detail, { cause: answer })
    const place = response.headers.get('location')
    if (status < 400 && place !== null)
      throw new Error(`${asking.method} ${url} answered ${status} and leads to ${place}: connect to that URL`)
    throw strange(`${asking.method} ${url} answered ${status}`)
  }
}

/** What no provider answers. */
export function strange(what: string): Error {
  return new Error(
    `${what}, and no IdP Double answers so: is it one, is its version that of this package, is control.enabled not false, and is the URL that of the server (http or https as there, without the path of a tenant)?`,
  )
}

function urlOf({ path, query }: Asking, { url }: Options): string {
  const search = new URLSearchParams(query).toString()
  return `${url}/_mock${path}${search === '' ? '' : `?${search}`}`
}

function advice({ token }: Options): string {
  return token === undefined
    ? 'connectIdp takes it as { token }'
    : 'the token that connectIdp was given is another'
}

interface Received {
  readonly response: FetchResponse
  readonly text: string
}

function initOf({ method, body }: Asking, { token }: Options) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return {
    method,
    headers: { accept: 'application/json', ...type, ...authorization },
    ...sent,
    // A redirect would make GET of POST, and lose the token.
    redirect: 'manual' as const,
  }
}

async function send(url: string, init: ReturnType<typeof initOf>, { fetch }: Options): Promise<Received> {
  const response = await fetch(url, init)
  return { response, text: await response.text() }
}

/** Not by a signal for fetch: that of a simulated browser is none to the fetch of Node.js. */
async function inTime<T>(
  answer: Promise<T>,
  { query: { wait = '0s' } }: Asking,
  { patience }: Options,
): Promise<T> {
  const seconds = patience + parseDuration(wait)
  // No fake timer moves this one.
  const signal = AbortSignal.timeout(seconds * 1000)
  const done = new AbortController()
  const late = new Promise<never>((_resolve, reject) => {
    const tell = () => reject(new Error(`nothing came within ${seconds}s`))
    signal.addEventListener('abort', tell, { signal: done.signal })
  })
  return await Promise.race([answer, late]).finally(() => done.abort())
}

async function reached<T>(answer: Promise<T>, url: string): Promise<T> {
  return await answer.catch((cause: unknown) => {
    const reason = reasonOf(cause)
    const text = `no provider answers at ${url}: ${reason}; is it started, is its port published to here, and is its CA trusted where the URL is https (option caFile)?`
    throw new (reason.startsWith('ECONNREFUSED') ? GoneError : Error)(text, { cause })
  })
}

/** What fetch hides behind `fetch failed`. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown }
  const { code, message } = cause as { readonly code?: string; readonly message?: string }
  return [code, message].filter((part) => part !== undefined && part !== '').join(': ')
}

/** JSON, or PEM. */
function contentOf(text: string, { headers }: FetchResponse): Json | undefined {
  const type = headers.get('content-type') ?? ''
  if (type.startsWith('application/x-pem-file')) return text
  return /^application\/(problem\+)?json\b/.test(type) ? parsed(text) : undefined
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
