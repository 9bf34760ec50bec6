/** What the HTTP layer needs of the provider: who is where, and where to tell what happened. */
import type { Bases, Dialect, Exchange, Tenant } from '../context.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { Caller } from './host.ts'

/** A tenant at the place where this request reached it. */
export interface Mounted {
  readonly tenant: Tenant
  /** Its path below the base URLs. */
  readonly path: string
  /** Whether the Host name chose it, which makes that host its issuer's. */
  readonly byHost: boolean
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
  /** The tenant that a mount pattern and its parameter name, at this host. */
  find(at: { pattern: string; param: string | undefined; hostname: string }): Mounted | undefined
  /** Any tenant of the dialect: it lends its manners to errors about tenants that are not there. */
  sample(dialect: Dialect): Tenant
  bases(caller: Caller, prefix: string, byHost: boolean): Bases
  ready(): boolean
  now(): number
  log(entry: Entry): void
}
