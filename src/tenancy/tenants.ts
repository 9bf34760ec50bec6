import type { TenantConfig } from '../config/resolve.ts'
import type { Cloud, Tenant } from '../context.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { createCloud } from './cloud.ts'
import { policiesOf } from './policies.ts'
import { realmsOf } from './realms.ts'

export interface Populated {
  /** In the order of the configuration. */
  readonly tenants: readonly Tenant[]
  /** What else answers as a tenant does: addresses of several, of none that is declared, and of user flows. */
  readonly addresses: readonly Tenant[]
}

interface Maker {
  dialectOf(config: TenantConfig): Dialect
  make(config: TenantConfig, cloud?: Cloud): Tenant
  /** Whether addresses of several tenants are not theirs; default: they are. */
  readonly standsAlone?: boolean
}

/** Makes the tenants of a configuration: by themselves, or as members of a cloud where their dialect has one. */
export function populate(
  configs: readonly TenantConfig[],
  { dialectOf, make, standsAlone = false }: Maker,
): Populated {
  const dialects = [...new Set(configs.map(dialectOf))].filter(({ cloud }) => cloud !== undefined)
  const clouds = dialects.map((dialect) => {
    const rules = dialect.cloud as NonNullable<Dialect['cloud']>
    const declared = configs.filter((config) => dialectOf(config) === dialect)
    if (standsAlone) return { cloud: createCloud(declared, {}, make), realms: [] }
    const cloud = createCloud(declared, rules, make)
    return { cloud, realms: realmsOf(cloud, rules) }
  })
  const members = new Map(clouds.flatMap(({ cloud }) => [...cloud.members]))
  const tenants = configs.map((config) => members.get(config.name) ?? make(config))
  const names = new Set(configs.map(({ name }) => name))
  const undeclared = [...members.values()].filter(({ name }) => !names.has(name))
  return {
    tenants,
    addresses: [...undeclared, ...clouds.flatMap(({ realms }) => realms), ...tenants.flatMap(policiesOf)],
  }
}
