import type { OAuthError } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { type EndpointResponse, json, NO_STORE } from '../protocol/messages.ts'

/** A refusal by whoever has no form of its own for it. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 */
export function plainRefusal({ error, status, reason, description, detail }: OAuthError): EndpointResponse {
  const { allow } = detail
  return json(status, membersOf({ error, error_description: description }), {
    ...NO_STORE,
    'x-mock-reason': reason,
    ...(typeof allow === 'string' && { allow }),
  })
}
