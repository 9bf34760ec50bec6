/** Tenants that are made together: one by itself, or all of a cloud. They have one clock and one store. */
import { type Clock, createClock } from '../clock.ts'
import type { TenantConfig } from '../config/resolve.ts'
import type { Cloud, Tenant } from '../context.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Judge } from '../findings/judge.ts'
import type { KeySet } from '../keys/keys.ts'
import type { Journal } from '../record/journal.ts'
import type { Store } from '../store/store.ts'
import type { Indexes } from '../tenancy/indexes.ts'
import { populate } from '../tenancy/tenants.ts'
import { createTenant, type Parts } from '../tenant.ts'
import { type Row, Seat } from './seat.ts'

/** Where a tenant stands; the tenant there is another value after each change. */
export interface Slot {
  tenant: Tenant
}

/** What every unit of a server is made with. */
export interface Kit extends Pick<Parts, 'random' | 'advertised' | 'outbound'> {
  dialectOf(config: TenantConfig): Dialect
  /** The keys that a tenant's configuration asks for; undefined: those that all share. Those of a sandbox are kept nowhere. */
  keysOf(config: TenantConfig, isSandbox: boolean): KeySet | undefined
  /** The keys of tenants that have none of their own. */
  readonly keys: KeySet
  storeOf(name: string, clock: Clock): Store
  journalOf(): Journal
  judgeOf(): Judge
  readonly record: Tenant['record']
  /** Whether requests are kept and judged. */
  readonly remembers: boolean
}

export interface UnitOptions {
  /** What its clock runs with. */
  readonly base: Pick<Clock, 'now' | 'frozen'>
  readonly isSandbox: boolean
  /** Instead of those that the configuration asks for. */
  readonly keys?: KeySet | undefined
  /** Of the tenant that it is a copy of. */
  readonly seed?: string | undefined
  readonly indexes: Indexes
  /** Hears of each change of what is declared. */
  readonly changed: () => void
  /** Every tenant that one of these may know of. */
  readonly neighbours: () => readonly Tenant[]
}

export class Unit {
  readonly clock: Clock
  /** What else answers as a tenant does: addresses of several, and of user flows. */
  readonly addresses: Slot[] = []
  readonly #kit: Kit
  readonly #options: UnitOptions
  readonly #row: Row
  /** By name, in the order of the configuration. */
  #seats: ReadonlyMap<string, Seat> = new Map()
  #store: Store

  constructor(configs: readonly TenantConfig[], kit: Kit, options: UnitOptions) {
    this.#kit = kit
    this.#options = options
    const { base } = options
    this.clock = createClock(base.now, () => base.frozen)
    this.clock.beforeBack(() => this.beforeBack())
    this.#row = {
      ...{ clock: this.clock, isSandbox: options.isSandbox, sharedKeys: kit.keys, record: kit.record },
      keysOf: (config) => options.keys ?? kit.keysOf(config, options.isSandbox) ?? kit.keys,
      ...{ journalOf: kit.journalOf, judgeOf: kit.judgeOf },
      remembers: kit.remembers,
      build: () => this.#build(),
    }
    this.#seat(configs)
    this.#store = this.#newStore()
    this.#build()
  }

  /** Those of its tenants, in the order of the configuration. */
  get seats(): readonly Seat[] {
    return [...this.#seats.values()]
  }

  has(name: string): boolean {
    return this.#seats.has(name)
  }

  /** Back to how it began: what it declares, its clock, and nothing remembered. */
  reset(): void {
    this.#store = this.#newStore()
    this.clock.reset()
    for (const seat of this.#seats.values()) seat.reset()
    this.#build()
  }

  /** Takes another configuration; tenants that it still has remember what they did. */
  reconfigure(configs: readonly TenantConfig[]): void {
    this.#seat(configs)
    this.#build()
  }

  /** Time is about to go back: what has run out is not to come back with it. */
  beforeBack(): void {
    this.#store.beforeBack()
  }

  /** Ends whatever waits for something to happen. */
  close(): void {
    for (const seat of this.#seats.values()) seat.close()
  }

  #newStore(): Store {
    return this.#kit.storeOf([...this.#seats.keys()].join(', '), this.clock)
  }

  #seat(configs: readonly TenantConfig[]): void {
    const before = this.#seats
    this.#seats = new Map(
      configs.map((given) => {
        const known = before.get(given.name)
        const config = withHeader(given, this.#kit, known?.configured.config)
        known?.reconfigure(config)
        return [given.name, known ?? new Seat(config, this.#row)]
      }),
    )
    for (const [name, seat] of before) if (!this.#seats.has(name)) seat.close()
  }

  /** The tenants as they are declared now, each in its place. */
  #build(): void {
    const { dialectOf } = this.#kit
    const seats = [...this.#seats.values()]
    const configs = seats.map(({ declared }) => declared.config)
    const { tenants, addresses } = populate(configs, {
      dialectOf,
      make: (...of) => this.#make(...of),
      standsAlone: this.#options.isSandbox,
    })
    for (const [at, seat] of seats.entries()) seat.tenant = tenants[at] as Tenant
    for (const [at, tenant] of addresses.entries()) {
      const slot = this.addresses[at]
      if (slot === undefined) this.addresses.push({ tenant })
      else slot.tenant = tenant
    }
    this.addresses.length = addresses.length
    this.#options.changed()
  }

  /** A tenant that nobody declares has its record with the first, and its keys: what that withdraws is not to stay there. */
  #make(config: TenantConfig, cloud?: Cloud): Tenant {
    const seat = this.#seats.get(config.name)
    const [first] = this.#seats.values()
    const { record, nextLogins, declared } = (seat ?? first) as Seat
    const { random, advertised, outbound, dialectOf } = this.#kit
    const { keys, jwksCacheControl } = declared
    const { neighbours, seed, indexes } = this.#options
    return createTenant(config, {
      ...{ random, advertised, outbound, record, nextLogins, keys, jwksCacheControl, cloud },
      ...{ neighbours, seed, indexes },
      clock: this.clock,
      store: this.#store,
      dialect: dialectOf(config),
    })
  }
}

/** The secret of managed identities: another at each start, unless it is configured. */
function withHeader(config: TenantConfig, { dialectOf, random }: Kit, before?: TenantConfig): TenantConfig {
  if (dialectOf(config).cloud === undefined) return config
  const { header = before?.managed_identity.header ?? random.token(32), ...more } = config.managed_identity
  return { ...config, managed_identity: { ...more, header } }
}
