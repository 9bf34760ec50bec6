/** Which page of the inspector is meant: everything stands in the query, so that a link is all there is to a state. */

/** What the views are called, and where they stand. */
export const VIEWS = {
  activity: 'Activity',
  findings: 'Findings',
  users: 'Users',
  clients: 'Clients',
  keys: 'Keys',
  sessions: 'Sessions',
} as const

export type ViewName = keyof typeof VIEWS

export interface AskedPage {
  /** As the query names it; absent: the first tenant. */
  readonly tenant: string | undefined
  readonly view: ViewName
  /** Number of the request whose details are shown. */
  readonly request: number | undefined
  /** What is looked for. */
  readonly search: string
}

/** What is unknown is left out: a page is for people. */
export function askedPage(query: Readonly<Record<string, string>>): AskedPage {
  const { tenant, view = '', request = '', q = '' } = query
  return {
    tenant,
    view: Object.hasOwn(VIEWS, view) ? (view as ViewName) : 'activity',
    request: /^\d{1,15}$/.test(request) ? Number(request) : undefined,
    search: q.trim().slice(0, 200),
  }
}

/** A link to another page about the same tenant. */
export function linkTo({ tenant, view, request, search }: Partial<AskedPage>): string {
  const query = new URLSearchParams({
    ...(tenant !== undefined && { tenant }),
    ...(view !== undefined && view !== 'activity' && { view }),
    ...(search !== undefined && search !== '' && { q: search }),
    ...(request !== undefined && { request: String(request) }),
  })
  return query.size === 0 ? './' : `./?${query}`
}
