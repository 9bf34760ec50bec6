/** What holds for every answer, whatever was asked. */
import { AADSTS_ERRORS } from '../../src/dialects/entra_errors.ts'
import * as keycloakErrors from '../../src/dialects/keycloak_errors.ts'
import type { Received } from './world.ts'

/** Of RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1 and RFC 8707 §2. */
const RFC_CODES = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_token',
  'insufficient_scope',
  'unsupported_token_type',
  'invalid_target',
]

/** What the providers say that the dialects copy. */
const DIALECT_CODES = [AADSTS_ERRORS, ...Object.values(keycloakErrors)]
  .flat()
  .flatMap(({ body }) => (typeof body?.['error'] === 'string' ? [body['error']] : []))

const CODES: ReadonlySet<unknown> = new Set([...RFC_CODES, ...DIALECT_CODES])

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** What is wrong with an answer; nothing where all is well. */
export function complaint(answer: Received, forbidden: readonly string[]): string | undefined {
  const { status, headers, body } = answer
  if (status >= 500 || status < 200) return `the status is ${status}`
  if (headers['x-mock-idp'] !== 'idp-double') return 'X-Mock-IdP is missing'
  const whole = `${JSON.stringify(headers)}${body}`
  const leak = forbidden.find((each) => whole.includes(each))
  if (leak !== undefined) return `it shows ${leak}`
  return wrongBody(answer)
}

function wrongBody({ status, headers, body }: Received): string | undefined {
  const type = headers['content-type'] ?? ''
  if (body === '') return undefined
  if (/^application\/(token-introspection\+)?jwt/.test(type))
    return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(body) ? undefined : 'it is no JWT'
  if (type.startsWith('text/plain')) return status === 200 ? undefined : 'an error is plain text'
  if (!type.startsWith('application/json')) return `the type is ${type}`
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return 'it is no JSON'
  }
  return wrongJson(status, value)
}

function wrongJson(status: number, value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'it is no JSON object'
  const { error, error_description, keys } = value as Record<string, unknown>
  if (Array.isArray(keys) && keys.some((key) => PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name))))
    return 'it shows a private member of a key'
  if (status < 400) return error === undefined ? undefined : `an error came with status ${status}`
  if (!CODES.has(error)) return `the error code is ${JSON.stringify(error)}`
  if (error_description !== undefined && !DESCRIPTION.test(String(error_description)))
    return 'error_description has characters that it may not have'
  return undefined
}
