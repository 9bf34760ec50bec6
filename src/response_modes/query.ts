import { formEncoded, type ResponseMode, seeOther } from './response_mode.ts'

/**
 * In the query of the redirect URI; a query that it was registered with MUST be retained.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2
 */
export const query: ResponseMode = {
  name: 'query',
  forTokens: false,
  reaches: () => true,
  respond: (redirect_uri, params) =>
    seeOther(`${redirect_uri}${redirect_uri.includes('?') ? '&' : '?'}${formEncoded(params)}`),
}
