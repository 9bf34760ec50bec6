/** How Entra calls a person, which is another thing for guests. @see https://learn.microsoft.com/entra/external-id/user-properties */
import type { Facts } from '../hooks.ts'
import type { Json } from '../protocol/json.ts'
import { uuidOf } from '../protocol/uuid.ts'

/** Where personal accounts are at home. */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** What stands among the facts of whoever signed in. */
export interface Known extends Facts {
  readonly user: {
    readonly username: string
    readonly standard: Readonly<Record<string, Json>>
    readonly status: string
    readonly claims_in: Readonly<Record<string, readonly string[] | undefined>>
    readonly entra?:
      | {
          readonly user_type: string
          readonly home_tenant_id?: string | undefined
          readonly directory_roles: readonly string[]
        }
      | undefined
  }
  readonly login?: { readonly username: string; readonly amr?: readonly string[] | undefined }
  /** What may be told of them here. */
  readonly person: Readonly<Record<string, Json>>
  readonly local_sub: string
  readonly issuers: { readonly v1: string }
  readonly tenant: {
    readonly id: string
    readonly name: string
    readonly aliases: readonly string[]
    readonly entra: { readonly group_limit?: number; readonly overage_endpoint?: string }
  }
}

/** Whether somebody is of another tenant. */
export function isGuest({ entra }: Pick<Known['user'], 'entra'>): boolean {
  return entra?.user_type === 'Guest'
}

/** The names of the person, and what only tokens of guests say. */
export function personFacts(known: Known): Facts {
  const { user, person, login } = known
  const hasFactor = user.status.startsWith('mfa_') || login?.amr?.includes('mfa') === true
  const amr = hasFactor ? ['pwd', 'mfa'] : ['pwd']
  if (!isGuest(user)) return { amr, upn: person['preferred_username'] }
  const email = person['email'] ?? (user.username.includes('@') ? user.username : undefined)
  return { amr, upn: externalName(known), guest: { idp: issuerAtHome(known), email } }
}

/** The account as the tenant where it is at home knows it: what MSAL makes its account id of. */
export function accountAtHome({ user, local_sub, tenant }: Known): {
  readonly uid: string
  readonly utid: string
} {
  if (!isGuest(user)) return { uid: local_sub, utid: tenant.id }
  const utid = homeTenantOf(user)
  return { uid: uuidOf(utid, 'user', user.username), utid }
}

function homeTenantOf({ entra, username }: Known['user']): string {
  return entra?.home_tenant_id ?? uuidOf('tenant', 'home of', username)
}

function issuerAtHome({ user, issuers, tenant }: Known): string {
  const home = homeTenantOf(user)
  return home === PERSONAL ? 'live.com' : issuers.v1.replace(tenant.id, () => home)
}

/** The name that a guest has here: it tells the one at home. */
export function externalName({
  user: { username },
  tenant,
}: {
  readonly user: Pick<Known['user'], 'username'>
  readonly tenant: Pick<Known['tenant'], 'aliases' | 'name'>
}): string {
  return username.includes('#EXT#') ? username : `${username.replaceAll('@', '_')}#EXT#@${domainOf(tenant)}`
}

/** The first domain that the tenant had, which Microsoft gives. */
function domainOf({ aliases, name }: Pick<Known['tenant'], 'aliases' | 'name'>): string {
  const domains = aliases.filter((alias) => alias.includes('.'))
  return domains.find((each) => each.endsWith('.onmicrosoft.com')) ?? domains[0] ?? `${name}.onmicrosoft.com`
}
