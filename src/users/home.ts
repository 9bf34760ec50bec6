/** Where a user is at home: the tenant that declares them, wherever they sign in. */
import type { Account, Context, UserConfig } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'

interface AtHome {
  readonly home?: string | undefined
}

/** What was granted where the user signed in: at a tenant, or in one of its user flows. */
interface SignedIn {
  readonly login: AtHome
  readonly flow?: string | undefined
}

/** The context in which the tokens of a login are made: id, issuer, keys and users of the user's own tenant. */
export function homeOf({ home }: AtHome, cx: Context): Context {
  const tenant = home === undefined ? undefined : cx.tenant.cloud?.members.get(home)
  return tenant === undefined || tenant.name === cx.tenant.name ? cx : { ...cx, tenant, mount: tenant.path }
}

/**
 * Whom a name means that was picked or typed here. Where users of several tenants sign in, somebody who is not declared
 * belongs to the tenant of their domain, else to the first.
 */
export function accountOf(name: string, { tenant }: Context): Account {
  const declared = tenant.registry.users.has(name) ? { declared: true } : {}
  if (tenant.cloud === undefined) return { username: name, ...declared }
  if (tenant.homes === undefined) return { username: name, home: tenant.name, ...declared }
  const known = tenant.registry.accounts?.get(name)
  if (known !== undefined) return { username: known.username, home: known.home, ...declared }
  const byDomain = tenant.cloud.called(name.slice(name.lastIndexOf('@') + 1))?.name ?? ''
  const [first] = tenant.homes.keys()
  return { username: name, home: tenant.homes.has(byDomain) ? byDomain : first }
}

/** Whether somebody who signed in was declared then, and is not any more. */
export function isRemoved({ username, home, declared }: Account, cx: Context): boolean {
  return declared === true && !homeOf({ home }, cx).tenant.registry.users.has(username)
}

export function isSameAccount(one: Account, other: Account): boolean {
  return one.username === other.username && one.home === other.home
}

/** The tenant of a user of elsewhere, who cannot sign in here. */
export function foreignAccount(name: string, { tenant }: Context): string | undefined {
  const owner = tenant.cloud?.ownerOf(name)
  if (owner === undefined || owner.name === tenant.name || tenant.homes?.has(owner.name)) return undefined
  return owner.name
}

/**
 * What a user was granted at one tenant is worth nothing at another; at an address of several it is, if theirs is one.
 * Of a user flow it is worth nothing anywhere else.
 * @throws OAuthError of the reason given
 */
export function assertHome({ login: { home }, flow }: SignedIn, reason: Reason, { tenant }: Context): void {
  const isAtHome = home === undefined || home === tenant.name || tenant.homes?.has(home) === true
  if (isAtHome && flow === tenant.policy) return
  const [there, here] = isAtHome ? [flow, tenant.policy].map(called) : [`tenant ${home}`, tenant.name]
  throw new OAuthError(
    reason,
    `this is for ${there}, where the user signed in, and came to ${here}; send it where the user signed in${isAtHome ? '' : ', or to their tenant'}`,
    { detail: home === undefined ? {} : { tenant: home } },
  )
}

function called(flow: string | undefined): string {
  return flow === undefined ? 'the tenant itself' : `user flow ${flow}`
}

/** Whether a tenant declares the user of another one, who is at home there. @see https://learn.microsoft.com/entra/external-id/user-properties */
export function isGuest({ entra }: UserConfig): boolean {
  return entra?.user_type === 'Guest'
}
