/** Makes a tenant out of its configuration, at any time: a sandbox is one more of them. */
import type { Clock } from './clock.ts'
import type { TenantConfig } from './config/resolve.ts'
import type { Advertised, Cloud, Tenant } from './context.ts'
import type { Dialect } from './dialects/dialect.ts'
import type { KeySet } from './keys/keys.ts'
import type { Outbound } from './outbound.ts'
import { later } from './protocol/later.ts'
import { uuidOf } from './protocol/uuid.ts'
import type { Random } from './random.ts'
import type { NextLogins } from './sessions/next_login.ts'
import type { Store } from './store/store.ts'
import { Indexes } from './tenancy/indexes.ts'
import { identified, withKnown } from './tenancy/known_resources.ts'
import { layered, registryOf } from './tenancy/registry.ts'

/** What a tenant is given; its own or shared with others is the caller's choice. */
export interface Parts {
  readonly dialect: Dialect
  readonly clock: Clock
  readonly random: Random
  readonly keys: KeySet
  readonly store: Store
  readonly advertised: readonly Advertised[]
  readonly outbound: (allowed: () => ReadonlySet<string>) => Outbound
  readonly record: Tenant['record']
  readonly nextLogins: NextLogins
  readonly jwksCacheControl?: string | undefined
  readonly cloud?: Cloud | undefined
  readonly neighbours?: (() => readonly Tenant[]) | undefined
  /** Of the tenant that this one is a copy of. */
  readonly seed?: string | undefined
  /** Shared with tenants that declare the same. */
  readonly indexes?: Indexes | undefined
}

export function createTenant(given: TenantConfig, parts: Parts): Tenant {
  const { dialect, outbound, cloud, seed, indexes = new Indexes(), ...rest } = parts
  const config = identified(given, dialect, indexes)
  const id = config.id ?? (dialect.tenantIsGuid ? uuidOf('tenant', config.name) : config.name)
  const pattern = config.isRoot ? dialect.mount.only : dialect.mount.named
  const path = pattern.replace(':tenant', () => segmentOf(config, id, dialect))
  const names = namesOf({ config, id, dialect })
  // What stands for several tenants stands for this one too.
  const called = [...names, ...Object.keys(cloud === undefined ? {} : (dialect.cloud?.realms ?? {}))]
  const named = called.map((name) => pattern.replace(':tenant', () => encodeURIComponent(name)))
  const origin = seed ?? id
  // Most of thousands of tenants are never asked for anything.
  const registry = later(() => {
    const own = registryOf(config, origin, indexes)
    return withKnown(isAlone(config, cloud) ? own : layered(own, () => (cloud as Cloud).shared), dialect)
  })
  const door = later(() => outbound(() => new Set((cloud?.configs ?? [config]).flatMap(originsOf))))
  return {
    ...rest,
    cloud,
    name: config.name,
    id,
    seed: origin,
    path,
    paths: [...new Set([path, ...named])],
    names,
    config,
    get registry() {
      return registry()
    },
    dialect,
    hooks: [dialect.hooks],
    get outbound() {
      return door()
    },
  }
}

function isAlone(config: TenantConfig, cloud: Cloud | undefined): boolean {
  return cloud === undefined || cloud.configs.every(({ name }) => name === config.name)
}

/** Providers that show an id show it in the path too; else the tenant's name stands there. */
function segmentOf(config: TenantConfig, id: string, dialect: Dialect): string {
  return encodeURIComponent(dialect.tenantIsGuid || config.id !== undefined ? id : config.name)
}

/** Every name by which a path may call the tenant. */
function namesOf({ config, id, dialect }: Pick<Tenant, 'config' | 'id' | 'dialect'>): string[] {
  const names = [id, config.name, ...config.aliases, ...namesByHost(config, dialect)]
  return dialect.tenantIsGuid ? names.flatMap((name) => [name, name.toLowerCase()]) : names
}

/** @see https://learn.microsoft.com/entra/external-id/customers/concept-authentication-methods-customers */
function namesByHost({ hosts }: TenantConfig, { hostNames = {} }: Dialect): string[] {
  return Object.entries(hostNames).flatMap(([end, other]) =>
    hosts.flatMap((host) => (host.endsWith(end) ? `${host.slice(0, -end.length)}${other}` : [])),
  )
}

/** Origins of what the declared clients have the provider fetch or post to, and those that clients may register. */
function originsOf({ clients, registration }: TenantConfig): readonly string[] {
  const urls = clients.flatMap((client) => [
    client.jwks_uri,
    client.sector_identifier_uri,
    client.backchannel_logout_uri,
    ...client.request_uris,
    ...client.federated_credentials.map(({ jwks_uri }) => jwks_uri),
  ])
  const origins = urls.flatMap((url) => (url === undefined ? [] : new URL(url).origin))
  return registration.enabled ? [...origins, ...registration.allowed_origins] : origins
}
