/** What comes in and goes out, free of any web framework. */
import type { Members } from './json.ts'
import { NO_PARAMS, type Params } from './params.ts'

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'form'; readonly params: Params }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'other'; readonly text: string }

/** The certificate of whoever is connected over TLS. @see https://www.rfc-editor.org/rfc/rfc8705.html */
export interface PeerCertificate {
  readonly der: Buffer
  /** Whether a trusted CA issued it; else why it is not trusted. */
  readonly trusted: true | string
}

/** One HTTP request as the endpoints see it. */
export interface Request {
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: Params
  readonly body: Body
  /** The media type that came, without parameters, in lower case; empty when none came. */
  readonly contentType: string
  readonly ip: string
  /** Absent over http, and where the client showed none. */
  readonly certificate?: PeerCertificate | undefined
}

/** The parameters of a form; none where no form came. */
export function formOf({ body }: Pick<Request, 'body'>): Params {
  return body.kind === 'form' ? body.params : NO_PARAMS
}

/** What an endpoint answers: members become JSON, text goes out as it is, null is an empty body. */
export interface EndpointResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Members | string | null
}

/** Token answers and errors must not be kept. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 */
export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' } as const

/** Kept, but asked for again each time: a rotated key shows at once, an unchanged document costs a 304. */
export const REVALIDATE = { 'cache-control': 'no-cache' } as const

/** A JSON answer. */
export function json(
  status: number,
  body: Members,
  headers: Readonly<Record<string, string>> = {},
): EndpointResponse {
  return { status, headers, body }
}
