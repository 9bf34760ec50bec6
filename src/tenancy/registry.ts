import type { ResourceConfig, TenantConfig } from '../config/resolve.ts'
import type { Registry } from '../context.ts'
import { localSubject } from '../users/subject.ts'
import { Indexes } from './indexes.ts'

type Declared = Pick<TenantConfig, 'clients' | 'resources' | 'users'>

/**
 * What a tenant declares, to be found by name.
 * @param seed what ids are made of that nobody configured
 * @param indexes where what was made of the same lists is found again
 */
export function registryOf(
  { clients, resources, users }: Declared,
  seed: string,
  indexes = new Indexes(),
): Registry {
  return {
    clients: indexes.of(
      clients,
      'clients',
      () => new Map(clients.map((client) => [client.client_id, client])),
    ),
    ...indexes.of(resources, 'resources', () => ownersOf(resources)),
    users: indexes.of(users, 'users', () => new Map(users.map((user) => [user.username, user]))),
    // A hash each: made when the first token without a grant asks who it is about.
    get subjects() {
      const make = () => new Map(users.map((user) => [localSubject(user, seed), user]))
      return indexes.of(users, `subjects ${seed}`, make)
    },
  }
}

function ownersOf(
  resources: Declared['resources'],
): Pick<Registry, 'resources' | 'scopeOwners' | 'roleOwners'> {
  return {
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

type Shared = Pick<Registry, 'clients' | 'resources' | 'scopeOwners' | 'roleOwners'>

/** A registry that finds what it does not declare in another one; users are its own. */
export function layered(own: Registry, below: () => Shared): Registry {
  return {
    clients: new Layered(own.clients, () => below().clients),
    resources: new Layered(own.resources, () => below().resources),
    scopeOwners: new Layered(own.scopeOwners, () => below().scopeOwners),
    roleOwners: new Layered(own.roleOwners, () => below().roleOwners),
    users: own.users,
    get subjects() {
      return own.subjects
    },
  }
}

/** A map over another one that is not copied: thousands of tenants share it. It lists the entries of its own. */
class Layered<V> extends Map<string, V> {
  readonly #below: () => ReadonlyMap<string, V>

  constructor(own: ReadonlyMap<string, V>, below: () => ReadonlyMap<string, V>) {
    super(own)
    this.#below = below
  }

  override get(name: string): V | undefined {
    return super.get(name) ?? this.#below().get(name)
  }
}
