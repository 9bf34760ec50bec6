/** Groups and directory roles in tokens. @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim */
import type { Situation } from '../hooks.ts'
import type { Json } from '../protocol/json.ts'
import type { Known } from './entra_person.ts'

/** What an application wants to have in its tokens. */
export interface Wanted {
  readonly optional_claims?: readonly string[]
  readonly group_membership_claims?: readonly string[]
}

const OF_GROUPS = ['SecurityGroup', 'ApplicationGroup', 'All']
const OF_ROLES = ['DirectoryRole', 'All']

/** Most groups of a token that goes through the browser. */
const MOST_IN_BROWSER = 5

/** Most groups of a token, unless the tenant is configured otherwise. */
const MOST = 200

type Member = Known & {
  readonly kind: string
  readonly mount: string
  readonly group_ids: () => readonly string[]
}

/**
 * The claims for an application's wishes. Without any it gets the groups: a user has them because somebody wrote them
 * down. Too many are left out, with the address where they can be asked for.
 */
export function groupClaims(member: Member, wanted: Wanted, at: Situation): Readonly<Record<string, Json>> {
  const { group_membership_claims: kinds = [], optional_claims: optional = [] } = wanted
  const asks = (name: string, of: readonly string[]) =>
    isNamedHere(name, member) ?? (optional.includes(name) || kinds.some((kind) => of.includes(kind)))
  const roles = asks('wids', OF_ROLES) ? (member.user.entra?.directory_roles ?? []) : []
  const groups = kinds.length === 0 || asks('groups', OF_GROUPS) ? member.group_ids() : []
  const stand = isNamedHere('groups', member) ?? true
  return {
    ...(groups.length > 0 && stand && listed(groups, member, at)),
    ...(roles.length > 0 && { wids: roles }),
  }
}

/** What `claims_in` of the user says of a claim; undefined: nothing. */
function isNamedHere(name: string, { user: { claims_in }, kind }: Member): boolean | undefined {
  if (!Object.values(claims_in).some((names) => names?.includes(name))) return undefined
  return claims_in[kind === 'id_token' ? kind : 'access_token']?.includes(name) === true
}

function listed(
  groups: readonly string[],
  { tenant, local_sub, mount }: Member,
  { endpoint }: Situation,
): Readonly<Record<string, Json>> {
  if (endpoint !== 'token' && groups.length > MOST_IN_BROWSER) return { hasgroups: true }
  if (groups.length <= (tenant.entra.group_limit ?? MOST)) return { groups }
  const isOwn = tenant.entra.overage_endpoint === 'own'
  const place = isOwn ? `${new URL(mount).origin}/v1.0` : `https://graph.windows.net/${tenant.id}`
  return {
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: { endpoint: `${place}/users/${local_sub}/getMemberObjects` } },
  }
}
