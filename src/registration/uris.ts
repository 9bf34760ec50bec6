/** Which URIs a client may register. They become redirects, links and frames, and some of them requests of ours. */
import { urlOf } from '../protocol/url.ts'
import { type Reader, unfit } from './reader.ts'

/** Each complaint, and for which URIs it is made. */
type Flaw = readonly [expected: string, has: (uri: string) => boolean]

const CHARACTERS = /^[!#-;=?-[\]_a-z~]+$/
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i
const WITHOUT_HOST = /^https?:(?!\/\/[^/?#])/i
const WEB = /^https?:/i
const NO_PLACE = /^(javascript|data|vbscript|blob|file|filesystem|about|view-source):/i

/** @see https://www.rfc-editor.org/rfc/rfc3986.html#section-4.3 */
const NO_URI: readonly Flaw[] = [
  [
    'a URI, in which all but ASCII letters, digits and punctuation is percent-encoded',
    (uri) => !CHARACTERS.test(uri),
  ],
  [
    'an absolute URI, such as https://app.example.test/callback',
    (uri) => !ABSOLUTE.test(uri) || WITHOUT_HOST.test(uri) || urlOf(uri) === undefined,
  ],
]

/** Any scheme that a native application may have, but none that runs or holds content on the spot. */
const UNSAFE: Flaw = ['a URI that a browser can be sent to', (uri) => NO_PLACE.test(uri)]
const FRAGMENT: Flaw = ['a URI without fragment', (uri) => uri.includes('#')]
const NO_WEB: Flaw = ['an http or https URL', (uri) => !WEB.test(uri)]
const NO_HTTPS: Flaw = ['an https URL', (uri) => !/^https:/i.test(uri)]

function uri(...flaws: readonly Flaw[]): Reader<string> {
  return (value, at) => {
    if (typeof value !== 'string') throw unfit(at, value, 'a URI as a string')
    const flaw = [...NO_URI, ...flaws].find(([, has]) => has(value))
    if (flaw === undefined) return value
    throw unfit(at, value, flaw[0])
  }
}

/** Absolute and without fragment, as it MUST be. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2 */
export const redirectUri: Reader<string> = uri(UNSAFE, FRAGMENT)

/** A document or an endpoint; plain http too, for local development has no certificates. */
export const webUrl: Reader<string> = uri(NO_WEB, FRAGMENT)

/** MAY have a fragment: the hash of its content. @see https://openid.net/specs/openid-connect-core-1_0.html#RequestUriParameter */
export const requestUri: Reader<string> = uri(NO_WEB)

/** MUST use the https scheme. @see https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin */
export const initiateLoginUri: Reader<string> = uri(NO_HTTPS)
