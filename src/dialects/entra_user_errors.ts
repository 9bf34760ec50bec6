/** Entra's refusals of a user, whoever asks for them. @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
import type { Facts } from '../hooks.ts'
import { uuidOf } from '../protocol/uuid.ts'
import { aadsts, redirected } from './aadsts.ts'
import type { ErrorRule } from './description.ts'

const GRANT = { status: 400, error: 'invalid_grant' }

/** What tells MSAL to show a page; the claims go with the request for it. */
const STEP_UP = { suberror: 'basic_action', claims: '{challenge}' }

const MORE_PROOF =
  'Due to a configuration change made by your administrator, or because you moved to a new location, you must'
const MUST_PROVE = `${MORE_PROOF} use multi-factor authentication to access the application: {error.description}.`
const MUST_ENROL = `${MORE_PROOF} enroll in multi-factor authentication to access the application: {error.description}.`
const NOT_ASSIGNED =
  "Your administrator has configured the application '{error.client_id}' to block users unless they are specifically granted (assigned) access to the application. The signed-in user '{error.username}' is blocked: {error.description}."

/** Code, text, reason and suberror of who gets nothing at all. */
const BARRED = [
  [50057, 'The user account is disabled: {error.description}.', 'user.disabled', undefined],
  [50053, 'The account is locked: {error.description}.', 'user.locked', undefined],
  [50055, 'The password is expired: {error.description}.', 'user.password_expired', 'user_password_expired'],
  [
    53003,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance: {error.description}.',
    'user.blocked',
    'message_only',
  ],
] as const

export const USER_REDIRECTED: readonly ErrorRule[] = [
  ...BARRED.map(([code, text, reason, suberror]) =>
    redirected(code, { error: 'access_denied', ...(suberror && { suberror }) }, text, reason),
  ),
  redirected(50105, { error: 'interaction_required' }, NOT_ASSIGNED, 'user.not_assigned'),
  redirected(50076, { error: 'interaction_required', ...STEP_UP }, MUST_PROVE, 'user.mfa_required'),
  redirected(50079, { error: 'interaction_required', ...STEP_UP }, MUST_ENROL, 'user.mfa_enrolment_required'),
]

/** v1 has an error code of its own where v2 has a suberror. */
const STEP_UP_V1 = { status: 400, error: 'interaction_required', face: 'v1', ...STEP_UP }
const STEP_UP_V2 = { ...GRANT, ...STEP_UP }

export const USER_ERRORS: readonly ErrorRule[] = [
  ...BARRED.map(([code, text, reason, suberror]) =>
    aadsts(code, { ...GRANT, ...(suberror && { suberror }) }, text, reason),
  ),
  aadsts(50105, GRANT, NOT_ASSIGNED, 'user.not_assigned'),
  aadsts(50076, STEP_UP_V1, MUST_PROVE, 'user.mfa_required'),
  aadsts(50079, STEP_UP_V1, MUST_ENROL, 'user.mfa_enrolment_required'),
  aadsts(50076, STEP_UP_V2, MUST_PROVE, 'user.mfa_required'),
  aadsts(50079, STEP_UP_V2, MUST_ENROL, 'user.mfa_enrolment_required'),
  aadsts(
    50034,
    GRANT,
    'The user account does not exist in the directory. To sign into this application, the account must be added to the directory: {error.description}.',
    'user.unknown',
  ),
]

/** What a client is to ask for so that the user proves more, as text: the policy that wants it. */
export function challengeFacts(): Facts {
  const capolids = { essential: true, values: [uuidOf('entra', 'conditional access policy')] }
  return { challenge: JSON.stringify({ access_token: { capolids } }) }
}
