/** What keeps a user from signing in, or from getting tokens without it. */
import type { ClientConfig, Context, UserConfig } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'
import { isRemoved } from './home.ts'
import type { Login } from './login.ts'
import { rolesAt } from './roles.ts'

type Because = readonly [reason: Reason, what: string]

/** Who has one of these gets nothing, whatever they prove. */
const BARRED: Readonly<Partial<Record<UserConfig['status'], Because>>> = {
  disabled: ['user.disabled', 'is disabled'],
  locked: ['user.locked', 'is locked out, as after too many wrong passwords'],
  password_expired: ['user.password_expired', 'has a password that has expired'],
  blocked: ['user.blocked', 'is kept out by a policy'],
}

/** Who has one of these proves more than a password at a page. */
const UNPROVED: Readonly<Partial<Record<UserConfig['status'], Because>>> = {
  mfa_required: ['user.mfa_required', 'needs a second factor'],
  mfa_enrolment_required: ['user.mfa_enrolment_required', 'has to register a second factor'],
}

/** Why a user cannot have tokens at all. */
export function barredBy({ username, status }: UserConfig): OAuthError | undefined {
  const barred = BARRED[status]
  if (barred === undefined) return undefined
  return new OAuthError(
    barred[0],
    `user ${username} ${barred[1]}; sign in as somebody else, or set status: active for the user`,
    { detail: { username, status } },
  )
}

/** Why somebody can have nothing any more of what they once signed in for. */
export function removedSince(login: Login, cx: Context): OAuthError | undefined {
  if (!isRemoved(login, cx)) return undefined
  const { username } = login
  return new OAuthError(
    'user.unknown',
    `user ${username}, who had signed in, is not declared any more; sign in as somebody else, or declare the user again`,
    { detail: { username } },
  )
}

/** Why a user cannot have tokens of this client. @see https://learn.microsoft.com/entra/identity-platform/howto-restrict-your-app-to-a-set-of-users */
export function unassignedTo(client: ClientConfig, user: UserConfig, cx: Context): OAuthError | undefined {
  const { username } = user
  const { client_id } = client
  const needsRole = cx.tenant.dialect.assignsUsers && client.entra?.app_role_assignment_required === true
  if (!needsRole || rolesAt(client, user, cx).length > 0) return undefined
  return new OAuthError(
    'user.not_assigned',
    `user ${username} has no role of client ${client_id}, which lets in only those who have; give the user one, or set app_role_assignment_required: false`,
    { detail: { username, client_id } },
  )
}

/** What a login still lacks: a second factor, which is shown at a page. @see https://www.rfc-editor.org/rfc/rfc8176.html#section-2 */
export function unproved(
  { username, status }: Pick<UserConfig, 'username' | 'status'>,
  { amr }: Pick<Login, 'amr'>,
): OAuthError | undefined {
  const missing = UNPROVED[status]
  if (missing === undefined || amr?.includes('mfa') === true) return undefined
  return new OAuthError(
    missing[0],
    `user ${username} ${missing[1]}, which takes a page; send the user to the authorization endpoint, with the claims of this answer if it has any`,
    { detail: { username, status } },
  )
}

/** How the user showed who they are at a page, with the second factor where that was asked for. */
export function provedBy(
  { amr }: Pick<Login, 'amr'>,
  { status }: UserConfig,
  isAsked: boolean,
): readonly string[] | undefined {
  return isAsked && UNPROVED[status] !== undefined ? [...(amr ?? []), 'mfa'] : amr
}
