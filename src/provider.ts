/** The composition root: makes every part, puts them together, starts and stops. */
import { hostname } from 'node:os'
import { type Clock, createClock } from './clock.ts'
import type { CloudService } from './cloud/cloud_service.ts'
import * as serviceRegistry from './cloud/index.ts'
import type { ResolvedConfig, TenantConfig } from './config/resolve.ts'
import type { Cloud, Context, Exchange, Tenant } from './context.ts'
import type { Dialect } from './dialects/dialect.ts'
import { advertised, type Endpoint } from './endpoints/endpoint.ts'
import * as endpointRegistry from './endpoints/index.ts'
import { createApp } from './http/app.ts'
import { listen, type Ports } from './http/listen.ts'
import type { Entry } from './http/site.ts'
import { createKeySet, type KeySet } from './keys/keys.ts'
import { type KeyFile, openKeyFile } from './keys/state.ts'
import { dialects } from './names.ts'
import { createOutbound } from './outbound.ts'
import { random } from './random.ts'
import {
  asksForCertificates,
  baseUrl,
  createBases,
  createFinder,
  listenerUrl,
  prefixesOf,
  samples,
} from './site.ts'
import { MemoryStore } from './store/memory_store.ts'
import type { Store } from './store/store.ts'
import { later } from './tenancy/cloud.ts'
import { type Populated, populate } from './tenancy/tenants.ts'
import { createTenant } from './tenant.ts'
import type { Authority } from './tls/authority.ts'

const ENDPOINTS: readonly Endpoint[] = Object.values(endpointRegistry)

const ADVERTISED = advertised(ENDPOINTS)

const DEFAULT_KEYS = [{ alg: 'RS256', status: 'active', at: 'keys' }] as const

export interface ProviderOptions {
  /** Keys for tenants that configure none; without them the provider makes its own. */
  readonly keys?: KeySet | undefined
  /** The CA for https where none is kept in a state directory; without it the provider makes its own. */
  readonly authority?: (() => Promise<Authority>) | undefined
  readonly clock?: Clock | undefined
  /** Hears what happened in each request to a tenant, before the answer is sent. */
  readonly record?: ((exchange: Exchange) => void) | undefined
  readonly log?: ((entry: Entry) => void) | undefined
  /** Something that a user should know: a record was thrown out of a full store. */
  readonly warn?: ((text: string) => void) | undefined
}

/** Tenants and their keys, without a listener: all that issuing a token needs. */
export interface Provider extends Populated {
  readonly config: ResolvedConfig
  readonly clock: Clock
  readonly keys: KeySet
  readonly keyFile: KeyFile | undefined
}

export interface Running extends Provider {
  readonly ports: Ports
  /** That of http, else of https. */
  readonly port: number
  /** Base URL of the listener: of http, or of https where only that is served. */
  readonly url: string
  /** Base URL over https, where it is served. */
  readonly httpsUrl: string | undefined
  /** The own CA, where https or its clients need one. */
  readonly authority: Authority | undefined
  /** The context of a tenant when nobody calls: the issuer's own view. */
  context(tenant: Tenant): Context
  /** Stops listening at once and lets what is in flight finish for so many milliseconds. */
  stop(graceMs?: number): Promise<void>
}

/** A request that waits for a person or a device, and what a client registered, can be as large as a request. */
const LARGE = { interaction: 10_000, client: 10_000, device_code: 10_000, user_code: 10_000 } as const

const GRACE_MS = 5_000

export function createProvider(config: ResolvedConfig, options: ProviderOptions = {}): Provider {
  const clock = options.clock ?? createClock()
  const keyFile = config.server.state_dir === null ? undefined : openKeyFile(config.server.state_dir)
  const state = keyFile === undefined ? {} : { stateFile: keyFile }
  const keys =
    config.keys.length === 0 && keyFile === undefined && options.keys !== undefined
      ? options.keys
      : createKeySet(config.keys.length === 0 ? DEFAULT_KEYS : config.keys, { slot: 'server', ...state })
  // What begins at one tenant of a cloud may end at another.
  const shared = later(() => storeOf('those of one cloud', clock, options))
  const neighbours = () => populated.tenants
  const make = (tenant: TenantConfig, cloud?: Cloud) => {
    const own =
      tenant.keys.length === 0 ? keys : createKeySet(tenant.keys, { slot: `tenant/${tenant.name}`, ...state })
    const store = cloud === undefined ? storeOf(tenant.name, clock, options) : shared()
    return tenantOf(tenant, { clock, keys: own, store, cloud, neighbours, record: options.record })
  }
  const dialectOf = ({ dialect }: TenantConfig) => dialects.get(dialect) as Dialect
  const populated: Populated = populate(config.tenants, { dialectOf, make })
  return { config, clock, ...populated, keys, keyFile }
}

function storeOf(name: string, clock: Clock, { warn }: ProviderOptions): Store {
  const evicted = (kind: string) =>
    warn?.(`tenant ${name}: the store is full of ${kind} records, the oldest was dropped`)
  return new MemoryStore(clock, { entries: 100_000, of: LARGE, evicted })
}

interface Own extends Pick<ProviderOptions, 'record'> {
  readonly clock: Clock
  readonly keys: KeySet
  readonly store: Store
  readonly cloud: Cloud | undefined
  readonly neighbours: () => readonly Tenant[]
}

function tenantOf(config: TenantConfig, { clock, keys, store, cloud, neighbours, record }: Own): Tenant {
  return createTenant(cloud === undefined ? config : withHeader(config), {
    dialect: dialects.get(config.dialect) as Dialect,
    clock: createClock(clock.now),
    random,
    keys,
    store,
    cloud,
    neighbours,
    advertised: ADVERTISED,
    outbound: createOutbound,
    record: record ?? (() => undefined),
  })
}

/** The secret of managed identities: another at each start, unless it is configured. */
function withHeader(config: TenantConfig): TenantConfig {
  const { header = random.token(32), ...more } = config.managed_identity
  return { ...config, managed_identity: { ...more, header } }
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

const SERVICES: readonly CloudService[] = Object.values(serviceRegistry)

/** The services that some tenant has a use for. */
function served(tenants: readonly Tenant[]): CloudService[] {
  return SERVICES.filter((service) => tenants.some((tenant) => service.serves(tenant)))
}

/** What https needs, loaded and made only where it is served. */
async function secureWith({ config, keyFile }: Provider, { authority }: ProviderOptions) {
  const { server } = config
  const { tls } = server
  if (tls === undefined) return undefined
  const { secured } = await import('./tls/secured.ts')
  const given = { keyFile, authority, machine: hostname() }
  return secured(
    { ...config, server: { ...server, tls } },
    { ...given, asksForCertificates: asksForCertificates(config) },
  )
}

/** Starts a provider: key generation first, then the listener; the first token alone waits for its key. */
export async function startProvider(config: ResolvedConfig, options: ProviderOptions = {}): Promise<Running> {
  const provider = createProvider(config, options)
  const { tenants, addresses, keys, keyFile, clock } = provider
  await keyFile?.check()
  if (tenants.some((tenant) => tenant.keys === keys)) keys.begin()
  const secure = await secureWith(provider, options)
  const everywhere = [...tenants, ...addresses]
  const byDialect = samples(everywhere)
  const appAt = (ports: Ports) =>
    createApp({
      prefixes: prefixesOf(config),
      trustProxy: config.server.trust_proxy,
      dialects: [...byDialect.keys()],
      endpoints: ENDPOINTS,
      services: served(tenants),
      ca: secure?.authority?.cert,
      tenants,
      find: createFinder(everywhere),
      sample: (dialect) => byDialect.get(dialect) as Tenant,
      bases: createBases(config, ports),
      home: (tenant) => contextAt(baseUrl(config, ports, tenant.dialect.home), tenant),
      ready: () => !tenants.some((tenant) => tenant.keys === keys) || keys.ready(),
      now: clock.now,
      log: options.log ?? (() => undefined),
    })
  const { host, port } = config.server
  const { ports, close } = await listen(appAt, { host, port, secure })
  return {
    ...provider,
    ports,
    port: ports.http ?? (ports.https as number),
    url: listenerUrl(config.server, ports),
    httpsUrl: ports.https === undefined ? undefined : listenerUrl(config.server, ports, 'https'),
    authority: secure?.authority,
    context: (tenant) => contextAt(baseUrl(config, ports, tenant.dialect.home), tenant),
    stop: (graceMs = GRACE_MS) => close(graceMs),
  }
}
