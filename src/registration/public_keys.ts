import type { Json } from '../protocol/json.ts'
import { type Reader, refusal, unfit } from './reader.ts'

/** A JWK Set of public keys. */
type PublicKeys = { readonly keys: readonly { readonly [name: string]: Json }[] }

/** What only the owner of a key knows. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6 */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/**
 * The client's JWK Set. MUST NOT hold private or symmetric keys.
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
 */
export const publicKeys: Reader<PublicKeys> = (value, at) => {
  const keys = isObject(value) ? value['keys'] : undefined
  if (!Array.isArray(keys)) throw unfit(at, kindOf(value), 'a JWK Set: an object with a list of keys')
  return { keys: keys.map((key, index) => publicKey(key, `${at}.keys[${index}]`)) }
}

/** Messages name members only: the values of a key may be secret. */
function publicKey(key: unknown, at: string): { readonly [name: string]: Json } {
  if (!isObject(key)) throw unfit(at, kindOf(key), 'a JWK')
  const secret = PRIVATE.find((name) => Object.hasOwn(key, name))
  if (secret !== undefined) {
    throw refusal(at, `${at} has ${secret}, a private member of a key; register its public members only`)
  }
  if (typeof key['kty'] !== 'string')
    throw refusal(at, `${at} has no kty; expected a JWK (RFC 7517 section 4)`)
  const strange = Object.entries(key).find(([, member]) => !isFlat(member))
  if (strange === undefined) return key as { readonly [name: string]: Json }
  throw refusal(`${at}.${strange[0]}`, `${at}.${strange[0]} is nested; expected text or a list of texts`)
}

/** No member that RFC 7517 and RFC 7518 define for a public key is deeper. */
function isFlat(value: unknown): boolean {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.every((each) => each === null || typeof each !== 'object')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object without keys' : `of type ${typeof value}`
}
