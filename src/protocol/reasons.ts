/**
 * Every reason for which a request can be refused, and the error code the RFCs give it.
 * A dialect turns a reason into its provider's own status and text; the code here is what it falls back to.
 */
const CODES = {
  'route.not_found': 'invalid_request',
  'tenant.unknown': 'invalid_request',
  'method.not_allowed': 'invalid_request',
  'host.invalid': 'invalid_request',
  'body.too_large': 'invalid_request',
  'body.malformed': 'invalid_request',
  'content_type.unsupported': 'invalid_request',
  'param.missing': 'invalid_request',
  'param.duplicated': 'invalid_request',
  'param.invalid': 'invalid_request',
  'grant.missing': 'invalid_request',
  'grant.unknown': 'unsupported_grant_type',
  'grant.not_allowed': 'unauthorized_client',
  'client.missing': 'invalid_client',
  'client.unknown': 'invalid_client',
  'client.several_methods': 'invalid_request',
  'client.credentials_malformed': 'invalid_client',
  'client.secret_missing': 'invalid_client',
  'client.secret_wrong': 'invalid_client',
  'client.secret_unexpected': 'invalid_client',
  'client.auth_method_not_allowed': 'invalid_client',
  'client.public_not_allowed': 'unauthorized_client',
  'assertion.type_missing': 'invalid_client',
  'assertion.type_wrong': 'invalid_client',
  'assertion.missing': 'invalid_client',
  'assertion.malformed': 'invalid_client',
  'assertion.alg': 'invalid_client',
  'assertion.no_key': 'invalid_client',
  'assertion.signature': 'invalid_client',
  'assertion.iss_sub_mismatch': 'invalid_client',
  'assertion.aud': 'invalid_client',
  'assertion.expired': 'invalid_client',
  'assertion.not_yet_valid': 'invalid_client',
  'assertion.claim_missing': 'invalid_client',
  'assertion.replayed': 'invalid_client',
  'scope.missing': 'invalid_scope',
  'scope.invalid': 'invalid_scope',
  'resource.missing': 'invalid_target',
  'resource.unknown': 'invalid_target',
  'resource.conflict': 'invalid_target',
  'token.missing': 'invalid_token',
  'token.several': 'invalid_request',
  'token.invalid': 'invalid_token',
  'token.expired': 'invalid_token',
  'token.revoked': 'invalid_token',
  'token.other_client': 'invalid_request',
  'introspect.public_client': 'invalid_client',
  'introspect.foreign_token': 'invalid_request',
  'server.fault': 'server_error',
} as const

export type Reason = keyof typeof CODES
export type ErrorCode = (typeof CODES)[Reason]

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 */
const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_token: 401,
  server_error: 500,
}

/** Where HTTP has a better status than the one of the code. @see https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5 */
const HTTP_STATUS: Partial<Record<Reason, number>> = {
  'route.not_found': 404,
  'tenant.unknown': 404,
  'method.not_allowed': 405,
  'body.too_large': 413,
}

export function codeOf(reason: Reason): ErrorCode {
  return CODES[reason]
}

export function statusOf(reason: Reason): number {
  return HTTP_STATUS[reason] ?? STATUS[CODES[reason]]
}
