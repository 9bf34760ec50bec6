/** How an authorization response reaches the client. One file a mode, named by its `response_mode`. */
import type { EndpointResponse } from '../protocol/messages.ts'

/** The parameters of the answer, in their order. */
export type ResponseParams = readonly (readonly [name: string, value: string])[]

export interface ResponseMode {
  /** @see https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes */
  readonly name: string
  /** Whether tokens may go this way: what stands in a query is logged on its way. */
  readonly forTokens: boolean
  /** Whether a browser gets there this way. */
  reaches(redirect_uri: string): boolean
  respond(redirect_uri: string, params: ResponseParams): EndpointResponse
}

/** Sends the browser on; 303, so that a form that was sent here is not sent there. @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.12 */
export function seeOther(location: string): EndpointResponse {
  const ascii = location
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character))
  return { status: 303, headers: { location: ascii, 'cache-control': 'no-store' }, body: null }
}

/** Parameters as `application/x-www-form-urlencoded`. @see https://www.rfc-editor.org/rfc/rfc6749.html#appendix-B */
export function formEncoded(params: ResponseParams): string {
  return new URLSearchParams(params.map(([name, value]): [string, string] => [name, value])).toString()
}
