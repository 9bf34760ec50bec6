import type { Context } from '../context.ts'
import type { UserGrant } from './user_grant.ts'

/** Longer than anything that was issued for a grant can live. */
const REMEMBERED = 366 * 86_400

/** Ends everything that was issued for a grant: access tokens, refresh tokens, codes. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 */
export async function revokeGrant({ id }: UserGrant, { tenant }: Context): Promise<void> {
  await tenant.store.add('revoked_grant', id, true, tenant.clock.seconds() + REMEMBERED)
}

/** Whether a grant was revoked, or ended with its session. */
export async function isRevoked({ id, login, offline }: UserGrant, { tenant }: Context): Promise<boolean> {
  if ((await tenant.store.get('revoked_grant', id)) !== undefined) return true
  if (offline || login.sid === undefined) return false
  return (await tenant.store.get('ended_session', login.sid)) !== undefined
}
