import type { Context } from '../context.ts'
import type { UserGrant } from './user_grant.ts'

/** Whatever lifetimes are configured, nothing that was issued for a grant comes back. */
const FOR_GOOD = Number.POSITIVE_INFINITY

/** Ends everything that was issued for a grant: access tokens, refresh tokens, codes. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 */
export async function revokeGrant({ id }: UserGrant, { tenant }: Context): Promise<void> {
  await tenant.store.add('revoked_grant', id, true, FOR_GOOD)
}

/** Whether a grant was revoked, or ended with its session. */
export async function isRevoked({ id, login, offline }: UserGrant, { tenant }: Context): Promise<boolean> {
  if ((await tenant.store.get('revoked_grant', id)) !== undefined) return true
  if (offline || login.sid === undefined) return false
  return (await tenant.store.get('ended_session', login.sid)) !== undefined
}
