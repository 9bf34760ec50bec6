import type { Tenant } from '../context.ts'

/** The addresses of a tenant's user flows, each with the manners that the dialect has there. */
export function policiesOf(tenant: Tenant): Tenant[] {
  const { flows = [] } = tenant.dialect
  return tenant.config.entra.policies.flatMap((policy) => flows.map((flow) => at(flow, policy, tenant)))
}

function at(dialect: Tenant['dialect'], policy: string, tenant: Tenant): Tenant {
  const below = (name: string) =>
    dialect.mount.named
      .replace(':tenant', () => encodeURIComponent(name))
      .replace(':policy', () => encodeURIComponent(policy))
  return {
    ...tenant,
    dialect,
    hooks: [dialect.hooks],
    policy,
    path: below(tenant.id),
    paths: tenant.names.map(below),
    // Clients write both parts in lower case.
    names: tenant.names.map((name) => `${name}/${policy}`.toLowerCase()),
    issuerPath: dialect.mount.issuer?.replace(':tenant', () => encodeURIComponent(tenant.id)),
  }
}
