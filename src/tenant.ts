/** Makes a tenant out of its configuration, at any time: a sandbox is one more of them. */
import type { Clock } from './clock.ts'
import type { ClientConfig, ResourceConfig, TenantConfig } from './config/resolve.ts'
import type { Advertised, Exchange, Registry, Tenant } from './context.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { KeySet } from './keys/keys.ts'
import type { Outbound } from './outbound.ts'
import { uuidOf } from './protocol/uuid.ts'
import type { Random } from './random.ts'
import type { Store } from './store/store.ts'

/** What a tenant is given; its own or shared with others is the caller's choice. */
export interface Parts {
  readonly dialect: Dialect
  readonly clock: Clock
  readonly random: Random
  readonly keys: KeySet
  readonly store: Store
  readonly advertised: readonly Advertised[]
  readonly outbound: (allowed: () => ReadonlySet<string>) => Outbound
  readonly record: (exchange: Exchange) => void
}

export function createTenant(config: TenantConfig, parts: Parts): Tenant {
  const { dialect, outbound, ...rest } = parts
  const id = config.id ?? (dialect.tenantIsGuid ? uuidOf('tenant', config.name) : config.name)
  const pattern = config.isRoot ? dialect.mount.only : dialect.mount.named
  const path = pattern.replace(':tenant', () => segmentOf(config, id, dialect))
  const named = pathNames({ config, id, dialect }).map((name) =>
    pattern.replace(':tenant', () => encodeURIComponent(name)),
  )
  return {
    ...rest,
    name: config.name,
    id,
    path,
    paths: [...new Set([path, ...named])],
    config,
    registry: registryOf(config),
    dialect,
    hooks: [dialect.hooks],
    outbound: outbound(() => originsOf(config.clients)),
  }
}

/** Providers that show an id show it in the path too; else the tenant's name stands there. */
function segmentOf(config: TenantConfig, id: string, dialect: Dialect): string {
  return encodeURIComponent(dialect.tenantIsGuid || config.id !== undefined ? id : config.name)
}

/** Every name by which a path may call the tenant. */
export function pathNames({ config, id, dialect }: Pick<Tenant, 'config' | 'id' | 'dialect'>): string[] {
  const names = [id, config.name, ...config.aliases]
  return dialect.tenantIsGuid ? names.flatMap((name) => [name, name.toLowerCase()]) : names
}

function registryOf({ clients, resources }: TenantConfig): Registry {
  return {
    clients: new Map(clients.map((client) => [client.client_id, client])),
    resources: new Map(
      resources.flatMap((resource) => resourceNames(resource).map((name) => [name, resource] as const)),
    ),
    scopeOwners: grouped(
      resources.flatMap((resource) => resource.scopes.map((scope) => [scope, resource] as const)),
    ),
    roleOwners: grouped(
      resources.flatMap(({ roles, identifier }) => roles.map((role) => [role, identifier] as const)),
    ),
  }
}

function resourceNames({ identifier, id }: ResourceConfig): string[] {
  return id === undefined ? [identifier] : [identifier, id]
}

function grouped<V>(pairs: readonly (readonly [string, V])[]): ReadonlyMap<string, readonly V[]> {
  const groups = new Map<string, V[]>()
  for (const [name, value] of pairs) {
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [value])
    else group.push(value)
  }
  return groups
}

function originsOf(clients: readonly ClientConfig[]): ReadonlySet<string> {
  return new Set(clients.flatMap(({ jwks_uri }) => (jwks_uri === undefined ? [] : new URL(jwks_uri).origin)))
}
