/** URIs to which browsers are sent. */
import * as v from 'valibot'
import { urlLike } from './scalars.ts'

/** A scheme, then only characters of a URI but `#`; after http and https a host. @see https://www.rfc-editor.org/rfc/rfc3986.html#section-4.3 */
const ABSOLUTE_URI =
  /^(?![Hh][Tt][Tt][Pp][Ss]?:(?!\/\/[^/?]))[A-Za-z][A-Za-z0-9+.-]*:[\w.~:/?@!$&'()*+,;=%[\]-]+$/
/** Schemes that run or read something in the browser instead of going somewhere. */
const GOES_NOWHERE = /^(javascript|data|vbscript|file|filesystem|blob|about|view-source):/i
const HTTP_URL = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/\S+$/
const ORIGIN = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s/?#@\\]+$/

type Text = v.GenericSchema<string>

/**
 * An absolute URI without fragment: http, https, or the private-use scheme of an app. Its bytes are kept.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.2
 */
export function redirectUri(): Text {
  const example = 'http://localhost:3000/callback or com.example.app:/callback'
  return v.pipe(
    urlLike(ABSOLUTE_URI, `an absolute URI without fragment, such as ${example}`),
    v.check(
      (uri) => !ABSOLUTE_URI.test(uri) || !GOES_NOWHERE.test(uri),
      `a URI that leads to the client, such as ${example}; not one whose scheme runs or reads something in the browser`,
    ),
  )
}

/** An absolute http or https URL, possibly with query and fragment. */
export function httpUrlWithFragment(): Text {
  return urlLike(HTTP_URL, 'an http or https URL')
}

/** Scheme, host and port of a URL. @see https://www.rfc-editor.org/rfc/rfc6454.html#section-4 */
export function origin(): Text {
  return urlLike(
    ORIGIN,
    'an origin: http or https, host and port, without a path, such as http://localhost:3000',
  )
}
