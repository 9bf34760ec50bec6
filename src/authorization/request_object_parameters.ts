import { because, OAuthError, shown } from '../protocol/errors.ts'
import type { Params } from '../protocol/params.ts'

/** The claims of a request object: what the client wrote, so any JSON. */
export type Claims = Readonly<Record<string, unknown>>

/** Claims of the JWT itself. @see https://www.rfc-editor.org/rfc/rfc9101.html#section-4 */
const OF_THE_JWT: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])

/** Parameters that may come several times, and so may be lists. @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2 */
const REPEATED: ReadonlySet<string> = new Set(['resource', 'audience'])

/** Parameters that are text; another one that is an object or a list, such as `claims`, goes on as JSON. */
const TEXT: ReadonlySet<string> = new Set([
  'client_id',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'prompt',
  'display',
  'max_age',
  'ui_locales',
  'claims_locales',
  'acr_values',
  'login_hint',
  'id_token_hint',
  'code_challenge',
  'code_challenge_method',
])

/**
 * The parameters that stand in a request object, as they would come in a query.
 * @throws OAuthError request_object.invalid
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RequestObject
 */
export function parametersIn(claims: Claims): Params {
  const entries = Object.entries(claims).filter(([name]) => !OF_THE_JWT.has(name))
  const params = entries.map(([name, value]) => [name, valuesOf(name, value)] as const)
  // One without a value counts as not sent, RFC 6749 §3.1.
  return new Map(params.filter(([, values]) => values.length > 0))
}

function valuesOf(name: string, value: unknown): readonly string[] {
  if (value === null || value === '') return []
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  if (REPEATED.has(name)) return listed(name, value)
  if (TEXT.has(name)) throw invalid(name, value, 'text, its words separated by spaces')
  return [json(name, value)]
}

/** What is nested so deep that it cannot be written again is no request. */
function json(name: string, value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw because(cause, 'request_object.invalid', `${name} of the request object is nested too deep`)
  }
}

function listed(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.filter((each) => each !== '')
  throw invalid(name, value, 'text or a list of texts')
}

function invalid(name: string, came: unknown, expected: string): OAuthError {
  return new OAuthError(
    'request_object.invalid',
    `${name} of the request object is ${shown(came)}, expected ${expected}`,
    {
      detail: { name },
    },
  )
}
