import { formEncoded, type ResponseMode, seeOther } from './response_mode.ts'

/**
 * In the fragment of the redirect URI, which stays in the browser.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.2.2
 */
export const fragment: ResponseMode = {
  name: 'fragment',
  forTokens: true,
  reaches: () => true,
  respond: (redirect_uri, params) => seeOther(`${redirect_uri}#${formEncoded(params)}`),
}
