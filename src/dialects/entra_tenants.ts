/** Tenants as Entra's addresses name them, one or several at once. */
import type { Situation } from '../hooks.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Dialect } from './dialect.ts'

/** @see https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints */
export const ENTRA_CLOUD: NonNullable<Dialect['cloud']> = {
  realms: { common: 'all', organizations: 'organizations', consumers: 'personal' },
  anyTenant: '{tenantid}',
  personal: '9188040d-6c67-4c5b-b112-36a304b66dad',
}

/** The addresses of several tenants where a grant is not served: nobody signs in there by whom to tell the tenant. */
const UNSERVED: ReadonlyMap<string, readonly string[]> = new Map([
  ['client_credentials', ['common', 'organizations', 'consumers']],
  ['password', ['common', 'consumers']],
])

/**
 * @throws OAuthError tenant.ambiguous
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#get-a-token
 */
export function assertTenant(grant_type: string | undefined, { facts }: Situation): void {
  const { name, several } = facts['tenant'] as { readonly name: string; readonly several: boolean }
  if (grant_type === undefined || !several || UNSERVED.get(grant_type)?.includes(name) !== true) return
  throw new OAuthError(
    'tenant.ambiguous',
    `${grant_type} came to /${name}, which stands for several tenants; send it to /TENANT, the id or a domain of the one whose token it shall be`,
    { detail: { grant_type } },
  )
}
