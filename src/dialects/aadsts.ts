/** Errors as Entra writes them: a code for each, in an envelope of its own. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
import type { ErrorRule } from './description.ts'
import type { Template } from './template.ts'

/** Shown both in the text and as members, so made once per answer. */
export const AADSTS_VARS = {
  trace_id: '{uuid}',
  correlation_id: '{param.client-request-id|or:header.client-request-id|or:uuid}',
  timestamp: '{now|utc}',
} satisfies Record<string, Template>

const TRAIL = 'Trace ID: {vars.trace_id} Correlation ID: {vars.correlation_id} Timestamp: {vars.timestamp}'

interface Told {
  readonly error: string
  /** What tells MSAL that the user has to sign in again. */
  readonly suberror?: string
  /** What MSAL asks for then. */
  readonly claims?: string
}

interface Refusal extends Told, Pick<ErrorRule, 'at' | 'face' | 'grant'> {
  readonly status: number
}

/** A refusal of the token endpoint. */
export function aadsts(
  code: number,
  { status, error, suberror, claims, ...when }: Refusal,
  text: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  return {
    ...when,
    reason,
    status,
    headers: { 'x-ms-clitelem': `1,${code},0,,` },
    body: {
      error,
      error_description: `AADSTS${code}: ${text} ${TRAIL}`,
      error_codes: [code],
      timestamp: '{vars.timestamp}',
      trace_id: '{vars.trace_id}',
      correlation_id: '{vars.correlation_id}',
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
      ...(suberror !== undefined && { suberror }),
      ...(claims !== undefined && { claims }),
    },
  }
}

/** What goes back to the client through the browser. */
export function redirected(
  code: number,
  told: string | (Told & { readonly error_subcode?: string }),
  text: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  const { error, ...more } = typeof told === 'string' ? { error: told } : told
  const error_description = `AADSTS${code}: ${text} ${TRAIL}`
  const error_uri = `https://login.microsoftonline.com/error?code=${code}`
  return {
    at: ['authorization'],
    reason,
    status: 400,
    body: { error, error_description, error_uri, ...more },
  }
}

export const CLIENT = { status: 401, error: 'invalid_client' }
export const REQUEST = { status: 400, error: 'invalid_request' }
export const SCOPE = { status: 400, error: 'invalid_scope' }
