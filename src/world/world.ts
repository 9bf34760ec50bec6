/** What is served now: the tenants of the configuration, and those that tests made. */
import type { Clock } from '../clock.ts'
import type { CloudService } from '../cloud/cloud_service.ts'
import type { ResolvedConfig, TenantConfig } from '../config/resolve.ts'
import type { Dialect, Mounted, Tenant, Whereabouts } from '../context.ts'
import { Indexes } from '../tenancy/indexes.ts'
import { createFinder, type Find } from './finder.ts'
import type { Resident } from './resident.ts'
import { Sandboxes } from './sandboxes.ts'
import type { Seat } from './seat.ts'
import { type Kit, type Slot, Unit, type UnitOptions } from './unit.ts'

/** What follows from the tenants as a whole, and changes seldom. */
export interface Layout {
  /** The dialects that some tenant speaks, each with one that does. */
  readonly dialects: readonly Dialect[]
  readonly samples: ReadonlyMap<Dialect, Tenant>
  readonly services: readonly CloudService[]
}

/** What a sandbox has of the tenant that it is a copy of. */
export type Origin = Pick<UnitOptions, 'keys' | 'seed'>

interface Options {
  readonly clock: Clock
  /** Milliseconds of the machine, which no test moves: the clocks of sandboxes begin there. */
  readonly machine: () => number
  readonly monotonic: () => number
  readonly services: readonly CloudService[]
}

export class World {
  /** That of the server, with which those of the configured tenants run. */
  readonly clock: Clock
  readonly sandboxes: Sandboxes
  readonly #kit: Kit
  readonly #options: Options
  readonly #indexes = new Indexes()
  #config: ResolvedConfig
  /** By what stays when the configuration changes. */
  #units: ReadonlyMap<string, Unit> = new Map()
  /** By name, in the order of the configuration. */
  #residents: ReadonlyMap<string, Seat> = new Map()
  #find: Find = () => undefined
  #layout: Layout | undefined
  #revision = 0

  constructor(config: ResolvedConfig, kit: Kit, options: Options) {
    this.clock = options.clock
    this.#kit = kit
    this.#options = options
    this.#config = config
    this.sandboxes = new Sandboxes({
      monotonic: options.monotonic,
      limits: () => this.#config.control.sandboxes,
    })
    this.#place()
    this.clock.beforeBack(() => {
      for (const unit of this.#units.values()) unit.beforeBack()
    })
  }

  /** Another number after each change of what is declared. */
  get revision(): number {
    return this.#revision
  }

  /** Milliseconds of the machine, which no test moves: log lines stand beside those of other programs. */
  get machine(): () => number {
    return this.#options.machine
  }

  get config(): ResolvedConfig {
    return this.#config
  }

  /** The configured tenants, in the order of the configuration. */
  get residents(): readonly Resident[] {
    return [...this.#residents.values()]
  }

  /** The configured tenants as they are now. */
  get tenants(): readonly Tenant[] {
    return this.residents.map(({ tenant }) => tenant)
  }

  /** Those of the sandboxes too. */
  get everyone(): readonly Tenant[] {
    return [...this.tenants, ...this.sandboxes.tenants]
  }

  get layout(): Layout {
    this.#layout ??= layoutOf(
      [...this.#slots().map(({ tenant }) => tenant), ...this.sandboxes.tenants],
      this.#options,
    )
    return this.#layout
  }

  /** The one of this name, a sandbox too; without a name the first that is configured. */
  resident(name?: string): Resident | undefined {
    if (name === undefined) return this.#residents.values().next().value
    return this.#residents.get(name) ?? this.sandboxes.resident(name)
  }

  /** The tenant that a path and a host name mean. */
  find(at: Whereabouts): Mounted | undefined {
    return this.#find(at) ?? this.sandboxes.find(at)
  }

  /**
   * One tenant back to its configuration, with those that it shares a store with, or all that are configured and the
   * server's clock; sandboxes are their tests' own.
   */
  reset(name?: string): void {
    const units = [...this.#units.values()]
    if (name === undefined) {
      this.clock.reset()
      for (const unit of units) unit.reset()
    } else if (this.#residents.has(name)) {
      units.find((unit) => unit.has(name))?.reset()
    } else this.sandboxes.reset(name)
  }

  /** Takes another configuration; tenants that it still has remember what they did. @throws KeyError, and then nothing has changed */
  replace(config: ResolvedConfig): void {
    for (const tenant of config.tenants) this.#kit.keysOf(tenant, false)
    this.#config = config
    this.#place()
  }

  /** Makes a sandbox. @throws RangeError when there are too many @throws KeyError */
  open(config: TenantConfig, { keys, seed }: Origin): Resident {
    this.sandboxes.assertRoom()
    const unit: Unit = new Unit([config], this.#kit, {
      ...{ keys, seed, indexes: this.#indexes },
      base: { now: this.#options.machine, frozen: false },
      isSandbox: true,
      changed: this.#changed,
      neighbours: () => unit.seats.map(({ tenant }) => tenant),
    })
    const resident = this.sandboxes.add(unit)
    if (this.#layout?.samples.has(resident.tenant.dialect) !== true) this.#layout = undefined
    return resident
  }

  /** Ends whatever waits for something to happen. */
  close(): void {
    for (const unit of this.#units.values()) unit.close()
    this.sandboxes.close()
  }

  readonly #changed = () => {
    this.#revision += 1
  }

  /** Makes what the configuration asks for, out of what is there already. */
  #place(): void {
    const before = this.#units
    this.#units = new Map(
      [...grouped(this.#config.tenants, this.#kit)].map(([key, configs]) => {
        const known = before.get(key)
        known?.reconfigure(configs)
        return [key, known ?? this.#unit(configs)]
      }),
    )
    for (const [key, unit] of before) if (!this.#units.has(key)) unit.close()
    const seats = [...this.#units.values()].flatMap((unit) => unit.seats)
    const byName = new Map(seats.map((each) => [each.name, each]))
    this.#residents = new Map(this.#config.tenants.map(({ name }) => [name, byName.get(name) as Seat]))
    this.#find = createFinder(this.#slots())
    this.#layout = undefined
  }

  /** The tenants, then what else answers as one does: who is called as an address of several is no less found. */
  #slots(): readonly Slot[] {
    const units = [...this.#units.values()]
    return [...units.flatMap(({ seats }) => seats), ...units.flatMap(({ addresses }) => addresses)]
  }

  #unit(configs: readonly TenantConfig[]): Unit {
    return new Unit(configs, this.#kit, {
      ...{ isSandbox: false, changed: this.#changed, indexes: this.#indexes },
      base: this.clock,
      neighbours: () => this.tenants,
    })
  }
}

/** Tenants by themselves one by one, those of a cloud together; by what makes them the same in another configuration. */
function grouped(
  configs: readonly TenantConfig[],
  { dialectOf }: Kit,
): ReadonlyMap<string, readonly TenantConfig[]> {
  const groups = new Map<string, TenantConfig[]>()
  for (const config of configs) {
    const { cloud, name: dialect } = dialectOf(config)
    const { name, isRoot } = config
    const key = cloud === undefined ? JSON.stringify([dialect, isRoot, name]) : dialect
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [config])
    else group.push(config)
  }
  return groups
}

function layoutOf(tenants: readonly Tenant[], { services }: Pick<Options, 'services'>): Layout {
  const samples = new Map<Dialect, Tenant>()
  for (const tenant of tenants) if (!samples.has(tenant.dialect)) samples.set(tenant.dialect, tenant)
  return {
    samples,
    dialects: [...samples.keys()],
    services: services.filter((service) => tenants.some((tenant) => service.serves(tenant))),
  }
}
