/** Addresses that stand for several tenants of a cloud: who signs in there decides whose tokens they get. */
import type { Cloud, Registry, Tenant } from '../context.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type KeyEntry, type KeySet, keySetOf } from '../keys/keys.ts'
import { later } from '../protocol/later.ts'
import { accountsOf } from './accounts.ts'
import { declaredBy } from './cloud.ts'
import { withKnown } from './known_resources.ts'
import { registryOf } from './registry.ts'

type Rules = NonNullable<Dialect['cloud']>

/** Whose users sign in, by what the dialect calls them. */
const HOMES: Readonly<Record<Rules['realms'][string], (tenant: Tenant, personal: string) => boolean>> = {
  all: () => true,
  organizations: ({ id }, personal) => id !== personal,
  personal: ({ id }, personal) => id === personal,
}

/**
 * What an address of several tenants answers with: everything that they declare, and in all else the manners of the
 * first of them.
 */
export function realmsOf(cloud: Cloud, { realms, anyTenant, personal }: Rules): Tenant[] {
  const members = [...cloud.members.values()]
  const [first] = members
  if (first === undefined) return []
  return Object.entries(realms).map(([name, who]) => {
    const homes = members.filter((tenant) => HOMES[who](tenant, personal))
    return realm({ name, id: who === 'personal' ? personal : anyTenant, homes }, first)
  })
}

interface Realm extends Pick<Tenant, 'name' | 'id'> {
  readonly homes: readonly Tenant[]
}

function realm({ name, id, homes }: Realm, first: Tenant): Tenant {
  const { mount } = first.dialect
  const at = (segment: string) => mount.named.replace(':tenant', () => segment)
  const keys = later(() => keysOf(homes))
  const registry = later(() => registryFor(homes, first))
  const configs = [...(first.cloud?.members.values() ?? [])].map(({ config }) => config)
  return {
    ...first,
    name,
    id,
    path: at(name),
    get paths() {
      return [at(name), ...homes.flatMap((tenant) => tenant.paths)]
    },
    names: [name],
    issuerPath: at(id),
    homes: new Map(homes.map((tenant) => [tenant.name, tenant])),
    config: {
      ...first.config,
      name,
      hosts: [...(first.cloud?.hosts ?? [])],
      clients: configs.flatMap(({ clients }) => clients),
      resources: configs.flatMap(({ resources }) => resources),
      users: homes.flatMap(({ config: { users } }) => users),
      scopes: Object.assign(Object.create(null), ...configs.toReversed().map(({ scopes }) => scopes)),
    },
    get registry() {
      return registry()
    },
    get keys() {
      return keys()
    },
  }
}

/** Applications and APIs of all members, also of those whose users do not sign in here. */
function registryFor(homes: readonly Tenant[], { cloud, dialect }: Tenant): Registry {
  const declared = registryOf(declaredBy([...(cloud?.members.values() ?? [])]), '')
  return withKnown({ ...declared, ...accountsOf(homes) }, dialect)
}

/** Whatever one of them signed can be verified. */
function keysOf(homes: readonly Tenant[]): KeySet {
  const sets = [...new Set(homes.map(({ keys }) => keys))]
  const [only, another] = sets
  return only !== undefined && another === undefined ? only : keySetOf(merged(sets))
}

/** A key that two tenants have is shown once, however far each of them has come in replacing it: the first to sign with it wins. */
function merged(sets: readonly KeySet[]): readonly KeyEntry[] {
  const all = sets.flatMap(({ entries }) => entries)
  const strongest = (['hidden', 'published', 'active'] as const).flatMap((status) =>
    all.filter((each) => each.status === status).map((each) => [each.get, each] as const),
  )
  const byKey = new Map(strongest)
  const kept = new Map(all.map(({ get }) => [get, byKey.get(get) as KeyEntry]))
  return [...kept.values()]
}
