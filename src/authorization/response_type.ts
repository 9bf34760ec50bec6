import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { RESPONSE_TYPES, sortedWords } from '../protocol/response_types.ts'

/** Whether the answer holds a token, which must not stand in a query. */
export function hasTokens(response_type: string): boolean {
  return /\b(id_token|token)\b/.test(response_type)
}

/**
 * The words of the response type; none for `none`.
 * @throws OAuthError response_type.*
 */
export function responseTypes(
  came: string | undefined,
  client: ClientConfig,
  cx: Context,
): readonly string[] {
  if (came === undefined)
    throw new OAuthError(
      'response_type.missing',
      `response_type is missing; send one of ${oneOf(client.response_types)}`,
      {
        detail: { name: 'response_type' },
      },
    )
  const type = sortedWords(came)
  if (!RESPONSE_TYPES.includes(type))
    throw new OAuthError(
      'response_type.unknown',
      `response_type is ${shown(came)}, expected ${oneOf(RESPONSE_TYPES)}`,
      {
        detail: { response_type: came },
      },
    )
  if (!client.response_types.includes(type)) {
    const error = new OAuthError(
      'response_type.not_allowed',
      `client ${client.client_id} may use response_type ${oneOf(client.response_types)}, not ${type}; add it to the client's response_types`,
      { detail: { client_id: client.client_id, response_type: type } },
    )
    enforce('response_type', error, cx)
  }
  return type === 'none' ? [] : type.split(' ')
}
