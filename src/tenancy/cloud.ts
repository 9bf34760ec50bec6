/** The tenants of one provider that know each other, as those of Entra ID do. */
import type { ResourceConfig, TenantConfig, UserConfig } from '../config/resolve.ts'
import type { Cloud, Tenant } from '../context.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { later } from '../protocol/later.ts'
import { uuidOf } from '../protocol/uuid.ts'
import { isGuest } from '../users/home.ts'
import { registryOf } from './registry.ts'

/** How a tenant of the cloud is made. */
type Make = (config: TenantConfig, cloud: Cloud) => Tenant

/**
 * A cloud of these tenants, in their order, and of the tenant of personal accounts, which is there though nobody
 * declares it, where the cloud has one.
 */
export function createCloud(
  configs: readonly TenantConfig[],
  { personal }: Partial<Pick<NonNullable<Dialect['cloud']>, 'personal'>>,
  make: Make,
): Cloud {
  const members = new Map<string, Tenant>()
  const byName = later(() => namesOf([...members.values()]))
  const byUser = later(() => usersOf([...members.values()]))
  const shared = later(() => registryOf(sharedBy([...members.values()]), ''))
  const cloud: Cloud = {
    members,
    hosts: new Set(configs.flatMap(({ hosts }) => hosts)),
    configs,
    get shared() {
      return shared()
    },
    called: (name) => byName().get(name.toLowerCase()),
    ownerOf: (username) => byUser().get(username.toLowerCase()),
  }
  for (const config of configs) members.set(config.name, make(config, cloud))
  const [first] = configs
  const hasPersonal = personal === undefined || [...members.values()].some(({ id }) => id === personal)
  if (first !== undefined && !hasPersonal) members.set(personal, make(emptied(first, personal), cloud))
  return cloud
}

/** A tenant that has nothing but its id, and the manners of another. */
function emptied(config: TenantConfig, id: string): TenantConfig {
  return {
    ...config,
    name: id,
    id,
    aliases: [],
    hosts: [],
    keys: [],
    clients: [],
    resources: [],
    users: [],
    entra: { ...config.entra, policies: [] },
    managed_identity: { header: undefined },
  }
}

/** The first that has a name keeps it. */
function namesOf(tenants: readonly Tenant[]): ReadonlyMap<string, Tenant> {
  const pairs = tenants.flatMap((tenant) => tenant.names.map((name) => [name.toLowerCase(), tenant] as const))
  return new Map(pairs.toReversed())
}

/** A guest is a user of the tenant that they come from. */
function usersOf(tenants: readonly Tenant[]): ReadonlyMap<string, Tenant> {
  const byId = new Map(tenants.map((tenant) => [tenant.id.toLowerCase(), tenant]))
  const pairs = tenants.flatMap((tenant) =>
    tenant.config.users.flatMap((user) => {
      const owner = isGuest(user) ? byId.get(user.entra?.home_tenant_id?.toLowerCase() ?? '') : tenant
      return owner === undefined ? [] : signInNames(user).map((name) => [name, owner] as const)
    }),
  )
  return new Map(pairs.toReversed())
}

function signInNames({ username, standard: { email, preferred_username } }: UserConfig): string[] {
  return [username, email, preferred_username].flatMap((name) =>
    typeof name === 'string' ? name.toLowerCase() : [],
  )
}

/** What more than their own tenant may use. */
function sharedBy(tenants: readonly Tenant[]): Declared {
  const { clients, ...declared } = declaredBy(tenants)
  return { ...declared, clients: clients.filter(({ entra }) => entra?.sign_in_audience !== 'AzureADMyOrg') }
}

type Declared = Parameters<typeof registryOf>[0]

/** Everything that the tenants declare but users. What two of them call the same is that of the first. */
export function declaredBy(tenants: readonly Tenant[]): Declared {
  const clients = tenants.flatMap(({ config }) => config.clients)
  const resources = tenants.flatMap(({ seed, config }) =>
    config.resources.map((each) => identified(each, seed)),
  )
  return {
    clients: firsts(clients, ({ client_id }) => client_id),
    resources: firsts(resources, ({ identifier }) => identifier),
    users: [],
  }
}

/** The id of an API is the same in every tenant. */
function identified(resource: ResourceConfig, seed: string): ResourceConfig {
  return { ...resource, id: resource.id ?? uuidOf(seed, 'resource', resource.identifier) }
}

function firsts<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [nameOf(item), item])).values()].toReversed()
}
