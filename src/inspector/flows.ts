/** Requests that belong together: a login with all that came of it, a client's own token, a device. */
import { outcomeOf, type Recorded } from '../record/entry.ts'

export interface Flow {
  /** Oldest first; one at least. */
  readonly entries: readonly Recorded[]
}

/** Requests that anybody makes at any time. */
const METADATA = ['discovery', 'jwks']

interface Group {
  entries: Recorded[]
  /** The one that it became a part of. */
  into?: Group
}

/** The one with the newest request first. */
export function flowsOf(
  entries: Iterable<Recorded>,
  tracesOf: (entry: Recorded) => readonly string[],
): readonly Flow[] {
  const byTrace = new Map<string, Group>()
  const groups: Group[] = []
  // Clients read metadata in twos and threes, which is no more than one line.
  let metadata: Group | undefined
  for (const entry of entries) {
    const isMetadata = METADATA.includes(entry.exchange.endpoint)
    const traces = isMetadata ? [] : tracesOf(entry)
    const known = [...new Set(traces.flatMap((trace) => rootOf(byTrace.get(trace)) ?? []))]
    const group = (isMetadata ? metadata : known[0]) ?? opened(groups)
    for (const other of known.slice(1)) merge(other, group)
    group.entries.push(entry)
    for (const trace of traces) byTrace.set(trace, group)
    metadata = isMetadata ? group : undefined
  }
  return groups
    .filter(({ into }) => into === undefined)
    .map((group) => ({ entries: group.entries.toSorted((one, other) => one.seq - other.seq) }))
    .toSorted((one, other) => newest(other) - newest(one))
}

function opened(groups: Group[]): Group {
  const group: Group = { entries: [] }
  groups.push(group)
  return group
}

function rootOf(group: Group | undefined): Group | undefined {
  return group?.into === undefined ? group : rootOf(group.into)
}

function merge(other: Group, group: Group): void {
  group.entries.push(...other.entries)
  other.entries = []
  other.into = group
}

/** Number of its last request. */
function newest({ entries }: Flow): number {
  return entries.at(-1)?.seq ?? 0
}

const NAMES: readonly (readonly [endpoints: readonly string[], name: string])[] = [
  [['device_authorization', 'device'], 'Device login'],
  [['authorization', 'login', 'consent'], 'Login'],
  [['registration'], 'Registration'],
  [['admin_consent'], 'Admin consent'],
  [METADATA, 'Metadata'],
]

const GRANTS: Readonly<Record<string, string>> = {
  client_credentials: 'Token of its own',
  password: 'Password grant',
  refresh_token: 'Refresh',
}

const OTHERS: Readonly<Record<string, string>> = {
  end_session: 'Logout',
  introspection: 'Token check',
  revocation: 'Revocation',
  userinfo: 'Userinfo',
}

/** What a flow is called. */
export function flowName({ entries }: Flow): string {
  const exchanges = entries.map(({ exchange }) => exchange)
  const named = NAMES.find(([endpoints]) => exchanges.some(({ endpoint }) => endpoints.includes(endpoint)))
  if (named !== undefined) return named[1]
  const [first] = exchanges
  const { endpoint = '', grant_type } = exchanges.find((each) => each.grant_type !== undefined) ?? first ?? {}
  if (endpoint === 'token') return GRANTS[grant_type ?? ''] ?? 'Token'
  return OTHERS[endpoint] ?? (endpoint || 'Request')
}

export type FlowState = 'ok' | 'refused' | 'open'

/** How far it came, in words, and whether that is good. */
export function flowState(flow: Flow): readonly [state: FlowState, text: string] {
  const { entries } = flow
  const last = entries.at(-1) as Recorded
  const hasTokens = entries.some(({ exchange }) => (exchange.issued ?? []).length > 0)
  if (outcomeOf(last) === 'refused') return ['refused', hasTokens ? 'done, then refused' : 'refused']
  if (hasTokens || !/ogin/.test(flowName(flow))) return ['ok', 'done']
  if (/[?&]code=/.test(last.response.headers['location'] ?? '')) return ['open', 'code not redeemed yet']
  const isPage = last.response.headers['content-type']?.startsWith('text/html') === true
  return isPage ? ['open', 'waits for the user'] : ['open', 'not finished']
}
