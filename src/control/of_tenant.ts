import type { Tenant } from '../context.ts'

/** Whether a login is one of this tenant: those of a cloud share a store, and each login says where its user is at home. */
export function isOfTenant(login: { readonly home?: string | undefined }, { name }: Tenant): boolean {
  return (login.home ?? name) === name
}
