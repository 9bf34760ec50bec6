/** Transactions made by hand, for what looks at them. */
import type { Exchange, Transaction } from '../../src/context.ts'
import type { Recorded } from '../../src/record/journal.ts'

export interface Happened {
  readonly url?: string
  readonly at?: number
  readonly ms?: number
  readonly request?: Partial<Transaction['request']>
  readonly response?: Partial<Transaction['response']>
  readonly exchange?: Partial<Exchange>
}

/** A token request that was answered with nothing, changed as asked. */
export function transaction({ request, response, exchange, ...more }: Happened = {}): Transaction {
  return {
    ...{ at: Date.UTC(2030, 0, 31, 8, 15), ms: 1.5, url: 'http://localhost:8080/token' },
    ...more,
    request: {
      ...{ method: 'POST', headers: {}, query: new Map(), body: { kind: 'none' } },
      ...{ contentType: '', ip: '127.0.0.1' },
      ...request,
    },
    response: { status: 200, headers: {}, body: null, ...response },
    exchange: { tenant: 'default', endpoint: 'token', notes: [], ...exchange },
  }
}

export function recorded(happened: Happened = {}, seq = 1): Recorded {
  return { ...transaction(happened), seq }
}

/** The body of a form. */
export function form(params: Record<string, string>): Transaction['request']['body'] {
  return { kind: 'form', params: paramsOf(params) }
}

export function paramsOf(params: Record<string, string>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(params).map(([name, value]) => [name, [value]]))
}

/** An unverifiable JWT of these claims. */
export function jwt(claims: Record<string, unknown>, signature = 'c2lnbmF0dXJlLWNhbmFyeQ'): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}.${signature}`
}
