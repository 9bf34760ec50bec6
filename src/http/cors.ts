/**
 * Browsers hide an answer from scripts of other origins unless the answer lets them see it.
 * Endpoints that read no cookie let every origin: a script learns nothing there that any program could not.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { Context as Koa } from 'koa'
import type { Endpoint } from '../endpoints/endpoint.ts'

/** What a script may read beside the few headers that it always may. */
const EXPOSED = 'WWW-Authenticate, ETag, X-Mock-Reason, X-Mock-IdP'

const MAX_AGE_SECONDS = '600'

/** @see https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i

/** Lets scripts of the origin that asks, `null` too, see whatever is answered. Credentials are safe with no cookie read. */
export function allowOrigin({ req, res }: Koa): void {
  // A cache must not give one origin's answer to another, so an answer to no origin varies as well.
  res.setHeader('Vary', 'Origin')
  const origin = req.headers.origin
  if (origin === undefined) return
  res.setHeader('Access-Control-Allow-Origin', origin)
  res.setHeader('Access-Control-Allow-Credentials', 'true')
  res.setHeader('Access-Control-Expose-Headers', EXPOSED)
}

/** Whether a browser asks, before a request, if a script may send it. */
export function isPreflight({ req }: Koa): boolean {
  return req.headers.origin !== undefined && req.headers['access-control-request-method'] !== undefined
}

/** Answers OPTIONS: what the endpoint takes, and to a preflight what a script may send there. */
export function options({ methods, cors }: Pick<Endpoint, 'methods' | 'cors'>, koa: Koa): void {
  const heads = methods.includes('GET') ? ['HEAD'] : []
  koa.res.setHeader('Allow', [...methods, ...heads, 'OPTIONS'].join(', '))
  koa.status = 204
  koa.body = null
  if (cors !== true || !isPreflight(koa)) return
  const asked = requestedHeaders(koa)
  koa.res.setHeader('Access-Control-Allow-Methods', methods.join(', '))
  koa.res.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS)
  // Each by its name: where credentials are sent, `*` is a header of that name, and Authorization it never means.
  if (asked !== undefined) koa.res.setHeader('Access-Control-Allow-Headers', asked)
  if (koa.req.headers['access-control-request-private-network'] === 'true')
    koa.res.setHeader('Access-Control-Allow-Private-Network', 'true')
}

/** The names that came, if they are names. */
function requestedHeaders({ req }: Koa): string | undefined {
  const names = (req.headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim())
  return names.every((name) => TOKEN.test(name)) ? names.join(', ') : undefined
}
