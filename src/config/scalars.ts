import * as v from 'valibot'
import { parseDuration } from '../protocol/duration.ts'
import { urlOf } from '../protocol/url.ts'

const HTTP_URL = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s?#]+$/
const HTTP_URL_WITH_QUERY = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s#]+$/
const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/
const LISTEN_HOST = /^([A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?)$/
const SCOPE = /^([\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*)?$/
const DURATION = /^[0-9]{1,10}[smhd]?$/
const LONGEST = 3_153_600_000

type Text = v.GenericSchema<string>

/** A string that must match; `phrase` completes the sentence "expected …". */
export function textLike(pattern: RegExp, phrase: string): Text {
  return v.pipe(v.string(phrase), v.regex(pattern, phrase))
}

/** A string with at least one character. */
export function text(): Text {
  return v.pipe(v.string(), v.minLength(1, 'a string that is not empty'))
}

/** A URL that must match, and that a browser could go to; its bytes are kept. */
export function urlLike(pattern: RegExp, phrase: string): Text {
  return v.pipe(
    textLike(pattern, phrase),
    v.check((url) => !pattern.test(url) || urlOf(url) !== undefined, phrase),
  )
}

/** An absolute http or https URL; its bytes are kept. */
export function httpUrl(): Text {
  return urlLike(HTTP_URL, 'an http or https URL without query and fragment')
}

/** An absolute http or https URL, possibly with a query. */
export function httpUrlWithQuery(): Text {
  return urlLike(HTTP_URL_WITH_QUERY, 'an http or https URL without fragment')
}

/** A host name as a client sends it in `Host`, without scheme and port. */
export function hostName(): Text {
  return v.pipe(textLike(HOST_NAME, 'a host name without scheme, port and path'), v.maxLength(253))
}

/** An address to listen on. */
export function listenHost(): Text {
  return textLike(LISTEN_HOST, 'a host name or an IP address without port')
}

/** A name that stands in a URL path. */
export function pathName(): Text {
  return textLike(/^[^\s/?#%\\]+$/, 'a name without spaces and without / ? # % \\')
}

/** An identifier without white space. */
export function identifier(): Text {
  return textLike(/^\S+$/, 'a string without spaces')
}

/** A client identifier: printable ASCII. @see https://www.rfc-editor.org/rfc/rfc6749.html#appendix-A.1 */
export function clientId(): Text {
  return textLike(/^[\x20-\x7e]+$/, 'printable ASCII characters')
}

/** Scope tokens, one space between two. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 */
export function scope(): Text {
  return textLike(SCOPE, 'scope tokens with one space between two')
}

/** One scope token. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.3 */
export function scopeToken(): Text {
  return textLike(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'one scope token: printable ASCII without space, " and \\')
}

/** One of these names. */
export function oneOf<const N extends readonly string[]>(names: N): v.PicklistSchema<N, undefined> {
  return v.picklist(names)
}

/** A duration as `90s`, `5m`, `1h`, `14d` or seconds, which becomes seconds. */
export function duration(): v.GenericSchema<number | string, number> {
  const phrase = 'a duration such as 90s, 5m, 1h, 14d or a number of seconds'
  const seconds = v.pipe(v.number(), v.integer(phrase), v.minValue(1, phrase), v.maxValue(LONGEST, phrase))
  const written = v.pipe(
    v.string(),
    v.regex(DURATION, phrase),
    v.transform((text: string) => parseDuration(text)),
  )
  const limited = v.pipe(
    written,
    v.minValue(1, phrase),
    v.maxValue(LONGEST, 'a duration of at most 100 years'),
  )
  return v.union([seconds, limited], phrase)
}
