/** Readers of metadata values: each gives the value back, or says what came and what was expected. */
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { isScopeToken, parseScope } from '../protocol/scope.ts'

/** Reads the value of the member that `at` names. @throws OAuthError registration.* */
export type Reader<T> = (value: unknown, at: string) => T

/**
 * The refusal of a value; redirect URIs have an error code of their own.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.2
 */
export function unfit(at: string, value: unknown, expected: string): OAuthError {
  const came = value === '' ? 'empty' : shown(value)
  return refusal(at, `${at} is ${came}, expected ${expected}`)
}

/** The refusal of a member in words of one's own. */
export function refusal(at: string, description: string): OAuthError {
  const reason = at.startsWith('redirect_uris') ? 'registration.redirect_uri' : 'registration.metadata'
  return new OAuthError(reason, description, { detail: { name: at } })
}

/** A string with at least one character. */
export const text: Reader<string> = (value, at) => {
  if (typeof value === 'string' && value !== '') return value
  throw unfit(at, value, 'a string that is not empty; leave the member out where there is nothing to say')
}

export const flag: Reader<boolean> = (value, at) => {
  if (typeof value === 'boolean') return value
  throw unfit(at, value, 'true or false, without quotes')
}

export const seconds: Reader<number> = (value, at) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw unfit(at, value, 'a whole number of seconds, 0 or more')
}

/** Scope tokens with spaces between. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
export const scope: Reader<string> = (value, at) => {
  if (typeof value === 'string' && parseScope(value).every(isScopeToken)) return value
  throw unfit(at, value, 'scope tokens with one space between two')
}

/** One of these names. */
export function named<T extends string>(names: readonly T[]): Reader<T> {
  return (value, at) => {
    const name = names.find((each) => each === value)
    if (name !== undefined) return name
    throw unfit(at, value, oneOf(names))
  }
}

/** A list of what another reader reads. */
export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (Array.isArray(value)) return value.map((each, index) => read(each, `${at}[${index}]`))
    throw unfit(at, value, 'a list')
  }
}

/** Nothing at all. */
export function unsupported(why: string): Reader<never> {
  return (_value, at) => {
    throw refusal(at, `${at} came, ${why}; leave it out`)
  }
}
