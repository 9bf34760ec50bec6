import type { Context as Koa } from 'koa'
import type { Dialect, Exchange, Face } from '../context.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { Caller } from './host.ts'
import type { Mounted } from './site.ts'

export interface Target {
  readonly face: Face
  readonly endpoint: Endpoint
}

/** Where a visit arrived: the tenant there, or the dialect in whose manner to say that there is none. */
export type Arrival =
  | { readonly mounted: Mounted; readonly target: Target; readonly prefix: string }
  | { readonly missing: Dialect; readonly target: Target; readonly param: string; readonly prefix: string }

/** One request on its way through the HTTP layer. */
export interface Visit {
  readonly koa: Koa
  readonly caller: Caller
  /** Set when a tenant was reached; the log wants it. */
  exchange?: Exchange
  /** The first route that had no tenant behind it. */
  missed?: Arrival | undefined
}
