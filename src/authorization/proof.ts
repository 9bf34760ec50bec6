/** How a login is proved: by which methods, and of which class it is. */
import type { Context } from '../context.ts'
import type { Directed } from '../users/directed.ts'
import type { Login } from '../users/login.ts'
import { provedBy } from '../users/status.ts'
import { userOf } from '../users/user.ts'
import type { SignInRequest } from './request.ts'

interface Asked {
  readonly request: SignInRequest
  readonly directed?: Directed | undefined
}

/**
 * The `amr` and `acr` of a login: with a second factor where the user or a test has it so.
 * @see https://www.rfc-editor.org/rfc/rfc8176.html#section-2
 */
export function proofOf(
  who: Pick<Login, 'username' | 'home' | 'amr'>,
  { request, directed }: Asked,
  cx: Context,
): Pick<Login, 'amr' | 'acr'> {
  const { stepUp } = cx.tenant.dialect
  const isAsked = stepUp === 'at login' || request.claims.challenged === true
  const amr = provedBy(who, userOf({ username: who.username, home: who.home }, cx), isAsked)
  const isStrong = directed?.mfa !== undefined
  return { amr: isStrong ? [...new Set([...(amr ?? []), 'mfa'])] : amr, acr: acrOf(request, isStrong, cx) }
}

/** The first of the wanted classes that logins here have, else the usual one; a second factor makes it a stronger one. */
function acrOf({ acr_values, claims }: SignInRequest, isStrong: boolean, { tenant }: Context) {
  const known = tenant.config.login.acr_values
  const stronger = isStrong && known.length > 1 ? known.slice(1) : known
  const wanted = (classes: readonly string[]) => acr_values.find((value) => classes.includes(value))
  // An essential class MUST be met as it was asked for, §5.5.1.1 of OpenID Connect Core.
  const essential = claims.id_token['acr']?.essential === true ? wanted(known) : undefined
  return wanted(stronger) ?? essential ?? stronger[0]
}
