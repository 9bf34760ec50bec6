/** Which claims of a user stand where. */
import type { ClaimPlace, Context, UserConfig } from '../context.ts'
import { allowedValues, type ClaimsRequest, type ClaimWanted } from '../protocol/claims_request.ts'
import { type Json, type Member, type Members, membersOf } from '../protocol/json.ts'
import { isStandardClaim, SCOPE_CLAIMS } from '../protocol/standard_claims.ts'

/** What decides which claims are released. */
export interface Release {
  readonly scopes: readonly string[]
  readonly claims: ClaimsRequest
  /** Whether what a scope releases stands in the ID token too: always where nothing else carries it. */
  readonly scopeClaims: boolean
}

/** The claims that these scope tokens release. @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims */
export function claimsOfScope(scope: string, { tenant }: Context): readonly string[] {
  return (Object.hasOwn(SCOPE_CLAIMS, scope) ? SCOPE_CLAIMS[scope] : tenant.config.scopes[scope]) ?? []
}

/** Every claim name that a user here can have, beside what tokens say of themselves. */
export function claimNames({ tenant }: Context): string[] {
  const configured = Object.values(tenant.config.scopes).flat()
  return [...new Set([...Object.values(SCOPE_CLAIMS).flat(), ...configured])]
}

/**
 * The user's claims for one place. A standard claim, and one that a configured scope names, needs its scope or the
 * claims parameter; roles, groups and other claims stand everywhere. `claims_in` narrows and widens both.
 */
export function claimsFor(place: ClaimPlace, user: UserConfig, release: Release, cx: Context): Members {
  const released = new Set(release.scopes.flatMap((scope) => claimsOfScope(scope, cx)))
  const bound = new Set(Object.values(cx.tenant.config.scopes).flat())
  const wanted = place === 'access_token' ? {} : release.claims[place]
  const named = new Set(Object.values(user.claims_in).flat())
  return allClaims(user).filter(({ name, value }) => {
    const isNamed = named.has(name)
    if (isNamed && !user.claims_in[place]?.includes(name)) return false
    if (name === 'roles' && !isNamed && !cx.tenant.dialect.rolesIn.includes(place)) return false
    if (name === 'groups' && user.groups.length > 0 && !cx.tenant.dialect.groupsIn.includes(place))
      return false
    if (Object.hasOwn(wanted, name)) return fits(value as Json, wanted[name])
    if (!bound.has(name) && !isStandardClaim(name)) return true
    const standsHere = place === 'userinfo' || isNamed || (place === 'id_token' && release.scopeClaims)
    return standsHere && released.has(name)
  })
}

/** A claim asked for with a value is left out where it has another. @see https://openid.net/specs/openid-connect-core-1_0.html#IndividualClaimsRequests */
function fits(value: Json, wanted: ClaimWanted | null | undefined): boolean {
  const allowed = allowedValues(wanted)
  return allowed === undefined || allowed.some((each) => JSON.stringify(each) === JSON.stringify(value))
}

function allClaims(user: UserConfig): Member[] {
  const { username, standard, roles, groups, claims } = user
  const from = `user ${username}`
  const implied = {
    preferred_username: username,
    email_verified: standard['email'] === undefined ? undefined : true,
  }
  return [
    ...membersOf({ ...implied, ...standard }, from),
    ...membersOf({ roles: filled(roles), groups: filled(groups) }, from),
    ...membersOf(claims, from),
  ]
}

function filled(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values
}
