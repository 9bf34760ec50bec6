/** Why nothing came back, in words. */
import { type Silence, TIMED_OUT } from './ask.ts'

interface Place {
  readonly host: string
  readonly port: string
}

const named = ({ host }: Place) => `the name ${host} is not known here`

const unreachable = ({ host, port }: Place) => `there is no way from here to ${host}, port ${port}`

const TEXTS: Readonly<Record<string, (at: Place) => string>> = {
  ENOTFOUND: named,
  EAI_AGAIN: named,
  ECONNREFUSED: ({ host, port }) => `nothing listens on ${host}, port ${port}`,
  [TIMED_OUT]: ({ host, port }) => `${host}, port ${port}, gives no whole answer in time`,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: ({ host, port }) => `${host}, port ${port}, ends the connection without an answer`,
}

/** What OpenSSL says, without its numbers and the places in its code. */
const TLS = /:SSL routines:[^:]*:([^:]+):/

/** `nothing listens on idp, port 8080`. */
export function because({ url, code, message }: Silence): string {
  const at = placeOf(url)
  const [, reason] = TLS.exec(message) ?? []
  if (reason !== undefined) return `TLS with ${at.host}, port ${at.port}, fails: ${reason}`
  return TEXTS[code]?.(at) ?? message
}

/** Host and port of a URL, the usual port too. */
export function placeOf(url: string): Place {
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname, port: port || (protocol === 'https:' ? '443' : '80') }
}
