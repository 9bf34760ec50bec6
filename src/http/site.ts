/** What the HTTP layer needs of the provider: who is where, and where to tell what happened. */

import type { CloudService } from '../cloud/cloud_service.ts'
import type { Bases, Context, Dialect, EndpointName, Exchange, Tenant } from '../context.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { Caller } from './host.ts'

/** A tenant at the place where this request reached it. */
export interface Mounted {
  readonly tenant: Tenant
  /** Its path below the base URLs. */
  readonly path: string
  /** Whether the Host name chose it, which makes that host its issuer's. */
  readonly byHost: boolean
  /** The one endpoint that it has here; absent: all. */
  readonly only?: EndpointName
}

/** One request, for the log. */
export interface Entry {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly exchange: Exchange
  /** A fault of ours, with its stack. */
  readonly error?: unknown
}

export interface Site {
  /** Path prefixes under which everything stands, e.g. `/auth`. */
  readonly prefixes: readonly string[]
  readonly trustProxy: boolean
  /** The dialects that some tenant speaks. */
  readonly dialects: readonly Dialect[]
  readonly endpoints: readonly Endpoint[]
  /** What answers for the host as a whole, beside the tenants. */
  readonly services: readonly CloudService[]
  /** The certificate of the own CA, in PEM; undefined where the provider is none. */
  readonly ca?: string | undefined
  readonly tenants: readonly Tenant[]
  /** The tenant that a mount pattern and its parameter name, at this host. */
  find(at: { pattern: string; param: string | undefined; hostname: string }): Mounted | undefined
  /** Any tenant of the dialect: it lends its manners to errors about tenants that are not there. */
  sample(dialect: Dialect): Tenant
  bases(caller: Caller, prefix: string, mounted: Pick<Mounted, 'tenant' | 'byHost'>): Bases
  /** A tenant at its own base, whoever calls. */
  home(tenant: Tenant): Context
  ready(): boolean
  now(): number
  log(entry: Entry): void
}
