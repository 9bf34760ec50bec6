/** Keycloak's errors, in the words of its versions. */
import type { ErrorRule } from './describe.ts'

const SIGNED_JWT = 'Client authentication with signed JWT failed: '

/** Keycloak sends no challenge along with these. */
const NO_CHALLENGE = { 'www-authenticate': null }

const WRONG_CLIENT = 'Invalid client or Invalid client credentials'

const REQUEST = { status: 400, error: 'invalid_request' }
const INVALID_CLIENT = { status: 400, error: 'invalid_client' }
const UNAUTHORIZED = { status: 401, error: 'unauthorized_client' }

function text(
  { at, status, error }: { at?: ErrorRule['at']; status: number; error: string },
  error_description: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  return { ...(at && { at }), reason, status, headers: NO_CHALLENGE, body: { error, error_description } }
}

/** At userinfo everything stands in the challenge. */
function challenge(status: number, why: string, ...reason: ErrorRule['reason']): ErrorRule {
  const headers = { 'www-authenticate': `Bearer realm="{tenant.id}"${why}` }
  return { at: ['userinfo'], reason, status, headers, body: null }
}

/** `invalid_request` of one endpoint. */
function refused(
  at: 'introspection' | 'revocation',
  status: number,
  error_description: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  return text({ at: [at], status, error: 'invalid_request' }, error_description, ...reason)
}

/** 20 and later. */
export const ERRORS_26: readonly ErrorRule[] = [
  { reason: ['tenant.unknown'], status: 404, body: { error: 'Realm does not exist' } },
  challenge(401, '', 'token.missing'),
  challenge(
    400,
    ', error="invalid_request", error_description="More than one method used for including an access token"',
    'token.several',
  ),
  challenge(401, ', error="invalid_token", error_description="Token verification failed"', 'token.*'),
  refused('introspection', 401, 'Authentication failed.', 'client.*', 'assertion.*'),
  refused('introspection', 403, 'Client not allowed.', 'introspect.public_client'),
  refused('introspection', 400, 'Token not provided.', 'param.missing'),
  refused('revocation', 400, 'Token not provided', 'param.missing'),
  text(REQUEST, 'Unmatching clients', 'token.other_client'),
  text(REQUEST, 'Missing form parameter: grant_type', 'grant.missing'),
  text({ status: 400, error: 'unsupported_grant_type' }, 'Unsupported grant_type', 'grant.unknown'),
  text(REQUEST, 'duplicated parameter', 'param.duplicated'),
  text(REQUEST, 'Missing parameter: {error.name}', 'param.missing'),
  text(INVALID_CLIENT, 'Missing client_id parameter', 'client.missing'),
  text({ status: 401, error: 'invalid_client' }, WRONG_CLIENT, 'client.unknown'),
  text(
    UNAUTHORIZED,
    WRONG_CLIENT,
    'client.secret_wrong',
    'client.secret_missing',
    'client.secret_unexpected',
  ),
  text(UNAUTHORIZED, 'Public client not allowed to retrieve service account', 'client.public_not_allowed'),
  text(UNAUTHORIZED, 'Client not enabled to retrieve service account', 'grant.not_allowed'),
  text(INVALID_CLIENT, 'Parameter client_assertion_type is missing', 'assertion.type_missing'),
  text(
    INVALID_CLIENT,
    "Parameter client_assertion_type has value '{error.value}' but expected is 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'",
    'assertion.type_wrong',
  ),
  text(INVALID_CLIENT, 'client_assertion parameter missing', 'assertion.missing'),
  text(INVALID_CLIENT, 'invalid signature algorithm', 'assertion.alg'),
  text(INVALID_CLIENT, 'Unable to load public key', 'assertion.no_key'),
  text(INVALID_CLIENT, `${SIGNED_JWT}Signature on JWT token failed validation`, 'assertion.signature'),
  text(
    INVALID_CLIENT,
    `${SIGNED_JWT}Issuer mismatch. The issuer should match the subject`,
    'assertion.iss_sub_mismatch',
  ),
  text(
    INVALID_CLIENT,
    `${SIGNED_JWT}Token audience doesn't match domain. Expected audiences are any of [{error.expected|join:, }] but audience from token is '[{error.came|join:, }]'`,
    'assertion.aud',
  ),
  text(INVALID_CLIENT, `${SIGNED_JWT}Token is not active`, 'assertion.expired', 'assertion.not_yet_valid'),
  text(INVALID_CLIENT, `${SIGNED_JWT}Missing ID on the token`, 'assertion.claim_missing'),
  text(INVALID_CLIENT, `${SIGNED_JWT}Token reuse detected`, 'assertion.replayed'),
  text(INVALID_CLIENT, `${SIGNED_JWT}{error.description}`, 'assertion.malformed'),
  text({ status: 400, error: 'invalid_scope' }, 'Invalid scopes: {param.scope}', 'scope.invalid'),
]

/** Up to 19: other words for wrong credentials, and userinfo errors with a body. */
export const ERRORS_16: readonly ErrorRule[] = [
  {
    at: ['userinfo'],
    reason: ['token.*'],
    status: 401,
    body: { error: 'invalid_token', error_description: 'Token verification failed' },
  },
  text({ ...INVALID_CLIENT, at: ['token', 'revocation'] }, 'Invalid client credentials', 'client.unknown'),
  text({ ...UNAUTHORIZED, at: ['token', 'revocation'] }, 'Invalid client secret', 'client.secret_wrong'),
  text(
    { status: 400, error: 'unauthorized_client', at: ['token', 'revocation'] },
    'Client secret not provided in request',
    'client.secret_missing',
  ),
  ...ERRORS_26,
]
