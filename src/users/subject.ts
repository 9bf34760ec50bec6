import type { ClientConfig, Context, UserConfig } from '../context.ts'
import { urlOf } from '../protocol/url.ts'
import { uuidOf } from '../protocol/uuid.ts'
import { homeOf } from './home.ts'
import type { Login } from './login.ts'
import { userOf } from './user.ts'

/** The user's own identifier: as configured, or one that is the same on every machine and at every start. */
export function localSubject({ sub, username }: UserConfig, seed: string): string {
  return sub ?? uuidOf(seed, 'user', username)
}

/**
 * The `sub` that a client sees: the same for all, or one of its sector's own.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes
 */
export function subjectFor(user: UserConfig, client: ClientConfig, { tenant }: Context): string {
  const local = localSubject(user, tenant.seed)
  if (client.subject_type === 'pairwise') return uuidOf(tenant.seed, 'pairwise', sectorOf(client), local)
  const isOwn = tenant.dialect.userSubject === 'pairwise' && user.sub === undefined
  return isOwn ? uuidOf(tenant.seed, 'pairwise', client.client_id, local) : local
}

/** The `sub` that a client sees of whoever signed in. */
export function subjectOf(
  login: Pick<Login, 'username' | 'home' | 'claims'>,
  client: ClientConfig,
  cx: Context,
): string {
  const home = homeOf(login, cx)
  return subjectFor(userOf(login, home), client, home)
}

/**
 * The `sub` of an access token: that of the client, or, where every application has its own, of the one that the token
 * is for.
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#payload-claims
 */
export function subjectAt(
  user: UserConfig,
  { client, application }: { readonly client: ClientConfig; readonly application: string | undefined },
  cx: Context,
): string {
  const isOwn = cx.tenant.dialect.userSubject === 'pairwise' && application !== undefined
  if (!isOwn || client.subject_type === 'pairwise') return subjectFor(user, client, cx)
  return subjectFor(user, { ...client, client_id: application }, cx)
}

/** The client by itself, where a URI of its own scheme names no host. @see https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg */
function sectorOf({ sector_identifier_uri, redirect_uris, client_id }: ClientConfig): string {
  const uri = sector_identifier_uri ?? redirect_uris[0]
  return urlOf(uri ?? '')?.hostname || client_id
}
