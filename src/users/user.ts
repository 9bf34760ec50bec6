import type { Context, UserConfig } from '../context.ts'
import type { Json } from '../protocol/json.ts'
import { isStandardClaim } from '../protocol/standard_claims.ts'
import { homeOf } from './home.ts'
import type { Login } from './login.ts'

/** The user that a login names: the declared one, or one who is there for this login only; edited claims on top. */
export function userOf(login: Pick<Login, 'username' | 'home' | 'claims'>, cx: Context): UserConfig {
  const { username, claims } = login
  const user = homeOf(login, cx).tenant.registry.users.get(username) ?? stranger(username)
  return claims === undefined ? user : edited(user, claims)
}

/** Someone who is not declared: a name and nothing more. */
function stranger(username: string): UserConfig {
  return { username, standard: {}, roles: [], groups: [], claims: {}, claims_in: {}, status: 'active' }
}

/** An edit of null takes the claim away. */
function edited(user: UserConfig, claims: Readonly<Record<string, Json>>): UserConfig {
  const { sub, roles, groups, ...rest } = claims
  const names = Object.keys(rest)
  return {
    ...user,
    ...(typeof sub === 'string' ? { sub } : {}),
    roles: texts(roles) ?? user.roles,
    groups: texts(groups) ?? user.groups,
    standard: withoutNull({ ...user.standard, ...picked(rest, names.filter(isStandardClaim)) }),
    claims: withoutNull({
      ...user.claims,
      ...picked(
        rest,
        names.filter((name) => !isStandardClaim(name)),
      ),
    }),
  }
}

function texts(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (value === null) return []
  return ([] as Json[]).concat(value as Json).map(String)
}

function picked(claims: Readonly<Record<string, Json>>, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(names.map((name) => [name, claims[name] as Json]))
}

/** SHOULD NOT be present with a null. @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse */
function withoutNull(claims: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
}

/** The username that a hint means; where no users are declared it may be anybody's. */
export function hintedName(hint: string | undefined, cx: Context): string | undefined {
  if (hint === undefined) return undefined
  return hintedUser(hint, cx)?.username ?? (cx.tenant.registry.users.size === 0 ? hint : undefined)
}

/** The declared user that a hint means: by username, e-mail, subject or telephone number. */
export function hintedUser(hint: string, { tenant }: Context): UserConfig | undefined {
  const { users, subjects } = tenant.registry
  const named = users.get(hint) ?? subjects.get(hint)
  if (named !== undefined) return named
  const wanted = hint.toLowerCase()
  for (const user of users.values()) {
    const { email, phone_number, preferred_username } = user.standard
    const names = [email, phone_number, preferred_username].filter((value) => typeof value === 'string')
    if (names.some((name) => name.toLowerCase() === wanted)) return user
  }
  return undefined
}
