/** Who calls Graph. */
import type { Context, Tenant, UserConfig } from '../context.ts'
import { enforce } from '../context.ts'
import { GRAPH, isGraph } from '../dialects/entra_resources.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { Request } from '../protocol/messages.ts'
import { assertHolder } from '../tokens/confirmation.ts'
import { verifyAccessToken } from '../tokens/verify.ts'
import { localSubject } from '../users/subject.ts'
import { hintedUser, userOf } from '../users/user.ts'
import type { Visited } from './cloud_service.ts'
import { graphError } from './graph_error.ts'
import { principalName } from './graph_user.ts'

export interface GraphCaller {
  readonly cx: Context
  /** Whom the token is about; absent: it is the application's own. */
  readonly user?: UserConfig | undefined
  readonly roles: readonly string[]
}

/**
 * The caller, by a token that this provider issued for Graph.
 * @throws OAuthError token.*
 * @see https://learn.microsoft.com/graph/auth/auth-concepts#access-tokens
 */
export async function graphCaller(
  request: Request,
  at: Visited,
  isFor: (aud: string) => boolean = isGraph,
): Promise<GraphCaller> {
  const text = bearerToken(request)
  const cx = at.context(tenantOf(text, at))
  const live = await verifyAccessToken(text, cx)
  const { claims, client_id, grant } = live
  cx.exchange.client_id = client_id
  assertHolder(live, request.certificate, cx)
  const aud = [claims['aud']].flat().map(String)
  if (!aud.some(isFor))
    throw graphError(
      'token.invalid',
      'InvalidAuthenticationToken',
      `Access token validation failure. Invalid audience. It is ${aud.join(' ')}, expected ${GRAPH.identifier}; ask for a token with the scope ${GRAPH.identifier}/.default or User.Read`,
    )
  const roles = rolesOf(claims['roles'])
  if (claims['scp'] === undefined && grant === undefined) return { cx, roles }
  const user =
    grant === undefined ? cx.tenant.registry.subjects.get(String(claims['oid'])) : userOf(grant.login, cx)
  if (user !== undefined) return { cx, user, roles }
  throw new OAuthError('token.invalid', 'the token is about a user who is not declared any more')
}

function bearerToken({ headers }: Request): string {
  const text = /^bearer +(\S+) *$/i.exec(headers['authorization'] ?? '')?.[1]
  if (text !== undefined) return text
  throw new OAuthError('token.missing', 'no access token came; send Authorization: Bearer TOKEN')
}

/** The tenant that the token names, declared or not, and not yet believed; else the first. */
export function tenantOf(text: string, { tenants, sandbox }: Pick<Visited, 'tenants' | 'sandbox'>): Tenant {
  const tid = tidIn(text)
  const [first] = tenants
  const all = [...tenants, ...(first?.cloud?.members.values() ?? [])]
  return (all.find(({ id }) => id === tid) ?? sandbox(String(tid)) ?? first) as Tenant
}

function tidIn(text: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return (claims as Readonly<Record<string, Json>> | null)?.['tid']
  } catch {
    return undefined
  }
}

function rolesOf(claim: Json | undefined): readonly string[] {
  return Array.isArray(claim) ? claim.map(String) : []
}

/** The user whom a path names, by object id or user principal name. @throws OAuthError graph.not_found, scope.insufficient */
export function namedUser(id: string, { cx, user, roles }: GraphCaller): UserConfig {
  if (user === undefined) assertReader(roles, cx)
  else if ([localSubject(user, cx.tenant.seed), user.username].includes(id)) return user
  const wanted = id.toLowerCase()
  const called = (each: UserConfig) => principalName(each, cx.tenant).toLowerCase() === wanted
  const found =
    hintedUser(id, cx) ?? hintedUser(wanted, cx) ?? [...cx.tenant.registry.users.values()].find(called)
  if (found !== undefined) return found
  throw graphError(
    'graph.not_found',
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )
}

/** The caller itself. @throws OAuthError param.invalid for an application */
export function signedInUser({ user }: GraphCaller): UserConfig {
  if (user !== undefined) return user
  throw graphError(
    'param.invalid',
    'BadRequest',
    '/me request is only valid with delegated authentication flow.',
  )
}

/** Each of these application permissions opens some of what is served here; which one opens what is not told apart. */
const READERS: readonly string[] = [
  'User.Read.All',
  'User.ReadBasic.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Organization.Read.All',
]

/** An application reads of others only what it has a role for. @throws OAuthError scope.insufficient */
export function assertReader(roles: readonly string[], cx: Context): void {
  if (roles.some((role) => READERS.includes(role))) return
  const error = new OAuthError(
    'scope.insufficient',
    'Insufficient privileges to complete the operation. The token of an application needs a role such as User.Read.All or Directory.Read.All; add it to the roles of the client or of the managed identity',
    { detail: { code: 'Authorization_RequestDenied' } },
  )
  enforce('scope', error, cx)
}
