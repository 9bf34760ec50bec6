/** Entra's refusals of the grants without a redirect and of what other issuers vouch for. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
import { aadsts, CLIENT, SCOPE } from './aadsts.ts'
import type { ErrorRule } from './description.ts'

const GRANT = { status: 400, error: 'invalid_grant' }

const ON_BEHALF_OF = ['urn:ietf:params:oauth:grant-type:jwt-bearer']

/** One API calls another in a user's name. */
const USER_ASSERTIONS: readonly ErrorRule[] = [
  aadsts(
    50013,
    GRANT,
    'Assertion failed signature validation. [Reason - {error.description}]',
    'grant_assertion.signature',
    'grant_assertion.issuer',
    'grant_assertion.alg',
    'grant_assertion.no_key',
  ),
  aadsts(
    500131,
    GRANT,
    'Assertion audience does not match the Client app presenting the assertion: {error.description}.',
    'grant_assertion.aud',
  ),
  aadsts(
    500133,
    GRANT,
    'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token: {error.description}.',
    'grant_assertion.expired',
    'grant_assertion.not_yet_valid',
  ),
  aadsts(
    50173,
    { ...GRANT, suberror: 'bad_token' },
    'The provided grant has expired due to it being revoked, a fresh auth token is needed: {error.description}.',
    'grant_assertion.revoked',
  ),
  aadsts(
    50027,
    GRANT,
    'JWT token is invalid or malformed, or is not the access token of a user: {error.description}.',
    'grant_assertion.*',
  ),
  aadsts(
    65001,
    { ...GRANT, suberror: 'consent_required', grant: ON_BEHALF_OF },
    "The user or administrator has not consented to use the application with ID '{client.client_id|default:}'. Send an interactive authorization request for this user and resource.",
    'consent.required',
    'scope.invalid',
  ),
]

/** Issuers that vouch for a client. */
const FEDERATED: readonly ErrorRule[] = [
  aadsts(
    700211,
    CLIENT,
    "No matching federated identity record found for presented assertion issuer '{error.came}'. {error.description}.",
    'federated.issuer',
  ),
  aadsts(
    700213,
    CLIENT,
    "No matching federated identity record found for presented assertion subject '{error.came}'. {error.description}.",
    'federated.subject',
  ),
  aadsts(
    700212,
    CLIENT,
    "No matching federated identity record found for presented assertion audience '{error.came}'. {error.description}.",
    'federated.audience',
  ),
  aadsts(
    50013,
    CLIENT,
    'Assertion failed signature validation. [Reason - {error.description}]',
    'federated.signature',
  ),
]

export const GRANT_ERRORS: readonly ErrorRule[] = [
  ...USER_ASSERTIONS,
  ...FEDERATED,
  // It knows no slow_down, which its libraries would take for the end.
  aadsts(
    70016,
    { status: 400, error: 'authorization_pending' },
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    'device.pending',
    'device.too_fast',
  ),
  aadsts(
    70018,
    { status: 400, error: 'bad_verification_code' },
    'Invalid verification code due to User typing in wrong user code for device code flow, or the device code is not known: {error.description}.',
    'device.unknown',
  ),
  aadsts(
    70019,
    { status: 400, error: 'expired_token' },
    'Verification code expired. Have the user retry the sign-in: {error.description}.',
    'device.expired',
  ),
  aadsts(
    70000,
    { status: 400, error: 'authorization_declined' },
    'The end user denied the authorization request: {error.description}.',
    'device.denied',
  ),
  aadsts(54005, GRANT, 'OAuth2 device code was already redeemed: {error.description}.', 'device.used'),
  aadsts(70000, GRANT, 'Provided grant is invalid or malformed: {error.description}.', 'device.other_client'),
  aadsts(
    70011,
    { ...SCOPE, at: ['device_authorization'] },
    "The provided value for the input parameter 'scope' isn't valid: {error.description}.",
    'scope.*',
  ),
]
