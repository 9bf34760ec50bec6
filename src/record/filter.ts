/** Which of the remembered requests are meant. */
import { oneOf, shown } from '../protocol/errors.ts'
import { clientIdOf, type Outcome, outcomeOf, pathOf, type Recorded } from './entry.ts'

export interface RequestFilter {
  readonly endpoint?: string
  readonly client?: string
  readonly user?: string
  readonly grant_type?: string
  readonly reason?: string
  readonly outcome?: Outcome
  readonly status?: number
  readonly method?: string
  readonly path?: string
  readonly after?: number
  readonly limit?: number
}

interface Criterion<Name extends keyof RequestFilter> {
  /** What it means, for people. */
  readonly summary: string
  readonly example: string
  /** @throws TypeError */
  parse(text: string): NonNullable<RequestFilter[Name]>
  /** Absent: it says nothing about a single entry. */
  readonly isMet?: (entry: Recorded, wanted: NonNullable<RequestFilter[Name]>) => boolean
}

type Criteria = { readonly [Name in keyof Required<RequestFilter>]: Criterion<Name> }

const asItIs = (text: string) => text

/** By the names of the query parameters. */
export const CRITERIA: Criteria = {
  endpoint: {
    summary: 'The endpoint: token, authorization, userinfo, ...',
    example: 'token',
    parse: asItIs,
    isMet: ({ exchange }, wanted) => exchange.endpoint === wanted,
  },
  client: {
    summary: 'The client_id.',
    example: 'orders-batch',
    parse: asItIs,
    isMet: (entry, wanted) => clientIdOf(entry) === wanted,
  },
  user: {
    summary: 'The username of whom the answer is about.',
    example: 'alice',
    parse: asItIs,
    isMet: ({ exchange }, wanted) => exchange.user === wanted,
  },
  grant_type: {
    summary: 'The grant type of a token request.',
    example: 'authorization_code',
    parse: asItIs,
    isMet: ({ exchange }, wanted) => exchange.grant_type === wanted,
  },
  reason: {
    summary: 'The reason of a refusal; `client.*` means all that begin so.',
    example: 'client.secret_wrong',
    parse: asItIs,
    isMet: ({ exchange }, wanted) => isLike(exchange.reason ?? '', wanted),
  },
  outcome: {
    summary:
      'ok or refused; refused is an error status, an error in a redirect, or an answer that has a reason.',
    example: 'refused',
    parse: outcome,
    isMet: (entry, wanted) => outcomeOf(entry) === wanted,
  },
  status: {
    summary: 'The status of the answer.',
    example: '401',
    parse: wholeNumber('status', { from: 100, to: 599 }),
    isMet: ({ response }, wanted) => response.status === wanted,
  },
  method: {
    summary: 'The method of the request.',
    example: 'POST',
    parse: (text) => text.toUpperCase(),
    isMet: ({ request }, wanted) => request.method === wanted,
  },
  path: {
    summary: 'The path of the URL; `/orders/*` means all that begin so.',
    example: '/token',
    parse: asItIs,
    isMet: (entry, wanted) => isLike(pathOf(entry), wanted),
  },
  after: {
    summary: 'Only those with a greater seq.',
    example: '42',
    parse: wholeNumber('after', { from: 0, to: Number.MAX_SAFE_INTEGER }),
    isMet: ({ seq }, wanted) => seq > wanted,
  },
  limit: {
    summary: 'No more than so many: the newest of those that match.',
    example: '10',
    parse: wholeNumber('limit', { from: 1, to: 1000 }),
  },
}

const NAMES = Object.keys(CRITERIA) as readonly (keyof RequestFilter)[]

function outcome(text: string): Outcome {
  if (text === 'ok' || text === 'refused') return text
  throw new TypeError(`outcome is ${shown(text)}, expected ok or refused`)
}

function wholeNumber(name: string, { from, to }: { from: number; to: number }): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (number >= from && number <= to) return number
    throw new TypeError(`${name} is ${shown(text)}, expected a whole number from ${from} to ${to}`)
  }
}

function isLike(value: string, wanted: string): boolean {
  return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted
}

/** A filter from the parameters of a query. @throws TypeError that says what came and what was expected */
export function parseFilter(query: Readonly<Record<string, string>>): RequestFilter {
  const pairs = Object.entries(query).map(([name, text]) => {
    if (Object.hasOwn(CRITERIA, name)) return [name, CRITERIA[name as keyof RequestFilter].parse(text)]
    throw new TypeError(`there is no filter ${shown(name)}, expected ${oneOf(NAMES)}`)
  })
  return Object.fromEntries(pairs) as RequestFilter
}

/** Whether an entry is meant; `limit` is about the whole list. */
export function matcher(filter: RequestFilter): (entry: Recorded) => boolean {
  const checks = NAMES.flatMap((name) => {
    const wanted = filter[name]
    const { isMet } = CRITERIA[name] as Criterion<keyof RequestFilter>
    return wanted === undefined || isMet === undefined ? [] : [(entry: Recorded) => isMet(entry, wanted)]
  })
  return (entry) => checks.every((isMet) => isMet(entry))
}

/** Those that are meant, oldest first; with `limit` the newest of them. */
export function select(entries: Iterable<Recorded>, filter: RequestFilter): Recorded[] {
  const isMeant = matcher(filter)
  const found = [...entries].filter(isMeant)
  return filter.limit === undefined ? found : found.slice(-filter.limit)
}
