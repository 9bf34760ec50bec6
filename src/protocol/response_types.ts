const CODE = 'authorization_code'
const IMPLICIT = 'implicit'

/** Response types, their words in alphabetical order, and the grant types each one needs. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1 */
const GRANTS_OF: Readonly<Record<string, readonly string[]>> = {
  code: [CODE],
  id_token: [IMPLICIT],
  'id_token token': [IMPLICIT],
  'code id_token': [CODE, IMPLICIT],
  'code token': [CODE, IMPLICIT],
  'code id_token token': [CODE, IMPLICIT],
  token: [IMPLICIT],
  none: [],
}

/** @see https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html */
export const RESPONSE_TYPES: readonly string[] = Object.keys(GRANTS_OF)

/** The words in alphabetical order: their order carries no meaning. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.1 */
export function sortedWords(text: string): string {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .sort()
    .join(' ')
}

/** The grant types that a response type needs. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
export function grantsOfResponseType(response_type: string): readonly string[] {
  return GRANTS_OF[response_type] ?? []
}

/** Every response type that these grant types permit; none where no user signs in. */
export function responseTypesOf(grant_types: readonly string[]): readonly string[] {
  if (!signsIn(grant_types)) return []
  return RESPONSE_TYPES.filter((type) =>
    grantsOfResponseType(type).every((each) => grant_types.includes(each)),
  )
}

/** Whether one of these grant types sends a user's browser to the authorization endpoint and back. */
export function signsIn(grant_types: readonly string[]): boolean {
  return grant_types.includes(CODE) || grant_types.includes(IMPLICIT)
}
