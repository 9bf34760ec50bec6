import * as v from 'valibot'
import { parseDuration } from '../protocol/duration.ts'
import { shown } from '../protocol/errors.ts'
import { CRITERIA, matcher, parseFilter, type RequestFilter, select } from '../record/filter.ts'
import { har } from '../record/har.ts'
import type { Journal, Recorded, Streamed } from '../record/journal.ts'
import { type RequestView, type ViewOptions, view } from '../record/view.ts'
import type { Answered, Asked, Desk, Noun, QueryParam } from './call.ts'
import { because, Problem } from './problem.ts'

/** Longer than any test waits for a request; who wants more asks again. */
const LONGEST_WAIT_SECONDS = 60

const { limit: _, ...CRITERIA_OF_ONE } = CRITERIA

const SECRETS: QueryParam = {
  summary: 'show: secrets as they came; default: a mark for each, the same for equal values.',
  example: 'show',
}

const text = () => v.optional(v.string())

const params = () => v.record(v.string(), v.union([v.string(), v.array(v.string())]))

const request = () =>
  v.looseObject({
    ...{ seq: v.number(), time: v.string(), ms: v.number(), method: v.string(), url: v.string() },
    ...{ path: v.string(), endpoint: v.string(), tenant: v.string(), status: v.number() },
    outcome: v.picklist(['ok', 'refused']),
    ...{ client_id: text(), auth_method: text(), grant_type: text(), user: text() },
    ...{ reason: text(), description: text(), directed: text(), trouble: v.array(v.string()) },
    notes: v.array(v.strictObject({ level: v.string(), check: v.string(), text: v.string() })),
    request: v.strictObject({
      headers: v.record(v.string(), v.string()),
      query: params(),
      params: v.pipe(params(), v.description('As the endpoint understood them, under their RFC names.')),
      body: v.strictObject({ form: v.optional(params()), json: v.optional(v.any()), text: text() }),
    }),
    response: v.strictObject({
      status: v.number(),
      headers: v.record(v.string(), v.string()),
      body: v.any(),
    }),
    tokens: v.array(
      v.strictObject({
        name: v.string(),
        where: v.picklist(['request', 'response', 'outbound']),
        header: v.any(),
        claims: v.optional(v.any()),
        origins: v.optional(v.record(v.string(), v.string())),
      }),
    ),
  })

/** What clients sent, and what they got. */
export const requests: Noun = {
  name: 'requests',
  summary: 'What clients sent and got',
  calls: [
    {
      method: 'GET',
      path: '/requests',
      summary:
        'The remembered requests that match, oldest first, tokens decoded, secrets masked. `last` is the seq to go on from; `dropped` counts those that were forgotten for want of room.',
      query: {
        ...CRITERIA,
        wait: { summary: 'Where none matches, waits for one for so long, at most 60s.', example: '10s' },
        format: { summary: 'har: as an HTTP archive; default: json.', example: 'har' },
        secrets: SECRETS,
      },
      gives: () =>
        v.union([
          v.strictObject({ items: v.array(request()), last: v.number(), dropped: v.number() }),
          v.pipe(v.strictObject({ log: v.any() }), v.description('An HTTP archive.')),
        ]),
      answer: list,
    },
    {
      method: 'GET',
      path: '/requests/stream',
      summary:
        'Requests that match as they are answered, as server-sent events: id is the seq, event is request, data as in the list. Goes on after Last-Event-ID or `after`. An event skipped counts those that were forgotten before they could be sent.',
      query: { ...CRITERIA_OF_ONE, secrets: SECRETS },
      type: 'text/event-stream',
      answer: stream,
    },
    {
      method: 'DELETE',
      path: '/requests',
      summary: 'Forgets the requests; their numbers go on.',
      answer(_asked, { resident }) {
        resident.journal.clear()
        return { status: 204 }
      },
    },
  ],
}

async function list({ query, signal }: Asked, { resident, place }: Desk): Promise<Answered> {
  const { wait, format, secrets, ...rest } = query
  const filter = filterOf(rest)
  const isHar = among(['json', 'har'], 'format', format) === 'har'
  const { journal } = resident
  const show = showing(secrets, journal)
  const items = await found(journal, filter, { timeoutMs: waitOf(wait), signal })
  const views = items.map(show)
  if (isHar) return { json: har(views, place.version) }
  return { json: { items: views, last: journal.last, dropped: journal.dropped } }
}

async function found(
  journal: Journal,
  filter: RequestFilter,
  wait: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Recorded[]> {
  const there = select(journal.since(0), filter)
  if (there.length > 0 || wait.timeoutMs === 0) return there
  const next = await journal.next(matcher(filter), { ...wait, after: filter.after })
  return next === undefined ? [] : [next]
}

function stream({ query, headers, signal }: Asked, { resident: { journal } }: Desk): Answered {
  const { secrets, ...rest } = query
  const filter = filterOf(rest)
  const show = showing(secrets, journal)
  // A browser that comes back sends the URL that it began with, so its header says more.
  const resumed = headers['last-event-id']
  const { after } = resumed === undefined || resumed === '' ? filter : resumedAt(resumed, journal)
  const entries = journal.stream(matcher({ ...filter, ...(after !== undefined && { after }) }), { after })
  return { events: written(entries, { show, signal }) }
}

/** A number that has not been given yet is one of before a restart: all that is remembered came later. */
function resumedAt(id: string, { last }: Journal): Pick<RequestFilter, 'after'> {
  const { after = 0 } = filterOf({ after: id })
  return { after: after > last ? 0 : after }
}

interface Writing {
  show(entry: Recorded): RequestView
  /** Ends it, also while nothing comes. */
  readonly signal: AbortSignal
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
async function* written(
  entries: AsyncIterableIterator<Streamed>,
  { show, signal }: Writing,
): AsyncGenerator<string, void> {
  const end = () => void entries.return?.()
  signal.addEventListener('abort', end)
  // Who hung up before that is not told again.
  if (signal.aborted) end()
  try {
    // The headers of the answer go out with its first text.
    yield ': requests\n\n'
    for await (const { entry, skipped } of entries) {
      if (skipped > 0) yield `event: skipped\ndata: ${JSON.stringify({ skipped })}\n\n`
      yield `id: ${entry.seq}\nevent: request\ndata: ${JSON.stringify(show(entry))}\n\n`
    }
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function showing(secrets: string | undefined, { salt }: Journal): (entry: Recorded) => RequestView {
  const options: ViewOptions = { secrets: among(['mask', 'show'], 'secrets', secrets), salt }
  return (entry) => view(entry, options)
}

/** The first is the default. */
function among<const T extends string>(
  allowed: readonly [T, ...T[]],
  name: string,
  came: string | undefined,
): T {
  const found = came === undefined ? allowed[0] : allowed.find((each) => each === came)
  if (found !== undefined) return found
  throw new Problem(400, `${name} is ${shown(came)}, expected ${allowed.join(' or ')}`)
}

function filterOf(query: Readonly<Record<string, string>>): RequestFilter {
  return understood(() => parseFilter(query))
}

/** In milliseconds. */
function waitOf(written: string | undefined): number {
  if (written === undefined) return 0
  const seconds = understood(() => parseDuration(written))
  if (seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS) return seconds * 1000
  throw new Problem(400, `wait is ${shown(written)}, expected a duration from 0s to ${LONGEST_WAIT_SECONDS}s`)
}

function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw because(cause, 400, cause.message)
  }
}
