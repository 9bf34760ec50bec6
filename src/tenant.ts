/** Makes a tenant out of its configuration, at any time: a sandbox is one more of them. */
import type { Clock } from './clock.ts'
import type { ResourceConfig, TenantConfig, UserConfig } from './config/resolve.ts'
import type { Advertised, Exchange, Registry, Tenant } from './context.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { KeySet } from './keys/keys.ts'
import type { Outbound } from './outbound.ts'
import { uuidOf } from './protocol/uuid.ts'
import type { Random } from './random.ts'
import type { Store } from './store/store.ts'
import { localSubject } from './users/subject.ts'

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
    registry: registryOf(config, id),
    dialect,
    hooks: [dialect.hooks],
    outbound: outbound(() => originsOf(config)),
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

function registryOf({ clients, resources, users }: TenantConfig, id: string): Registry {
  let subjects: ReadonlyMap<string, UserConfig> | undefined
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
    users: new Map(users.map((user) => [user.username, user])),
    // A hash each: made when the first token without a grant asks who it is about.
    get subjects() {
      subjects ??= new Map(users.map((user) => [localSubject(user, id), user]))
      return subjects
    },
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

/** Origins of what the declared clients have the provider fetch or post to, and those that clients may register. */
function originsOf({ clients, registration }: TenantConfig): ReadonlySet<string> {
  const urls = clients.flatMap((client) => [
    client.jwks_uri,
    client.sector_identifier_uri,
    client.backchannel_logout_uri,
    ...client.request_uris,
  ])
  const origins = urls.flatMap((url) => (url === undefined ? [] : new URL(url).origin))
  return new Set(registration.enabled ? [...origins, ...registration.allowed_origins] : origins)
}
