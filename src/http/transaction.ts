import { monotonic } from '../clock.ts'
import type { Context, Transaction } from '../context.ts'
import type { EndpointResponse, Request } from '../protocol/messages.ts'
import type { Visit } from './visit.ts'

/** A request as it was read, and its answer. */
export interface Answer {
  readonly request: Request
  readonly response: EndpointResponse
}

/** What the record and the findings hear of a visit. */
export function transaction(
  { koa, caller, started }: Visit,
  { request, response }: Answer,
  { tenant, exchange }: Pick<Context, 'tenant' | 'exchange'>,
): Transaction {
  return {
    at: tenant.clock.now(),
    ms: monotonic() - started,
    url: `${caller.origin}${koa.originalUrl}`,
    request,
    response,
    exchange,
  }
}
