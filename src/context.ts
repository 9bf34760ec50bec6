/** What an endpoint is given beside the request: the tenant, and where it was reached. */
import type { Clock } from './clock.ts'
import type { ClientConfig, ResourceConfig, TenantConfig, UserConfig } from './config/resolve.ts'
import type { Dialect, EndpointName, Face } from './dialects/dialect.ts'
import type { Hooks } from './hooks.ts'
import type { KeySet } from './keys/keys.ts'
import type { Outbound } from './outbound.ts'
import type { Check, Level } from './protocol/checks.ts'
import type { OAuthError } from './protocol/errors.ts'
import type { Members } from './protocol/json.ts'
import type { EndpointResponse, Request } from './protocol/messages.ts'
import type { Params } from './protocol/params.ts'
import type { Random } from './random.ts'
import type { NextLogins } from './sessions/next_login.ts'
import type { Store } from './store/store.ts'

// The rooms that are handed a context need these names with it, and nothing else of where they come from.
export type { ClaimPlace, ClientConfig, ResourceConfig, UserConfig } from './config/resolve.ts'
export type { Dialect, EndpointName, Face, Source } from './dialects/dialect.ts'
export type { WaitingLogin } from './sessions/next_login.ts'

/** What the configuration declares, ready to be looked up at the same cost whatever its size. */
export interface Registry {
  readonly clients: ReadonlyMap<string, ClientConfig>
  /** By identifier and by id. */
  readonly resources: ReadonlyMap<string, ResourceConfig>
  readonly scopeOwners: ReadonlyMap<string, readonly ResourceConfig[]>
  /** Identifiers of the resources that declare a role. */
  readonly roleOwners: ReadonlyMap<string, readonly string[]>
  readonly users: ReadonlyMap<string, UserConfig>
  /** By subject identifier. */
  readonly subjects: ReadonlyMap<string, UserConfig>
  /** Where users of several tenants sign in: who each username is, and in which of them. */
  readonly accounts?: ReadonlyMap<string, Account> | undefined
}

/** A user as the tenant that declares them knows them. */
export interface Account {
  readonly username: string
  /** Name of that tenant; absent where tenants know nothing of each other. */
  readonly home?: string | undefined
  /** Absent for somebody whom no tenant declares: who is there for one login only. */
  readonly declared?: boolean | undefined
}

/** Tenants of one server that know each other: an application of one can be for the users of all. */
export interface Cloud {
  /** By name. */
  readonly members: ReadonlyMap<string, Tenant>
  /** Applications and APIs that are there in each of them, whoever declares them. */
  readonly shared: Pick<Registry, 'clients' | 'resources' | 'scopeOwners' | 'roleOwners'>
  /** Host names of all. */
  readonly hosts: ReadonlySet<string>
  /** What each of them lets its clients have the provider fetch. */
  readonly configs: readonly TenantConfig[]
  /** The one that has this name in its paths, a domain mostly. */
  called(name: string): Tenant | undefined
  /** The one that declares a user whom this name means. */
  ownerOf(username: string): Tenant | undefined
}

/** One issuer with its own clients, keys, clock, store and record: a value, made from configuration at any time. */
export interface Tenant {
  readonly name: string
  /** What the dialect's paths and claims show. */
  readonly id: string
  /** What ids are made of that nobody configured: its own id; in a sandbox that of the tenant which it is a copy of. */
  readonly seed: string
  /** Where the tenant is mounted below the base URL, e.g. `/realms/demo`. */
  readonly path: string
  /** Every path that leads there, by name and alias too. */
  readonly paths: readonly string[]
  /** What stands for it in such a path. */
  readonly names: readonly string[]
  /** Where its issuers stand, if that is not where its endpoints do. */
  readonly issuerPath?: string | undefined
  readonly config: TenantConfig
  readonly registry: Registry
  readonly dialect: Dialect
  readonly hooks: readonly Hooks[]
  readonly clock: Clock
  readonly random: Random
  readonly keys: KeySet
  readonly store: Store
  readonly outbound: Outbound
  /** Hears of each request and its answer before that is sent. */
  readonly record: (transaction: Transaction, cx: Context) => void
  /** What a test said about the logins to come. */
  readonly nextLogins: NextLogins
  /** The Cache-Control header of the JWKS; absent: the usual one. */
  readonly jwksCacheControl?: string | undefined
  readonly advertised: readonly Advertised[]
  /** Every tenant of the server, this one too; absent: nobody knows of others. */
  readonly neighbours?: (() => readonly Tenant[]) | undefined
  /** Absent: a tenant by itself. */
  readonly cloud?: Cloud | undefined
  /** By name: the tenants whose users sign in here, where that is an address of several and no tenant itself. */
  readonly homes?: ReadonlyMap<string, Tenant> | undefined
  /** The user flow whose address this is. */
  readonly policy?: string | undefined
}

/** An endpoint that discovery shows: under which metadata member, and whether servers or browsers call it. */
export interface Advertised {
  readonly name: EndpointName
  readonly member: string
  readonly channel: 'back' | 'front'
  /** Absent: at every tenant whose dialect has a path for it. */
  readonly isServed?: ((tenant: Tenant) => boolean) | undefined
}

/** Base URLs, without the tenant's own path. */
export interface Bases {
  /** What `iss` is made of. */
  readonly issuer: string
  /** Whether the issuer is the same for every caller, or follows the host each one used. */
  readonly mode: 'fixed' | 'request'
  /** How this caller reached the provider: back-channel endpoints are shown there. */
  readonly caller: string
  /** Where browsers reach it. */
  readonly front: string
  /** Where issuers of the server are at home: one over http and one over https, where both are served. */
  readonly homes?: readonly string[] | undefined
  /** Where clients can show a certificate; undefined where nobody is asked for one. */
  readonly mtls?: string | undefined
  /** Whether certificates of some CA are trusted there. */
  readonly trustsClientCa?: boolean | undefined
}

export interface Note {
  readonly level: Exclude<Level, 'strict'>
  readonly check: Check
  readonly text: string
}

/** A token as it was made: header and claims in their order, each claim with its origin where that is known. */
export interface Issued {
  /** What it is, such as `at+jwt` or `opaque`; a dialect may write another `typ` into the header. */
  readonly typ: string
  readonly header: Members
  readonly claims: Members
}

/** What happened in one request, for log, record and findings: filled in as it becomes known. */
export interface Exchange {
  /** Empty until it is known. */
  tenant: string
  endpoint: string
  client_id?: string
  /** How the client authenticated. */
  auth_method?: string
  grant_type?: string
  /** The parameters under their RFC names, with those of a request object; they hold secrets, which no log may show. */
  params?: Params
  /** The tokens that were issued. */
  issued?: Issued[]
  /** Username of whom an answer is about. */
  user?: string
  reason?: string
  description?: string
  /** What a test had said of the login that this is about. */
  directed?: string
  readonly notes: Note[]
  /** What went wrong beside the answer: a client that could not be told of a logout. */
  trouble?: readonly string[]
}

/** One request to a tenant with its answer; it holds secrets, which whoever shows it masks. */
export interface Transaction {
  /** Milliseconds since the epoch by the tenant's clock, when the answer was ready. */
  readonly at: number
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** As the caller wrote it: scheme, host, path and query. */
  readonly url: string
  readonly request: Request
  readonly response: EndpointResponse
  readonly exchange: Exchange
}

export interface Context {
  readonly tenant: Tenant
  readonly face: Face
  readonly endpoint: EndpointName
  readonly bases: Bases
  /** Path of the tenant below the base URLs: its own, or empty where its host names made it the root. */
  readonly mount: string
  /** Address of the caller. */
  readonly ip: string
  readonly exchange: Exchange
}

/** A tenant at the place where a request reached it. */
export interface Mounted {
  readonly tenant: Tenant
  /** Its path below the base URLs. */
  readonly path: string
  /** Whether the Host name chose it, which makes that host its issuer's. */
  readonly byHost: boolean
  /** The one endpoint that it has here; absent: all. */
  readonly only?: EndpointName
}

/** What is known of the place: the mount pattern, what stands for its parameters, the host name. */
export interface Whereabouts {
  readonly pattern: string
  readonly param: string | undefined
  readonly hostname: string
}

/** Lets a failed check pass where the tenant's strictness says so, and leaves a note; throws it otherwise. */
export function enforce(check: Check, error: OAuthError, cx: Context): void {
  const { checks, default: level } = cx.tenant.config.strictness
  const chosen = checks[check] ?? level
  if (chosen === 'strict') throw error
  cx.exchange.notes.push({ level: chosen, check, text: error.description })
}

/** A client of the configuration, or one that registered itself. */
export async function findClient(client_id: string, { tenant }: Context): Promise<ClientConfig | undefined> {
  const declared = tenant.registry.clients.get(client_id)
  if (declared !== undefined || !tenant.config.registration.enabled) return declared
  const registered = (await tenant.store.get('client', client_id)) as
    | { readonly config: ClientConfig }
    | undefined
  return registered?.config
}

/** The tenant's URL below a base: where its endpoints' paths begin. */
function mountUrl(base: string, { mount }: Pick<Context, 'mount'>): string {
  return mount === '' ? base : `${base.replace(/\/$/, '')}${mount}`
}

/** The issuer of a face. A tenant that stands at the base itself keeps the base byte for byte. */
export function issuerOf(cx: Context, face: Face = cx.face): string {
  if (face.official !== undefined && isOfficial(cx.tenant))
    return face.official.replace('{tenant}', () => cx.tenant.id)
  const mount = cx.tenant.issuerPath ?? cx.mount
  return face.issuer.replace('{mount}', () => mountUrl(cx.bases.issuer, { mount }))
}

/** Whether a tenant calls itself what the real provider would. */
export function isOfficial({ config, dialect, cloud }: Tenant): boolean {
  const { issuer } = config.entra
  if (issuer !== undefined) return issuer === 'microsoft'
  return dialect.officialHosts.some((host) => cloud?.hosts.has(host) ?? config.hosts.includes(host))
}

/** An endpoint's URL below a base. */
export function endpointUrl(base: string, path: string, cx: Pick<Context, 'mount'>): string {
  return `${mountUrl(base, cx).replace(/\/$/, '')}${path}`
}

/** What hooks and templates may know in any situation. */
export function facts(
  cx: Context,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const { tenant } = cx
  return {
    tenant: {
      id: tenant.id,
      name: tenant.name,
      aliases: tenant.config.aliases,
      entra: tenant.config.entra,
      several: tenant.homes !== undefined,
      policy: tenant.policy,
    },
    issuer: issuerOf(cx),
    mount: mountUrl(cx.bases.issuer, cx),
    caller_mount: mountUrl(cx.bases.caller, cx).replace(/\/$/, ''),
    caller_base: cx.bases.caller.replace(/\/$/, ''),
    now: tenant.clock.seconds(),
    request: { ip: cx.ip },
    ...more,
  }
}
