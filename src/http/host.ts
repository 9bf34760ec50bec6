/**
 * The caller's own view of where it is. Koa's `ctx.host` and `ctx.href` believe whatever came; this does not.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-7.2
 */
import type { IncomingMessage } from 'node:http'
import { OAuthError, shown } from '../protocol/errors.ts'

/** A name, an IPv4 address or a bracketed IPv6 address, and maybe a port. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9_])?\.?)(:\d{1,5})?$/i

const FORWARDED_PAIR = /(?:^|;)\s*(proto|host)\s*=\s*(?:"([^"]*)"|([^;,\s]*))/gi

export interface Caller {
  /** `http://localhost:8080`: scheme, host and port as the caller used them. */
  readonly origin: string
  /** The host name alone, in lower case. */
  readonly hostname: string
  /** Host and port as a URL writes them: in lower case, without the scheme's own port. */
  readonly host: string
  /** Path that a trusted proxy cut off. */
  readonly prefix: string
  /** Whether no trusted proxy says that it stands in between. */
  readonly isDirect: boolean
}

/**
 * Reads the caller's origin from the Host header, or from a trusted proxy's headers.
 * @throws OAuthError host.invalid for anything that is not exactly one plain host
 */
export function callerOf(request: IncomingMessage, trustProxy: boolean): Caller {
  if (!(request.url ?? '').startsWith('/'))
    throw invalid(`the request target ${shown(request.url)} is not a path`)
  if (hostHeaders(request) !== 1) throw invalid(`${hostHeaders(request)} Host headers came, expected one`)
  const forwarded = trustProxy ? forwardedBy(request) : {}
  const host = forwarded.host ?? request.headers.host ?? ''
  const parts = HOST.exec(host)
  if (parts === null) throw noHost(host)
  const proto = forwarded.proto?.toLowerCase() ?? ('encrypted' in request.socket ? 'https' : 'http')
  if (proto !== 'http' && proto !== 'https')
    throw invalid(`the forwarded scheme ${shown(proto)} is neither http nor https`)
  return {
    origin: `${proto}://${host}`,
    hostname: (parts[1] as string).toLowerCase(),
    host: writtenHost(proto, host),
    prefix: forwarded.prefix ?? '',
    isDirect: Object.values(forwarded).every((part) => part === undefined),
  }
}

/** Of what has the form some is still no host: 256.1.1.1, [::::], a port above 65535. */
function writtenHost(proto: string, host: string): string {
  try {
    return new URL(`${proto}://${host}`).host
  } catch (cause) {
    throw noHost(host, cause)
  }
}

function noHost(host: string, cause?: unknown): OAuthError {
  const what = `the host ${shown(host)} is no host name or address with an optional port`
  return new OAuthError('host.invalid', what, { cause })
}

function hostHeaders({ rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length === 4 && rawHeaders[index]?.toLowerCase() === 'host') count += 1
  }
  return count
}

interface Forwarded {
  readonly proto?: string | undefined
  readonly host?: string | undefined
  readonly prefix?: string | undefined
}

/** The proxy nearest to the client stands first. @see https://www.rfc-editor.org/rfc/rfc7239.html#section-4 */
function forwardedBy({ headers }: IncomingMessage): Forwarded {
  const standard = nearest(headers['forwarded'])
  if (standard !== undefined) {
    const pairs = [...standard.matchAll(FORWARDED_PAIR)].map((match) => [
      match[1]?.toLowerCase(),
      match[2] ?? match[3],
    ])
    return Object.fromEntries(pairs) as Forwarded
  }
  const prefix = nearest(headers['x-forwarded-prefix'])
  return {
    proto: nearest(headers['x-forwarded-proto']),
    host: nearest(headers['x-forwarded-host']),
    prefix: prefix !== undefined && /^(\/[\w.~-]+)+$/.test(prefix) ? prefix : undefined,
  }
}

function nearest(header: string | string[] | undefined): string | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim()
  return value === '' ? undefined : value
}

function invalid(what: string): OAuthError {
  return new OAuthError('host.invalid', what)
}
