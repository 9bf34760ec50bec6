/** The composition root: makes every part, puts them together, starts and stops. */
import { hostname } from 'node:os'
import { type Clock, createClock, monotonic } from './clock.ts'
import type { CloudService } from './cloud/cloud_service.ts'
import * as serviceRegistry from './cloud/index.ts'
import { asksForCertificates } from './config/asks_for_certificates.ts'
import type { ResolvedConfig, TenantConfig } from './config/resolve.ts'
import type { Context, Tenant } from './context.ts'
import type { Control, Office } from './control/call.ts'
import { controlDesk } from './control/desk.ts'
import { ownNames } from './control/own_hosts.ts'
import type { Dialect } from './dialects/dialect.ts'
import { advertised, type Endpoint } from './endpoints/endpoint.ts'
import * as endpointRegistry from './endpoints/index.ts'
import type { CodeOrigin } from './findings/flow.ts'
import { createJudge } from './findings/judge.ts'
import { Recent } from './findings/recent.ts'
import { createApp } from './http/app.ts'
import { listen, type Ports } from './http/listen.ts'
import type { Entry, Site } from './http/site.ts'
import { createKeySet, type KeySet } from './keys/keys.ts'
import { once } from './keys/once.ts'
import { type KeyFile, openKeyFile } from './keys/state.ts'
import { dialects } from './names.ts'
import { createOutbound } from './outbound.ts'
import { random } from './random.ts'
import { Budget } from './record/budget.ts'
import { Journal } from './record/journal.ts'
import { baseUrl, createBases, issuerMode, listenerUrl, prefixesOf } from './site.ts'
import { MemoryStore } from './store/memory_store.ts'
import type { Store } from './store/store.ts'
import type { Authority } from './tls/authority.ts'
import { VERSION } from './version.ts'
import type { Kit } from './world/unit.ts'
import { World } from './world/world.ts'

const ENDPOINTS: readonly Endpoint[] = Object.values(endpointRegistry)

const ADVERTISED = advertised(ENDPOINTS)

const SERVICES: readonly CloudService[] = Object.values(serviceRegistry)

const DEFAULT_KEYS = [{ alg: 'RS256', status: 'active', at: 'keys' }] as const

export interface ProviderOptions {
  /** Keys for tenants that configure none; without them the provider makes its own. */
  readonly keys?: KeySet | undefined
  /** The CA for https where none is kept in a state directory; without it the provider makes its own. */
  readonly authority?: (() => Promise<Authority>) | undefined
  readonly clock?: Clock | undefined
  /** What the clocks run with, instead of the time of the machine. */
  readonly base?: (() => number) | undefined
  /** Milliseconds that only ever grow: sandboxes idle by them. */
  readonly monotonic?: (() => number) | undefined
  /** Hears of each request to a tenant and its answer, before that is sent. */
  readonly record?: Tenant['record'] | undefined
  /** Whether requests are kept and judged; default true. The benchmark wants to know what that costs. */
  readonly remembers?: boolean | undefined
  readonly log?: ((entry: Entry) => void) | undefined
  /** Something that a user should know: a record was thrown out of a full store. */
  readonly warn?: ((text: string) => void) | undefined
}

/** Tenants and their keys, without a listener: all that issuing a token needs. */
export interface Provider {
  readonly world: World
  readonly clock: Clock
  readonly keys: KeySet
  readonly keyFile: KeyFile | undefined
}

export interface Running extends Provider {
  /** As they are now, in the order of the configuration. */
  readonly tenants: readonly Tenant[]
  readonly config: ResolvedConfig
  readonly ports: Ports
  /** That of http, else of https. */
  readonly port: number
  /** Base URL of the listener: of http, or of https where only that is served. */
  readonly url: string
  /** Base URL over https, where it is served. */
  readonly httpsUrl: string | undefined
  /** The own CA, where https or its clients need one. */
  readonly authority: Authority | undefined
  /** What tests can have it do, also where it is not served. */
  readonly control: Control
  /** The context of a tenant when nobody calls: the issuer's own view. */
  context(tenant: Tenant): Context
  /** Stops listening at once and lets what is in flight finish for so many milliseconds. */
  stop(graceMs?: number): Promise<void>
}

/** A request that waits for a person or a device, and what a client registered, can be as large as a request. */
const LARGE = { interaction: 10_000, client: 10_000, device_code: 10_000, user_code: 10_000 } as const

const GRACE_MS = 5_000

export function createProvider(config: ResolvedConfig, options: ProviderOptions = {}): Provider {
  const clock = options.clock ?? createClock(options.base)
  const keyFile = config.server.state_dir === null ? undefined : openKeyFile(config.server.state_dir)
  const state = keyFile === undefined ? {} : { stateFile: keyFile }
  const keys =
    config.keys.length === 0 && keyFile === undefined && options.keys !== undefined
      ? options.keys
      : createKeySet(config.keys.length === 0 ? DEFAULT_KEYS : config.keys, { slot: 'server', ...state })
  const origins = new Recent<CodeOrigin>()
  const recorded = { salt: random.token(16), budget: new Budget() }
  const kit: Kit = {
    ...{ keys, random, advertised: ADVERTISED, outbound: createOutbound },
    dialectOf: ({ dialect }) => dialects.get(dialect) as Dialect,
    keysOf: (tenant, isSandbox) => ownKeys(tenant, isSandbox ? {} : state),
    storeOf: (name, own) => storeOf(name, own, options),
    journalOf: () => new Journal(recorded),
    judgeOf: () => createJudge({ origins }),
    record: options.record ?? (() => undefined),
    remembers: options.remembers ?? true,
  }
  const parts = { clock, machine: createClock(options.base).now, services: SERVICES }
  const ticks = options.monotonic ?? monotonic
  return { world: new World(config, kit, { ...parts, monotonic: ticks }), clock, keys, keyFile }
}

function ownKeys({ name, keys }: TenantConfig, state: { readonly stateFile?: KeyFile }): KeySet | undefined {
  return keys.length === 0 ? undefined : createKeySet(keys, { slot: `tenant/${name}`, ...state })
}

function storeOf(name: string, clock: Clock, { warn }: ProviderOptions): Store {
  const evicted = (kind: string) =>
    warn?.(`tenant ${name}: the store is full of ${kind} records, the oldest was dropped`)
  return new MemoryStore(clock, { entries: 100_000, of: LARGE, evicted })
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

/** What https needs, loaded and made only where it is served. */
async function secureWith({ world: { config }, keyFile }: Provider, { authority }: ProviderOptions) {
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
  try {
    return await open(provider, options)
  } catch (error) {
    await provider.keyFile?.close()
    throw error
  }
}

async function open(provider: Provider, options: ProviderOptions): Promise<Running> {
  const { world, keys, keyFile } = provider
  const { config } = world
  await keyFile?.check()
  if (usesShared(keys, world)) keys.begin()
  const secure = await secureWith(provider, options)
  const authority = secure?.authority
  const contextFor = (ports: Ports) => (tenant: Tenant, seen?: string) =>
    contextAt(baseFor(tenant, { config: world.config, ports, seen }), tenant)
  const office = (ports: Ports) => {
    const place = { ...urlsOf(config, ports), ca: authority?.cert, version: VERSION }
    return { world, place, authority, context: contextFor(ports) }
  }
  const appAt = (ports: Ports) =>
    createApp(siteOf(provider, { ports, office: office(ports), log: options.log }))
  const { host, port } = config.server
  const { ports, close } = await listen(appAt, { host, port, secure })
  return {
    ...provider,
    get tenants() {
      return world.tenants
    },
    get config() {
      return world.config
    },
    ...{ ports, authority, ...urlsOf(config, ports) },
    port: ports.http ?? (ports.https as number),
    control: lazily(office(ports)),
    context: contextFor(ports),
    async stop(graceMs = GRACE_MS) {
      // What waits for something to happen waits no longer.
      world.close()
      await close(graceMs)
      await keyFile?.close()
    },
  }
}

interface Seen {
  readonly config: ResolvedConfig
  readonly ports: Ports
  /** Where a caller sees the provider. */
  readonly seen: string | undefined
}

/** Where a tenant's issuer is at home, or where the caller is, if the issuer follows it there. */
function baseFor({ dialect }: Tenant, { config, ports, seen }: Seen): string {
  const home = baseUrl(config, ports, dialect.home)
  // Over another scheme it is not known by which port this caller would come.
  const follows = seen?.split(':')[0] === home.split(':')[0] && issuerMode(config, dialect) === 'request'
  return follows ? (seen as string) : home
}

interface Opening extends Pick<ProviderOptions, 'log'> {
  readonly ports: Ports
  readonly office: Office
}

/** What the listener serves: the world as it is at each request. */
function siteOf({ world, keys }: Provider, { ports, office, log = () => undefined }: Opening): Site {
  const bases = ofEach((config: ResolvedConfig) => createBases(config, ports))
  const isOwn = ownNames(world, hostname())
  return {
    ...{ endpoints: ENDPOINTS, home: office.context, now: world.machine, log },
    prefixes: prefixesOf(world.config),
    trustProxy: world.config.server.trust_proxy,
    isOwn,
    control: controlDesk(lazily(office), { ...office, isOwn }),
    get dialects() {
      return world.layout.dialects
    },
    get services() {
      return world.layout.services
    },
    get tenants() {
      return world.tenants
    },
    sandbox: (id) => world.sandboxes.resident(id)?.tenant,
    find: (at) => world.find(at),
    sample: (dialect) => world.layout.samples.get(dialect) as Tenant,
    bases: (...at) => bases(world.config)(...at),
    ready: () => !usesShared(keys, world) || keys.ready(),
  }
}

/** Whether some tenant of the configuration has no keys of its own. */
function usesShared(keys: KeySet, { residents }: World): boolean {
  return residents.some(({ declared }) => declared.keys === keys)
}

/** Made again only where it is asked for with another value than before. */
function ofEach<K, V>(make: (key: K) => V): (key: K) => V {
  let made: { readonly key: K; readonly value: V } | undefined
  return (key) => {
    if (made?.key !== key) made = { key, value: make(key) }
    return made.value
  }
}

/** Most starts are for tokens: what tests ask for is loaded when one does. */
function lazily(office: Office): Control {
  const made = once(async () => (await import('./control/control.ts')).createControl(office))
  return { answer: async (sent) => (await made.get()).answer(sent) }
}

function urlsOf({ server }: ResolvedConfig, ports: Ports): Pick<Running, 'url' | 'httpsUrl'> {
  return {
    url: listenerUrl(server, ports),
    httpsUrl: ports.https === undefined ? undefined : listenerUrl(server, ports, 'https'),
  }
}
