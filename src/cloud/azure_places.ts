/** Where the SDKs of Azure find a tenant, for those who tell programs and people. */
import type { Context, Tenant } from '../context.ts'
import { hasIdentities } from './identity.ts'

/** What is known of a provider that runs. */
export interface Serving {
  readonly tenants: readonly Tenant[]
  /** Base URL of the listener, http if it is served. */
  readonly url: string
  readonly httpsUrl: string | undefined
  context(tenant: Tenant): Context
}

/** The tenants that look like Azure. */
export function azureTenants({ tenants }: Pick<Serving, 'tenants'>): readonly Tenant[] {
  return tenants.filter(hasIdentities)
}

/** The host of a tenant's authority: its own base, where that is https, for the SDKs refuse http. */
export function authorityHost(tenant: Tenant, { context, httpsUrl }: Serving): string | undefined {
  const { caller } = context(tenant).bases
  return caller.startsWith('https:') ? caller : httpsUrl
}

/** How programs on a machine of Azure are told where its identities are. */
export type IdentityVariables = Readonly<
  Record<'IDENTITY_ENDPOINT' | 'IDENTITY_HEADER' | 'AZURE_POD_IDENTITY_AUTHORITY_HOST', string>
>

/** How a program finds the managed identities of a tenant: as in App Service, and as on a virtual machine. */
export function identityVariables(tenant: Tenant, serving: Serving): IdentityVariables {
  const isFirst = azureTenants(serving)[0] === tenant
  const base = isFirst ? serving.url : `${serving.url}/${tenant.id}`
  return {
    IDENTITY_ENDPOINT: `${base}/msi/token`,
    IDENTITY_HEADER: tenant.config.managed_identity.header ?? '',
    AZURE_POD_IDENTITY_AUTHORITY_HOST: base,
  }
}
