/** Keycloak's errors, in the words of its versions. */
import type { ErrorRule } from './description.ts'

const SIGNED_JWT = 'Client authentication with signed JWT failed: '

/** Keycloak sends no challenge along with these. */
const NO_CHALLENGE = { 'www-authenticate': null }

const WRONG_CLIENT = 'Invalid client or Invalid client credentials'

const REQUEST = { status: 400, error: 'invalid_request' }
const INVALID_CLIENT = { status: 400, error: 'invalid_client' }
const UNAUTHORIZED = { status: 401, error: 'unauthorized_client' }
const GRANT = { status: 400, error: 'invalid_grant' }

interface Refusal extends Pick<ErrorRule, 'at' | 'grant'> {
  readonly status: number
  readonly error: string
}

function text(
  { status, error, ...where }: Refusal,
  error_description: string,
  ...reason: ErrorRule['reason']
): ErrorRule {
  return { ...where, reason, status, headers: NO_CHALLENGE, body: { error, error_description } }
}

/** What goes back to the client through the browser. */
function redirected(error: string, error_description: string, ...reason: ErrorRule['reason']): ErrorRule {
  return text({ at: ['authorization'], status: 400, error }, error_description, ...reason)
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
  redirected('invalid_request', 'Missing parameter: response_type', 'response_type.missing'),
  redirected(
    'unauthorized_client',
    'Client is not allowed to initiate browser login with given response_type.',
    'response_type.not_allowed',
  ),
  redirected('invalid_request', 'Missing parameter: nonce', 'nonce.missing'),
  redirected('invalid_request', 'Missing parameter: code_challenge_method', 'pkce.missing'),
  redirected('invalid_request', 'Invalid parameter: code_challenge_method', 'pkce.method'),
  redirected('invalid_request', 'Invalid parameter: code_challenge', 'pkce.malformed'),
  redirected('invalid_scope', 'Invalid scopes: {error.scope}', 'scope.invalid'),
  // It has one word for every page that prompt=none forbids but the login.
  redirected('interaction_required', '{error.description}', 'consent.required'),
  { reason: ['tenant.unknown'], status: 404, body: { error: 'Realm does not exist' } },
  challenge(401, '', 'token.missing'),
  challenge(
    400,
    ', error="invalid_request", error_description="More than one method used for including an access token"',
    'token.several',
  ),
  challenge(401, ', error="invalid_token", error_description="Token verification failed"', 'token.*'),
  challenge(
    403,
    ', error="insufficient_scope", error_description="Missing openid scope"',
    'scope.insufficient',
  ),
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
    'client.certificate_missing',
    'client.certificate_untrusted',
    'client.certificate_mismatch',
    'client.certificate_expired',
  ),
  text(REQUEST, 'Client Certification missing for MTLS HoK Token Binding', 'binding.certificate_missing'),
  text(UNAUTHORIZED, 'Public client not allowed to retrieve service account', 'client.public_not_allowed'),
  text(
    { ...UNAUTHORIZED, grant: ['client_credentials'] },
    'Client not enabled to retrieve service account',
    'grant.not_allowed',
  ),
  text(
    { ...UNAUTHORIZED, status: 400, grant: ['password'] },
    'Client not allowed for direct access grants',
    'grant.not_allowed',
  ),
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
  text({ ...GRANT, status: 401 }, 'Invalid user credentials', 'login.wrong_password'),
  text(GRANT, 'Code not valid', 'code.unknown', 'code.used'),
  text(GRANT, 'Auth error: Found different client_id in clientSession', 'code.other_client'),
  text(GRANT, 'Incorrect redirect_uri', 'redirect_uri.mismatch'),
  text(GRANT, 'PKCE verification failed: Code mismatch', 'pkce.mismatch'),
  text(GRANT, 'Invalid refresh token', 'refresh_token.unknown'),
  text(GRANT, 'Session not active', 'refresh_token.revoked'),
  text(GRANT, 'Maximum allowed refresh token reuse exceeded', 'refresh_token.reused'),
  text(
    GRANT,
    "Invalid refresh token. Token client and authorized client don't match",
    'refresh_token.other_client',
  ),
  text(
    { status: 400, error: 'unauthorized_client' },
    'Client certificate missing, or its thumbprint and one in the refresh token did NOT match',
    'refresh_token.other_certificate',
  ),
  text(
    { status: 400, error: 'authorization_pending' },
    'The authorization request is still pending',
    'device.pending',
  ),
  text({ status: 400, error: 'slow_down' }, 'Slow down', 'device.too_fast'),
  text(
    { status: 400, error: 'access_denied' },
    'The end user denied the authorization request',
    'device.denied',
  ),
  text({ status: 400, error: 'expired_token' }, 'Device code is expired', 'device.expired'),
  text(GRANT, 'Device code not valid', 'device.unknown', 'device.used'),
  text(GRANT, 'unauthorized client', 'device.other_client'),
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
