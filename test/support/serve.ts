/** A provider put together by hand, out of the parts that a sandbox, a fault or another store would use. */
import { createClock } from '../../src/clock.ts'
import type { ResolvedConfig, TenantConfig } from '../../src/config/resolve.ts'
import type { Tenant } from '../../src/context.ts'
import { advertised, type Endpoint } from '../../src/endpoints/endpoint.ts'
import * as endpoints from '../../src/endpoints/index.ts'
import { createApp } from '../../src/http/app.ts'
import { listen, type Ports } from '../../src/http/listen.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { dialects } from '../../src/names.ts'
import { createOutbound } from '../../src/outbound.ts'
import { contextAt } from '../../src/provider.ts'
import { random } from '../../src/random.ts'
import { NextLogins } from '../../src/sessions/next_login.ts'
import { baseUrl, createBases, prefixesOf } from '../../src/site.ts'
import { MemoryStore } from '../../src/store/memory_store.ts'
import { createTenant, type Parts } from '../../src/tenant.ts'
import { createFinder } from '../../src/world/finder.ts'

const ENDPOINTS: readonly Endpoint[] = Object.values(endpoints)
const ADVERTISED = advertised(ENDPOINTS)

/** A tenant of this configuration, with an EdDSA key of its own unless it is given other parts. */
export function makeTenant(config: TenantConfig, parts: Partial<Parts> = {}): Tenant {
  const clock = parts.clock ?? createClock()
  const dialect = dialects.get(config.dialect)
  if (dialect === undefined) throw new TypeError(`no dialect ${config.dialect}`)
  return createTenant(config, {
    dialect,
    clock,
    random,
    keys: createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], { slot: config.name }),
    store: new MemoryStore(clock),
    advertised: ADVERTISED,
    outbound: createOutbound,
    record: () => undefined,
    nextLogins: new NextLogins(),
    ...parts,
  })
}

/** Serves tenants; more can be added while it runs. */
export async function serve(config: ResolvedConfig, first: readonly Tenant[]) {
  const tenants = [...first]
  const slots = () => tenants.map((tenant) => ({ tenant }))
  let find = createFinder(slots())
  const byDialect = new Map(tenants.toReversed().map((tenant) => [tenant.dialect, tenant] as const))
  const dialects = [...byDialect.keys()]
  const appAt = (ports: Ports) =>
    createApp({
      prefixes: prefixesOf(config),
      trustProxy: false,
      dialects,
      endpoints: ENDPOINTS,
      services: [],
      tenants,
      sandbox: () => undefined,
      find: (at) => find(at),
      sample: (dialect) => byDialect.get(dialect) as Tenant,
      bases: createBases(config, ports),
      home: (tenant) => contextAt(baseUrl(config, ports, tenant.dialect.home), tenant),
      isOwn: () => true,
      ready: () => true,
      now: Date.now,
      log: () => undefined,
    })
  const listening = await listen(appAt, config.server)
  return {
    url: `http://localhost:${listening.ports.http}`,
    add(...more: readonly Tenant[]) {
      tenants.push(...more)
      find = createFinder(slots())
    },
    [Symbol.asyncDispose]: () => listening.close(1000),
  }
}
