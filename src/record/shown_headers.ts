/** Header fields as they are shown. */
import { isSecretName } from './secret_names.ts'
import type { Shade } from './shade.ts'
import { shownUrl } from './shown_text.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** No plain object: a field may be called `constructor`. */
const SPECIAL: ReadonlyMap<string, (value: string, shade: Shade) => string> = new Map([
  ['authorization', credentials],
  ['proxy-authorization', credentials],
  ['cookie', cookies],
  ['set-cookie', newCookie],
])

/** The fields that are there, in their order. */
export function shownHeaders(headers: Headers, shade: Shade): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    // Node gives some fields as a list.
    value === undefined ? [] : [[name, shown(name, String(value), shade)] as const],
  )
  return Object.fromEntries(pairs)
}

function shown(name: string, value: string, shade: Shade): string {
  if (shade.isClear) return value
  const special = SPECIAL.get(name.toLowerCase())
  if (special !== undefined) return special(value, shade)
  return isSecretName(name) ? shade.secret(value) : shownUrl(value, shade)
}

/** With another word at its beginning it may be anything, a secret that was put there bare. */
const SCHEMES = /^(Basic|Bearer|DPoP|Digest|Negotiate)\s+(.*)$/is

/** @see https://www.rfc-editor.org/rfc/rfc9110.html#section-11.6.2 */
function credentials(value: string, shade: Shade): string {
  const [, scheme, rest] = SCHEMES.exec(value) ?? []
  if (scheme === undefined || rest === undefined) return shade.secret(value)
  const basic = scheme.toLowerCase() === 'basic' ? basicPair(rest) : undefined
  const whole = shade.secret(rest)
  if (basic === undefined) return `${scheme} ${whole}`
  return `${scheme} ${shade.text(basic.id)}:${shade.secret(basic.secret)}`
}

/** Both halves are form-urlencoded; whoever forgets that is understood too. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 */
function basicPair(base64: string): { readonly id: string; readonly secret: string } | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at === -1
    ? undefined
    : { id: formDecoded(text.slice(0, at)), secret: formDecoded(text.slice(at + 1)) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6265.html#section-4.2.1 */
function cookies(value: string, shade: Shade): string {
  return value
    .split(';')
    .map((pair) => cookie(pair.trim(), shade))
    .join('; ')
}

/** @see https://www.rfc-editor.org/rfc/rfc6265.html#section-4.1.1 */
function newCookie(value: string, shade: Shade): string {
  const [pair = '', ...attributes] = value.split(';')
  return [cookie(pair, shade), ...attributes].join(';')
}

/** A cookie without a name is all value. */
function cookie(pair: string, shade: Shade): string {
  const at = pair.indexOf('=')
  return at === -1 ? shade.secret(pair) : `${pair.slice(0, at)}=${shade.secret(pair.slice(at + 1))}`
}
