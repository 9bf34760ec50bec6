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

interface Refusal extends Pick<ErrorRule, 'grant'> {
  readonly status: number
  readonly error: string
  /** What tells MSAL that the user has to sign in again. */
  readonly suberror?: string
}

/** A refusal of the token endpoint. */
export function aadsts(
  code: number,
  { status, error, suberror, grant }: Refusal,
  text: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  return {
    ...(grant && { grant }),
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
    },
  }
}

/** What goes back to the client through the browser. */
export function redirected(
  code: number,
  error: string,
  text: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  const error_description = `AADSTS${code}: ${text} ${TRAIL}`
  const error_uri = `https://login.microsoftonline.com/error?code=${code}`
  return { at: ['authorization'], reason, status: 400, body: { error, error_description, error_uri } }
}

export const CLIENT = { status: 401, error: 'invalid_client' }
export const REQUEST = { status: 400, error: 'invalid_request' }
export const SCOPE = { status: 400, error: 'invalid_scope' }
