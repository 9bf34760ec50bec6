/** What holds for every answer, whatever was asked. */
import { AADSTS_ERRORS } from '../../src/dialects/entra_errors.ts'
import * as keycloakErrors from '../../src/dialects/keycloak_errors.ts'
import { wrongPage } from './page_oracle.ts'
import { isRegistered, wrongPlace } from './place_oracle.ts'
import type { Received, Sent, World } from './world.ts'

/** Of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7591 §3.2.2, RFC 8707 §2, RFC 9101 §6.3. */
const OAUTH_CODES = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  ...['invalid_scope', 'access_denied', 'unsupported_response_type', 'invalid_token', 'insufficient_scope'],
  ...['unsupported_token_type', 'invalid_redirect_uri', 'invalid_client_metadata', 'invalid_target'],
  ...['invalid_request_object', 'invalid_request_uri', 'request_not_supported', 'request_uri_not_supported'],
]

/** Of RFC 8628 §3.5. */
const DEVICE_CODES = ['authorization_pending', 'slow_down', 'access_denied', 'expired_token']

/** Of OpenID Connect Core §3.1.2.6, and of Unmet Authentication Requirements §2. */
const OPENID_CODES = [
  ...['login_required', 'consent_required', 'interaction_required', 'account_selection_required'],
  ...['registration_not_supported', 'unmet_authentication_requirements'],
]

/** What the providers say that the dialects copy. */
const DIALECT_CODES = [AADSTS_ERRORS, ...Object.values(keycloakErrors)]
  .flat()
  .flatMap(({ body }) => (typeof body?.['error'] === 'string' ? [body['error']] : []))

const CODES: ReadonlySet<unknown> = new Set([
  ...OAUTH_CODES,
  ...DEVICE_CODES,
  ...OPENID_CODES,
  ...DIALECT_CODES,
])

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

const COOKIE =
  /^idp_double_session\.[\w.-]+=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=(Lax|None; Secure)$/

export interface Expected {
  /** What no answer may hold. */
  readonly forbidden: readonly string[]
  readonly world: World
  /** Redirect URIs that were registered since. */
  readonly registered?: readonly string[]
}

/** What is wrong with an answer; nothing where all is well. */
export function complaint(sent: Sent, answer: Received, expected: Expected): string | undefined {
  const { status, headers, body } = answer
  if (status >= 500 || status < 200) return `the status is ${status}`
  if (headers['x-mock-idp'] !== 'idp-double') return 'X-Mock-IdP is missing'
  const whole = `${JSON.stringify(headers)}${body}`
  const leak = expected.forbidden.find((each) => whole.includes(each))
  if (leak !== undefined) return `it shows ${leak}`
  const cookie = headers['set-cookie']?.find((each) => !COOKIE.test(each))
  if (cookie !== undefined) return `it sets the cookie ${cookie}`
  return wrongRedirect(sent, answer, expected) ?? wrongBody(answer, expected)
}

function wrongRedirect(sent: Sent, { status, headers }: Received, expected: Expected): string | undefined {
  const { location } = headers
  const isRedirect = status >= 300 && status < 400 && status !== 304
  if (location === undefined) return isRedirect ? 'it redirects nowhere' : undefined
  if (status !== 303) return `it redirects with ${status}`
  return wrongPlace(location, sent, expected) ?? wrongCode(errorIn(location))
}

/** The error of an answer to a client, in the query or the fragment. */
function errorIn(location: string): { error?: unknown; error_description?: unknown } {
  const { hash, search } = new URL(location, 'http://provider')
  return Object.fromEntries([...new URLSearchParams(search), ...new URLSearchParams(hash.slice(1))])
}

function wrongBody(answer: Received, expected: Expected): string | undefined {
  const { status, headers, body } = answer
  const type = headers['content-type'] ?? ''
  if (body === '') return undefined
  if (type.startsWith('text/html')) {
    const error = /data-testid="error">([^<]*)</.exec(body)?.[1]
    return wrongPage(answer, (uri) => isRegistered(uri, expected)) ?? (error && wrongCode({ error }))
  }
  if (/^application\/(token-introspection\+)?jwt/.test(type))
    return /^[\w-]+(\.[\w-]*){2,4}$/.test(body) ? undefined : 'it is no JWT'
  if (type.startsWith('text/plain')) return status === 200 ? undefined : 'an error is plain text'
  return type.startsWith('application/json') ? wrongJson(status, parsed(body)) : `the type is ${type}`
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function wrongJson(status: number, value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'it is no JSON object'
  const { error, error_description, keys } = value as Record<string, unknown>
  if (Array.isArray(keys) && keys.some((key) => PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name))))
    return 'it shows a private member of a key'
  if (status < 400) return error === undefined ? undefined : `an error came with status ${status}`
  return error === undefined ? 'an error has no code' : wrongCode({ error, error_description })
}

function wrongCode({ error, error_description }: { error?: unknown; error_description?: unknown }) {
  if (error === undefined) return undefined
  if (!CODES.has(error)) return `the error code is ${JSON.stringify(error)}`
  if (error_description !== undefined && !DESCRIPTION.test(String(error_description)))
    return 'error_description has characters that it may not have'
  return undefined
}
