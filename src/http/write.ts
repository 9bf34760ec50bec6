import { createHash } from 'node:crypto'
import type { Context as Koa } from 'koa'
import { stringify } from '../protocol/json.ts'
import { type EndpointResponse, REVALIDATE } from '../protocol/messages.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Writes an answer. Bodies are text with their type set, so that Koa need not guess. */
export function write(response: EndpointResponse, koa: Koa): void {
  koa.status = response.status
  const text =
    response.body === null || typeof response.body === 'string'
      ? (response.body ?? '')
      : stringify(response.body)
  if (typeof response.body !== 'string' && response.body !== null) koa.set('Content-Type', JSON_TYPE)
  for (const [name, value] of Object.entries(response.headers)) koa.set(name, headerText(value))
  if (text === '') {
    koa.res.removeHeader('Content-Type')
    koa.body = null
    // Koa makes 204 of an empty body; the status was meant.
    koa.status = response.status
    koa.set('Content-Length', '0')
  } else {
    koa.body = text
    if (response.status === 200 && response.headers['cache-control'] === REVALIDATE['cache-control'])
      revalidate(text, koa)
  }
}

/** A document that has not changed since the client's copy is not sent again. @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.2 */
function revalidate(text: string, koa: Koa): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
  koa.set('ETag', etag)
  // Not `koa.fresh`: it takes the no-cache that fetch sends along, which is a word to caches, as a wish for the whole.
  const known = koa.get('If-None-Match').split(',')
  if (known.some((each) => each.trim().replace(/^W\//, '') === etag)) koa.status = 304
}

/** Node refuses other characters in a header value, with an exception. */
function headerText(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}
