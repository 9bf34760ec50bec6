/** JWTs as they are seen, not verified: whose signature is what a record shall not give away. */
import { isTooDeep, type Json } from '../protocol/json.ts'
import { isSecretName } from './secret_names.ts'

type JsonObject = { readonly [name: string]: Json }

export interface ReadToken {
  readonly header: JsonObject
  /** Absent where the token is encrypted. */
  readonly claims?: JsonObject
  /** The text of the claims, as it was signed. */
  readonly payload?: string
}

/**
 * A signed or encrypted token in a text, also percent-encoded: three or five parts, the first beginning with a brace.
 * It begins where a word does, or a text of nothing but beginnings would take minutes.
 */
export const TOKEN: RegExp = /(?:(?<![\w-])|(?<=%[\dA-Fa-f]{2}))e[w-z][\w-]{6,}\.[\w-]*(?:\.[\w-]+){1,3}/g

/** Header and claims of a JWT; undefined where a text is none. @see https://www.rfc-editor.org/rfc/rfc7519.html#section-3 */
export function readToken(text: string): ReadToken | undefined {
  const parts = text.split('.')
  if (parts.length !== 3 && parts.length !== 5) return undefined
  const header = objectIn(textIn(parts[0] as string))
  if (header === undefined) return undefined
  // RFC 7516 §9: five parts are an encrypted one.
  if (parts.length === 5) return { header }
  const payload = textIn(parts[1] as string)
  const claims = objectIn(payload)
  return claims && { header, claims, payload }
}

/** The token without what makes it valid, and that part; undefined where a text is no token. */
export function withoutProof(text: string): { readonly rest: string; readonly proof: string } | undefined {
  const parts = text.split('.')
  if (parts.length < 3 || objectIn(textIn(parts[0] as string)) === undefined) return undefined
  const isOpen = parts.length === 3 && !holdsSecret(objectIn(textIn(parts[1] as string)) ?? null)
  const kept = parts.slice(0, isOpen ? 2 : 1)
  return { rest: kept.join('.'), proof: parts.slice(kept.length).join('.') }
}

/** Base64 hides nothing: a request object may bear a token as its hint, which is as good in there. */
function holdsSecret(value: Json): boolean {
  if (typeof value === 'string')
    return (value.match(TOKEN) ?? []).some((found) => withoutProof(found) !== undefined)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([name, member]) => (typeof member === 'string' && isSecretName(name)) || holdsSecret(member as Json),
  )
}

function textIn(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8')
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && !isTooDeep(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}
