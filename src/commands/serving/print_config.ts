import { stringify } from 'yaml'
import { spelledClient } from '../../config/describe_client.ts'
import { spelledUser } from '../../config/describe_user.ts'
import { maskConfig } from '../../config/mask.ts'
import type { ResolvedConfig, TenantConfig } from '../../config/resolve.ts'

/** The configuration as it was understood, in the shape in which it is written; secrets are masked. */
export function printedConfig({ server, issuer, keys, control, tenants }: ResolvedConfig): string {
  const [only] = tenants
  const body =
    tenants.length === 1 && only?.isRoot === true
      ? { ...tenantOf(only), keys: keysOf(only.keys.length === 0 ? keys : only.keys) }
      : {
          keys: keysOf(keys),
          tenants: Object.fromEntries(tenants.map((tenant) => [tenant.name, tenantOf(tenant)])),
        }
  return stringify(maskConfig({ server, issuer, control, ...body }), { lineWidth: 0 })
}

function tenantOf({ name: _, isRoot: _root, ...config }: TenantConfig): object {
  const { keys, strictness, findings, clients, users, entra, managed_identity, ...tenant } = config
  const { checks, default: level } = strictness
  return {
    ...tenant,
    // No other dialect may say these.
    ...(tenant.dialect === 'entra' && { entra, managed_identity }),
    strictness: { default: level, ...checks },
    findings: { default: findings.default, ...findings.rules },
    keys: keysOf(keys),
    clients: clients.map(spelledClient),
    users: users.map(spelledUser),
  }
}

function keysOf(keys: TenantConfig['keys']): object[] {
  return keys.map(({ at: _, ...key }) => key)
}
