/** Which claims of a user a client does not get, and what would bring them. */
import type { ClaimPlace, Context, UserConfig } from '../../context.ts'
import { NO_CLAIMS } from '../../protocol/claims_request.ts'
import type { Member, Members } from '../../protocol/json.ts'
import { isStandardClaim, SCOPE_CLAIMS } from '../../protocol/standard_claims.ts'
import { claimsFor, claimsOfScope } from '../../users/claims.ts'

/** What stands in each place. */
export type Shown = Readonly<Record<ClaimPlace, Members>>

interface At {
  readonly client: string
  readonly user: UserConfig
  /** Scope tokens that were granted. */
  readonly scopes: readonly string[]
  readonly cx: Context
}

const PLACES = ['access_token', 'id_token', 'userinfo'] as const

/** A row for each reason: the claims that it keeps away, and from where. Roles and groups every dialect has its way of. */
export function leftOut(shown: Shown, at: At): Members {
  const reasons = new Map<string, Set<string>>()
  for (const place of PLACES) {
    const there = new Set(shown[place].map(({ name }) => name))
    for (const name of claimsOf(at)) {
      if (there.has(name) || name === 'roles' || name === 'groups') continue
      const reason = reasonOf(name, place, at)
      reasons.set(reason, (reasons.get(reason) ?? new Set()).add(name))
    }
  }
  return [...reasons].map(([reason, names]): Member => ({ name: [...names].join(' '), value: reason }))
}

/** All that the user has. */
function claimsOf({ user, cx }: At): ReadonlySet<string> {
  const scopes = [...Object.keys(SCOPE_CLAIMS), ...Object.keys(cx.tenant.config.scopes)]
  const all = claimsFor(
    'userinfo',
    { ...user, claims_in: {} },
    { scopes, claims: NO_CLAIMS, scopeClaims: true },
    cx,
  )
  return new Set(all.map(({ name }) => name))
}

const SPOKEN: Readonly<Record<ClaimPlace, string>> = {
  access_token: 'access token',
  id_token: 'ID token',
  userinfo: 'userinfo',
}

function reasonOf(name: string, place: ClaimPlace, { client, user, scopes, cx }: At): string {
  const { claims_in, username } = user
  if (Object.values(claims_in).flat().includes(name))
    return `not in the ${SPOKEN[place]}: claims_in of user ${username} names it elsewhere`
  const scope = [...Object.keys(SCOPE_CLAIMS), ...Object.keys(cx.tenant.config.scopes)].find((each) =>
    claimsOfScope(each, cx).includes(name),
  )
  if (place === 'access_token' && (scope !== undefined || isStandardClaim(name)))
    return `not in the access token, unless claims_in: { access_token: […] } of user ${username} names it`
  if (scope !== undefined && !scopes.includes(scope))
    return `not in ID token and userinfo: the scope has no ${scope}`
  if (place === 'id_token' && scope !== undefined)
    return `in userinfo alone, unless id_token: { scope_claims: true } of client ${client} says otherwise`
  return `not in the ${SPOKEN[place]}: dialect ${cx.tenant.dialect.name} has it not there`
}
