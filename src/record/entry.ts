/** One remembered request, and what can be said of it at a glance. */
import type { Transaction } from '../context.ts'
import { formOf } from '../protocol/messages.ts'
import { first, type Params } from '../protocol/params.ts'

/** A transaction with its place in the order of all. */
export interface Recorded extends Transaction {
  /** Counts from 1; a tenant never gives a number twice. */
  readonly seq: number
}

export type Outcome = 'ok' | 'refused'

/** Whether the client got what it asked for: an error may come as a status, in a redirect, or be told to the log alone. */
export function outcomeOf({ response, exchange }: Transaction): Outcome {
  const { status, headers } = response
  const isRefused = status >= 400 || exchange.reason !== undefined || isError(headers['location'])
  return isRefused ? 'refused' : 'ok'
}

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 */
function isError(location: string | undefined): boolean {
  return location !== undefined && /[?&#]error=/.test(location)
}

/** The path of the URL as it came; the host may be anything, so this is no work for a URL parser. */
export function pathOf({ url }: Pick<Transaction, 'url'>): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/)[0]
  return path === undefined || path === '' ? '/' : path
}

/** The parameters as the endpoint understood them; where it did not come to that, as they came. */
export function paramsOf({ request, exchange }: Transaction): Params {
  if (exchange.params !== undefined) return exchange.params
  const form = formOf(request)
  if (form.size === 0) return request.query
  return request.query.size === 0 ? form : new Map([...request.query, ...form])
}

/** The client that made the request or that it says it is about; of one that is not known, what it calls itself. */
export function clientIdOf(transaction: Transaction): string | undefined {
  return transaction.exchange.client_id ?? first(paramsOf(transaction), 'client_id')
}
