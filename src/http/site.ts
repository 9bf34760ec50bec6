/** What the HTTP layer needs of the provider: who is where, and where to tell what happened. */

import type { CloudService } from '../cloud/cloud_service.ts'
import type { Bases, Context, Dialect, Exchange, Mounted, Tenant, Whereabouts } from '../context.ts'
import type { Answered, Sent } from '../control/call.ts'
import type { Problem } from '../control/problem.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { Caller } from './host.ts'

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

/** The control API, its guard and its pages. */
export interface ControlDesk {
  /** @throws Problem for who may not call */
  admit(caller: Caller, headers: Headers): void
  /** @param base where the caller sees the provider @throws Problem */
  answer(sent: Sent, base: string): Promise<Answered>
  /** A page for a browser that is refused; undefined: the problem as JSON. */
  refuse(problem: Problem, headers: Headers, base: string): Promise<Page | undefined>
}

type Headers = Readonly<Record<string, string | undefined>>
type Page = Extract<Answered, { readonly text: string }>

export interface Site {
  /** Path prefixes under which everything stands, e.g. `/auth`. */
  readonly prefixes: readonly string[]
  readonly trustProxy: boolean
  /** The dialects that some tenant speaks. */
  readonly dialects: readonly Dialect[]
  readonly endpoints: readonly Endpoint[]
  /** What answers for the host as a whole, beside the tenants. */
  readonly services: readonly CloudService[]
  /** Whether a request came under a name that nobody else can make mean this provider. */
  isOwn(caller: Caller, headers: Headers): boolean
  /** How tests drive the provider; absent where it is not to be driven. */
  readonly control?: ControlDesk | undefined
  /** Those of the configuration. */
  readonly tenants: readonly Tenant[]
  /** One that a test made, by its id. */
  sandbox(id: string): Tenant | undefined
  /** The tenant that a mount pattern and its parameter name, at this host. */
  find(at: Whereabouts): Mounted | undefined
  /** Any tenant of the dialect: it lends its manners to errors about tenants that are not there. */
  sample(dialect: Dialect): Tenant
  bases(caller: Caller, prefix: string, mounted: Pick<Mounted, 'tenant' | 'byHost'>): Bases
  /** A tenant at its own base, whoever calls. */
  home(tenant: Tenant): Context
  ready(): boolean
  now(): number
  log(entry: Entry): void
}
