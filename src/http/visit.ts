import type { Context as Koa } from 'koa'
import type { Dialect, Exchange, Face, Mounted } from '../context.ts'
import type { Endpoint } from '../endpoints/endpoint.ts'
import type { Caller } from './host.ts'

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
  /** When it came, in milliseconds of the monotonic clock. */
  readonly started: number
  /** Set when a tenant was reached; the log wants it. */
  exchange?: Exchange
  /** The first route that had no tenant behind it. */
  missed?: Arrival | undefined
}
