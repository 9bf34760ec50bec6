import { urlOf } from './url.ts'

/** As it is spelled, in characters of a URI only: parsers differ about others, and one of them would go elsewhere. */
const LOOPBACK =
  /^https?:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?(?:[/?][\w.~:/?#[\]@!$&'()*+,;=%-]*)?$/i

/** Whether a URI leads to this machine only: what a relaxed check lets pass at most. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri) && urlOf(uri) !== undefined
}

/** Whether a host name, as a URL has it, means this machine wherever it is used. @see https://www.rfc-editor.org/rfc/rfc6761.html#section-6.3 */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)
}
