/** Finds the tenant that a path and a host name mean: at the same cost for one tenant and for thousands. */
import type { Mounted, Tenant, Whereabouts } from '../context.ts'
import type { Slot } from './unit.ts'

/** The tenant that a path and a host name mean. */
export type Find = (at: Whereabouts) => Mounted | undefined

export function createFinder(slots: readonly Slot[]): Find {
  const patterns = new Map<string, Map<string, Slot>>()
  for (const slot of slots) addTo(patterns, slot)
  const atRoot = new Map(
    slots
      .filter(({ tenant }) => tenant.dialect.mount.only === '')
      .flatMap((slot) => slot.tenant.config.hosts.map((host) => [host, slot] as const)),
  )
  const known = slots.filter(({ tenant }) => tenant.dialect.mount.metadataAtRoot === true)
  const [first] = known
  // An address of several tenants has the hosts of all, and stands behind them.
  const knownAt = new Map(
    known.toReversed().flatMap((slot) => slot.tenant.config.hosts.map((host) => [host, slot] as const)),
  )
  return ({ pattern, param = '', hostname }) => {
    const rootOfHost = pattern === '' ? atRoot.get(hostname) : undefined
    if (rootOfHost !== undefined) return { tenant: rootOfHost.tenant, path: '', byHost: true }
    const slot = named(patterns.get(pattern), param)
    if (slot !== undefined) return mounted(slot, hostname)
    const shown = pattern === '' ? (knownAt.get(hostname) ?? first) : undefined
    return shown && { ...mounted(shown, hostname), only: 'discovery' }
  }
}

/** Finds tenants that come and go, which stand at paths of their own alone. */
export class Annex {
  readonly #patterns = new Map<string, Map<string, Slot>>()

  find({ pattern, param = '', hostname }: Whereabouts): Mounted | undefined {
    const slot = named(this.#patterns.get(pattern), param)
    return slot && mounted(slot, hostname)
  }

  add(slots: readonly Slot[]): void {
    for (const slot of slots) addTo(this.#patterns, slot)
  }

  remove(slots: readonly Slot[]): void {
    for (const slot of slots) {
      const byName = this.#patterns.get(patternOf(slot.tenant))
      for (const name of slot.tenant.names) if (byName?.get(name) === slot) byName.delete(name)
    }
  }
}

/** The first that has a name keeps it. */
function addTo(patterns: Map<string, Map<string, Slot>>, slot: Slot): void {
  const pattern = patternOf(slot.tenant)
  const byName = patterns.get(pattern) ?? new Map<string, Slot>()
  patterns.set(pattern, byName)
  for (const name of pattern === '' ? [''] : slot.tenant.names) if (!byName.has(name)) byName.set(name, slot)
}

function named(byName: ReadonlyMap<string, Slot> | undefined, param: string): Slot | undefined {
  return byName?.get(param) ?? guid(byName?.get(param.toLowerCase()))
}

function patternOf({ config, dialect }: Tenant): string {
  return config.isRoot ? dialect.mount.only : dialect.mount.named
}

function guid(slot: Slot | undefined): Slot | undefined {
  return slot?.tenant.dialect.tenantIsGuid === true ? slot : undefined
}

function mounted({ tenant }: Slot, hostname: string): Mounted {
  return { tenant, path: tenant.path, byHost: tenant.config.hosts.includes(hostname) }
}
