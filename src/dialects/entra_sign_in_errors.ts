/** Entra's refusals where users sign in: what goes back through the browser, and what their grants are refused for. */
import { aadsts, CLIENT, REQUEST, redirected, SCOPE } from './aadsts.ts'
import type { ErrorRule } from './description.ts'
import { USER_ERRORS, USER_REDIRECTED } from './entra_user_errors.ts'

const GRANT = { status: 400, error: 'invalid_grant' }

/** MSAL takes these for a sign-in that has to be made again. */
const EXPIRED = { ...GRANT, suberror: 'bad_token' }
const NO_CONSENT = { ...GRANT, suberror: 'consent_required', grant: ['refresh_token'] }

const DECLINED = 'User declined to consent to access the app.'

/** Of the authorization endpoint. */
export const REDIRECTED: readonly ErrorRule[] = [
  redirected(
    50058,
    'login_required',
    'A silent sign-in request was sent but no user is signed in: {error.description}.',
    'login.required',
  ),
  redirected(
    65001,
    'consent_required',
    "The user or administrator has not consented to use the application with ID '{client.client_id}'. Send an interactive authorization request for this user and resource.",
    'consent.required',
  ),
  redirected(
    65004,
    { error: 'access_denied', error_subcode: 'cancel' },
    DECLINED,
    'consent.denied',
    'login.denied',
  ),
  ...USER_REDIRECTED,
  redirected(
    900144,
    'invalid_request',
    "The request body must contain the following parameter: '{error.name}'.",
    'response_type.missing',
    'nonce.missing',
    'param.missing',
  ),
  redirected(
    70005,
    'unsupported_response_type',
    "The provided value '{error.response_type}' for the input parameter 'response_type' isn't allowed for this client.",
    'response_type.unknown',
  ),
  redirected(
    700054,
    'unsupported_response_type',
    "response_type '{error.response_type}' is not enabled for the application.",
    'response_type.not_allowed',
  ),
  redirected(
    9002325,
    'invalid_request',
    'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
    'pkce.missing',
  ),
  redirected(
    70011,
    'invalid_scope',
    "The provided value for the input parameter 'scope' isn't valid: {error.description}.",
    'scope.*',
  ),
  redirected(
    500011,
    'invalid_resource',
    'The resource principal named {error.resource} was not found in the tenant named {tenant.name}.',
    'resource.unknown',
  ),
  redirected(
    9002313,
    'invalid_request',
    'Invalid request. Request is malformed or invalid: {error.description}.',
    'param.*',
    'pkce.*',
    'response_mode.*',
    'request_object.*',
    'request_uri.*',
  ),
]

/** Of the token endpoint. */
export const USER_GRANTS: readonly ErrorRule[] = [
  aadsts(
    28000,
    REQUEST,
    'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {error.scope} is not valid.',
    'resource.conflict',
  ),
  aadsts(
    65001,
    NO_CONSENT,
    "The user or administrator has not consented to use the application with ID '{client.client_id|default:}'. Send an interactive authorization request for this user and resource.",
    'scope.invalid',
  ),
  aadsts(
    65001,
    { ...GRANT, suberror: 'consent_required' },
    "The user or administrator has not consented to use the application with ID '{client.client_id|default:}'. Send an interactive authorization request for this user and resource.",
    'consent.required',
  ),
  aadsts(
    70011,
    { ...SCOPE, grant: ['password'] },
    "The provided value for the input parameter 'scope' isn't valid: {error.description}.",
    'scope.invalid',
  ),
  aadsts(
    70008,
    GRANT,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    'code.expired',
  ),
  aadsts(
    54005,
    GRANT,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    'code.used',
  ),
  aadsts(
    70000,
    GRANT,
    'Provided grant is invalid or malformed: {error.description}.',
    'code.unknown',
    'code.other_client',
    'refresh_token.other_client',
    'refresh_token.other_certificate',
  ),
  aadsts(
    500112,
    CLIENT,
    'The reply address does not match the reply address provided when requesting Authorization code: {error.description}.',
    'redirect_uri.mismatch',
  ),
  aadsts(
    501481,
    GRANT,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    'pkce.mismatch',
  ),
  aadsts(
    700082,
    EXPIRED,
    'The refresh token has expired due to inactivity: {error.description}.',
    'refresh_token.unknown',
  ),
  aadsts(
    700084,
    EXPIRED,
    'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page: {error.description}.',
    'refresh_token.final',
  ),
  aadsts(
    50173,
    EXPIRED,
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password: {error.description}.',
    'refresh_token.revoked',
    'refresh_token.reused',
  ),
  aadsts(
    50126,
    GRANT,
    'Error validating credentials due to invalid username or password.',
    'login.wrong_password',
  ),
  ...USER_ERRORS,
  aadsts(
    9002327,
    REQUEST,
    "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests: {error.description}.",
    'origin.missing',
  ),
  aadsts(
    9002326,
    REQUEST,
    "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{error.origin}'.",
    'origin.unexpected',
  ),
  aadsts(90023, REQUEST, 'Invalid STS request: {error.description}.', 'origin.credentials'),
]
