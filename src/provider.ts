/** The composition root: makes every part, puts them together, starts and stops. */
import { type Clock, createClock } from './clock.ts'
import type { ResolvedConfig, TenantConfig } from './config/resolve.ts'
import type { Context, Exchange, Tenant } from './context.ts'
import type { Dialect } from './dialects/dialect.ts'
import { advertised, type Endpoint } from './endpoints/endpoint.ts'
import * as endpointRegistry from './endpoints/index.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import type { Entry } from './http/site.ts'
import { createKeySet, type KeySet } from './keys/keys.ts'
import { type KeyFile, openKeyFile } from './keys/state.ts'
import { dialects } from './names.ts'
import { createOutbound } from './outbound.ts'
import { random } from './random.ts'
import { baseUrl, createBases, createFinder, prefixesOf, samples } from './site.ts'
import { MemoryStore } from './store/memory_store.ts'
import { createTenant } from './tenant.ts'

const ENDPOINTS: readonly Endpoint[] = Object.values(endpointRegistry)

const ADVERTISED = advertised(ENDPOINTS)

const DEFAULT_KEYS = [{ alg: 'RS256', status: 'active', at: 'keys' }] as const

export interface ProviderOptions {
  /** Keys for tenants that configure none; without them the provider makes its own. */
  readonly keys?: KeySet | undefined
  readonly clock?: Clock | undefined
  /** Hears what happened in each request to a tenant, before the answer is sent. */
  readonly record?: ((exchange: Exchange) => void) | undefined
  readonly log?: ((entry: Entry) => void) | undefined
  /** Something that a user should know: a record was thrown out of a full store. */
  readonly warn?: ((text: string) => void) | undefined
}

/** Tenants and their keys, without a listener: all that issuing a token needs. */
export interface Provider {
  readonly config: ResolvedConfig
  readonly clock: Clock
  readonly tenants: readonly Tenant[]
  readonly keys: KeySet
  readonly keyFile: KeyFile | undefined
}

export interface Running extends Provider {
  readonly port: number
  /** Base URL of the listener. */
  readonly url: string
  /** The context of a tenant when nobody calls: the issuer's own view. */
  context(tenant: Tenant): Context
  /** Stops listening at once and lets what is in flight finish for so many milliseconds. */
  stop(graceMs?: number): Promise<void>
}

/** A request that waits for a person, and what a client registered, can be as large as a request. */
const LARGE = { interaction: 10_000, client: 10_000 } as const

const GRACE_MS = 5_000

export function createProvider(config: ResolvedConfig, options: ProviderOptions = {}): Provider {
  const clock = options.clock ?? createClock()
  const keyFile = config.server.state_dir === null ? undefined : openKeyFile(config.server.state_dir)
  const state = keyFile === undefined ? {} : { stateFile: keyFile }
  const keys =
    config.keys.length === 0 && keyFile === undefined && options.keys !== undefined
      ? options.keys
      : createKeySet(config.keys.length === 0 ? DEFAULT_KEYS : config.keys, { slot: 'server', ...state })
  const tenants = config.tenants.map((tenant) => {
    const own =
      tenant.keys.length === 0 ? keys : createKeySet(tenant.keys, { slot: `tenant/${tenant.name}`, ...state })
    return tenantOf(tenant, { clock, keys: own, warn: options.warn, record: options.record })
  })
  return { config, clock, tenants, keys, keyFile }
}

function tenantOf(
  config: TenantConfig,
  { clock, keys, warn, record }: { clock: Clock; keys: KeySet } & Pick<ProviderOptions, 'warn' | 'record'>,
): Tenant {
  const own = createClock(clock.now)
  const evicted = (kind: string) =>
    warn?.(`tenant ${config.name}: the store is full of ${kind} records, the oldest was dropped`)
  return createTenant(config, {
    dialect: dialects.get(config.dialect) as Dialect,
    clock: own,
    random,
    keys,
    store: new MemoryStore(own, { entries: 100_000, of: LARGE, evicted }),
    advertised: ADVERTISED,
    outbound: createOutbound,
    record: record ?? (() => undefined),
  })
}

/** The context of a tenant when nobody calls: everything is seen from the issuer's own base. */
export function contextAt(base: string, tenant: Tenant): Context {
  return {
    tenant,
    face: tenant.dialect.faces[0] as Context['face'],
    endpoint: 'token',
    bases: { issuer: base, mode: 'fixed', caller: base, front: base },
    mount: tenant.path,
    ip: '127.0.0.1',
    exchange: { tenant: tenant.name, endpoint: 'token', notes: [] },
  }
}

/** Starts a provider: key generation first, then the listener; the first token alone waits for its key. */
export async function startProvider(config: ResolvedConfig, options: ProviderOptions = {}): Promise<Running> {
  const provider = createProvider(config, options)
  const { tenants, keys, keyFile, clock } = provider
  await keyFile?.check()
  if (tenants.some((tenant) => tenant.keys === keys)) keys.begin()
  const byDialect = samples(tenants)
  const appAt = (port: number) =>
    createApp({
      prefixes: prefixesOf(config),
      trustProxy: config.server.trust_proxy,
      dialects: [...byDialect.keys()],
      endpoints: ENDPOINTS,
      find: createFinder(tenants),
      sample: (dialect) => byDialect.get(dialect) as Tenant,
      bases: createBases(config, baseUrl(config, port)),
      ready: () => !tenants.some((tenant) => tenant.keys === keys) || keys.ready(),
      now: clock.now,
      log: options.log ?? (() => undefined),
    })
  const { port, close } = await listen(appAt, config.server)
  const base = baseUrl(config, port)
  return {
    ...provider,
    port,
    url: baseUrl({ ...config, issuer: { ...config.issuer, url: null } }, port),
    context: (tenant) => contextAt(base, tenant),
    stop: (graceMs = GRACE_MS) => close(graceMs),
  }
}
