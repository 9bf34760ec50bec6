import { stringify } from 'yaml'
import { maskConfig } from '../../config/mask.ts'
import type { ResolvedConfig, TenantConfig } from '../../config/resolve.ts'

/** The configuration as it was understood, in the shape in which it is written; secrets are masked. */
export function printedConfig({ server, issuer, keys, tenants }: ResolvedConfig): string {
  const [only] = tenants
  const body =
    tenants.length === 1 && only?.isRoot === true
      ? { ...tenantOf(only), keys: keysOf(only.keys.length === 0 ? keys : only.keys) }
      : {
          keys: keysOf(keys),
          tenants: Object.fromEntries(tenants.map((tenant) => [tenant.name, tenantOf(tenant)])),
        }
  return stringify(maskConfig({ server, issuer, ...body }), { lineWidth: 0 })
}

function tenantOf({ name: _, isRoot: _root, ...config }: TenantConfig): object {
  const { keys, strictness, clients, users, entra, managed_identity, ...tenant } = config
  const { checks, default: level } = strictness
  return {
    ...tenant,
    // No other dialect may say these.
    ...(tenant.dialect === 'entra' && { entra, managed_identity }),
    strictness: { default: level, ...checks },
    keys: keysOf(keys),
    clients: clients.map(({ client_id, secrets, scopes, redirect_uris, ...client }) => ({
      client_id,
      ...(secrets.length > 0 && { secrets }),
      ...client,
      redirect_uris: redirect_uris.filter((uri) => client.entra?.spa_redirect_uris.includes(uri) !== true),
      ...(scopes !== undefined && { scope: scopes.join(' ') }),
    })),
    users: users.map(({ standard, ...user }) => ({ ...user, ...standard })),
  }
}

function keysOf(keys: TenantConfig['keys']): object[] {
  return keys.map(({ at: _, ...key }) => key)
}
