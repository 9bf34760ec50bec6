/** The calls for what clients sent and got, and for what was wrong with it. */
import type { Finding, Idp, RecordedRequest, RequestFilter } from '../api.ts'
import { parseDuration } from '../protocol/duration.ts'
import type { Ask, Asked, List } from './ask.ts'

type Recorded = Pick<Idp, 'requests' | 'nextRequest' | 'har' | 'findings'>

interface Page extends List<RecordedRequest> {
  /** Number of the newest request that ever came. */
  readonly last: number
}

/** What one call waits at most; a longer wait is several. */
const LONGEST_SECONDS = 60

export function record(ask: Ask): Recorded {
  return {
    requests: async (filter) => (await ask<Page>('GET', '/requests', asked(filter))).items,
    async nextRequest(filter = {}, { timeout = '10s' } = {}) {
      const seconds = parseDuration(timeout)
      const { after = await newest(ask, filter), limit: _, ...rest } = filter
      const found = await next({ ...rest, after }, seconds, ask)
      if (found !== undefined) return found
      const came = await ask<Page>('GET', '/requests', asked({ ...ofTenant(filter), after }))
      const before = await ask<Page>('GET', '/requests', asked({ ...rest, limit: 1 }))
      throw new Error(
        `${missed(rest)} came within ${timeout}${typeof timeout === 'number' ? 's' : ''}; ${[...instead(came.items), ...early(before.items)].join('; ') || 'none came at all'}`,
      )
    },
    har: (filter) => ask('GET', '/requests', asked(filter, { format: 'har' })),
    findings: async (filter) => (await ask<List<Finding>>('GET', '/findings', asked(filter))).items,
  }
}

function asked({ tenant, ...filter }: RequestFilter = {}, more: Asked['query'] = {}): Asked {
  return { query: { ...filter, ...more }, of: ofTenant({ tenant }) }
}

function ofTenant({ tenant }: { readonly tenant?: string | undefined }): { readonly tenant?: string } {
  return tenant === undefined ? {} : { tenant }
}

async function newest(ask: Ask, filter: RequestFilter): Promise<number> {
  return (await ask<Page>('GET', '/requests', asked({ ...ofTenant(filter), limit: 1 }))).last
}

async function next(filter: RequestFilter, seconds: number, ask: Ask): Promise<RecordedRequest | undefined> {
  for (let left = seconds; left > 0; left -= LONGEST_SECONDS) {
    const wait = `${Math.ceil(Math.min(left, LONGEST_SECONDS))}s`
    const [found] = (await ask<Page>('GET', '/requests', asked(filter, { wait }))).items
    if (found !== undefined) return found
  }
  return undefined
}

function missed({ after: _, tenant: __, ...wanted }: RequestFilter): string {
  const terms = Object.entries(wanted).map(([name, value]) => `${name} ${value}`)
  return terms.length === 0 ? 'no request' : `no request with ${terms.join(', ')}`
}

function instead(came: readonly RecordedRequest[]): readonly string[] {
  if (came.length === 0) return []
  const lines = came
    .slice(-10)
    .map(({ method, path, status, reason = '' }) => `${method} ${path} ${status} ${reason}`.trim())
  return [`instead came ${lines.join(', ')}`]
}

/** One that fits and came before is what the test meant, as a rule. */
function early([before]: readonly RecordedRequest[]): readonly string[] {
  if (before === undefined) return []
  return [`one came before: call nextRequest first, or give after: ${before.seq - 1}`]
}
