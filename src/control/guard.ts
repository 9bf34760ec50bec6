/**
 * Who may drive the provider: programs that mean it, and its own pages; no page of another site, and no name that an
 * attacker has made mean this machine.
 */
import { shown } from '../protocol/errors.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import type { IsOwn } from './own_hosts.ts'
import { Problem } from './problem.ts'

interface Caller {
  readonly hostname: string
  readonly origin: string
}

type Headers = Readonly<Record<string, string | undefined>>

/** @throws Problem 421 for a foreign name, 403 for a page of another site, 400 for a WebSocket */
export function assertOwn(caller: Caller, headers: Headers, isOwn: IsOwn): void {
  if (!isOwn(caller, headers))
    throw new Problem(
      421,
      `the control API does not answer at ${shown(caller.hostname)}: use localhost, or add the name to control.hosts`,
    )
  if (isOfAnotherSite(caller, headers)) throw new Problem(403, refusal(caller, headers))
  // Other upgrades are offers that may be ignored: some HTTP clients offer h2c with every request.
  if (/\bwebsocket\b/i.test(headers['upgrade'] ?? ''))
    throw new Problem(
      400,
      'the control API speaks no WebSocket; GET /_mock/requests/stream has server-sent events',
    )
}

/**
 * Browsers say who asks; they leave it out of requests that a page could send anyway only where the address is neither
 * https nor loopback, and then still name the origin of whatever could change something.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
function isOfAnotherSite({ origin: here }: Caller, headers: Headers): boolean {
  const { origin, 'sec-fetch-site': site = 'none' } = headers
  if (origin !== undefined && origin !== new URL(here).origin) return true
  return site !== 'none' && site !== 'same-origin'
}

function refusal({ origin: here }: Caller, { origin }: Headers): string {
  const whose = origin === undefined || origin === 'null' ? 'another site' : shown(origin)
  const text = `a page of ${whose} may not drive the provider; call it from a program, or open /_mock/ itself`
  const isProxied = origin?.replace(/^https:/, 'http:') === here
  return isProxied ? `${text}; where a proxy ends TLS, set server.trust_proxy: true` : text
}

/** The token as Bearer, or as the password of Basic, which browsers ask for. @throws Problem 401 */
export function assertToken({ authorization = '' }: Headers, token: string | undefined): void {
  if (token === undefined) return
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S+) *$/i.exec(authorization) ?? []
  const given = scheme.toLowerCase() === 'basic' ? passwordOf(credentials) : credentials
  if (isSameSecret(token, given)) return
  throw new Problem(401, 'control.token is set: send it as Authorization: Bearer TOKEN', {
    // Browsers look at the first one alone where several stand in one line.
    headers: {
      'www-authenticate':
        'Basic realm="idp-double control", charset="UTF-8", Bearer realm="idp-double control"',
    },
  })
}

/** @see https://www.rfc-editor.org/rfc/rfc7617.html#section-2 */
function passwordOf(credentials: string): string {
  return Buffer.from(credentials, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
}
