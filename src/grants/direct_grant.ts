import type { Context } from '../context.ts'
import { NO_CLAIMS } from '../protocol/claims_request.ts'
import type { UserGrant } from '../tokens/user_grant.ts'

/** What a client gets for a user without a browser: bound to no session, so it outlives every one. */
export function directGrant(
  asked: Pick<UserGrant, 'client_id' | 'login' | 'scopes'> & Partial<Pick<UserGrant, 'targets'>>,
  { tenant }: Context,
): UserGrant {
  const { policy: flow } = tenant
  const offline = asked.scopes.includes('offline_access')
  return { id: tenant.random.token(32), targets: {}, ...asked, claims: NO_CLAIMS, offline, flow }
}
