/** What the provider tells while it runs: a line for each request, and warnings. Secrets never enter it. */
import { timestamp } from '../clock.ts'
import type { Entry } from '../http/site.ts'
import { createLineBuffer } from './line_buffer.ts'
import { createRedactor, type Secrets } from './redact.ts'

export interface LogOptions {
  readonly format: 'text' | 'json'
  /** Only warnings and faults. */
  readonly quiet: boolean
  /** What must never be shown. */
  readonly secrets: Secrets
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

export interface RequestLog {
  request(entry: Entry): void
  /** Something that the user should know; the same text is told once. */
  warn(text: string): void
  /** Something that happened, told each time; not where only warnings are wanted. */
  tell(text: string): void
  /** Something that went wrong beside the requests, told each time. */
  complain(text: string): void
  flush(): void
}

export function createRequestLog({ format, quiet, secrets, out, err }: LogOptions): RequestLog {
  const lines = createLineBuffer(out)
  const redact = createRedactor(secrets)
  const told = new Set<string>()
  const write = format === 'json' ? jsonOf : textOf
  const event = (name: string, text: string) =>
    format === 'json'
      ? `${JSON.stringify({ event: name, text })}\n`
      : `${name === 'warning' ? 'warning: ' : ''}${text}\n`
  return {
    request(entry) {
      if (entry.error !== undefined) err(faultOf(entry, { format, redact }))
      if (!quiet && !isNoNews(entry)) lines.add(write(entry, redact))
    },
    warn(text) {
      if (told.has(text)) return
      told.add(text)
      err(event('warning', text))
    },
    tell(text) {
      if (!quiet) lines.add(event('notice', text).trimEnd())
    },
    complain: (text) => err(event('warning', redact(text))),
    flush: lines.flush,
  }
}

/** Orchestrators ask every few seconds, and an open inspector at each request of a client; that all is well is no news. */
function isNoNews({ path, status }: Entry): boolean {
  return status === 200 && /\/(?:healthz|readyz|_mock\/(?:inspector\.js|requests\/stream)?)$/.test(path)
}

type Redact = (text: string) => string

const LONGEST_PATH = 300

function textOf({ at, method, path, status, ms, exchange }: Entry, redact: Redact): string {
  const { reason, description, directed, notes, trouble = [] } = exchange
  const facts = FACTS.map((name) => {
    const value = exchange[name]
    return value === undefined || value === '' ? '' : ` ${name}=${word(asked(value, exchange, redact))}`
  })
  if (reason !== undefined) facts.push(` reason=${reason}`)
  const why = description === undefined ? '' : ` ${plain(redact(description))}`
  const line = `${timestamp(at)} ${plain(method)} ${shortened(pathOf(path, status, redact))} ${status} ${ms.toFixed(1)}ms${facts.join('')}${why}`
  return [
    line,
    ...(directed === undefined ? [] : [`  ${plain(redact(directed))}`]),
    ...notes.map(({ level, check, text }) => `  ${level} ${check}: ${plain(redact(text))}`),
    ...trouble.map((text) => `  trouble: ${plain(redact(text))}`),
  ].join('\n')
}

const FACTS = ['tenant', 'endpoint', 'client_id', 'grant_type', 'user'] as const

/** Where a request was not refused, its names are declared ones. */
function asked(value: string, { reason }: Entry['exchange'], redact: Redact): string {
  return reason === undefined ? value : redact(value)
}

/** What is served is at paths that are known. */
function pathOf(path: string, status: number, redact: Redact): string {
  return status < 400 ? path : redact(path)
}

/** A value with spaces is quoted, so that the line can be taken apart. */
function word(value: string): string {
  return /^[^\s"=]+$/.test(value) ? plain(value) : plain(JSON.stringify(value))
}

function shortened(path: string): string {
  return plain(cut(path))
}

function cut(path: string): string {
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}...` : path
}

/** Without characters that could steer a terminal. */
function plain(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/\p{Cc}|\p{Cf}/gu, '\ufffd')
}

function jsonOf({ at, method, path, status, ms, exchange }: Entry, redact: Redact): string {
  const { tenant, endpoint, client_id, grant_type, user, reason, description, directed, notes, trouble } =
    exchange
  return JSON.stringify({
    event: 'request',
    time: timestamp(at),
    method,
    path: cut(pathOf(path, status, redact)),
    status,
    ms: Number(ms.toFixed(3)),
    tenant: asked(tenant, exchange, redact) || undefined,
    endpoint: endpoint || undefined,
    client_id: client_id && asked(client_id, exchange, redact),
    grant_type: grant_type && asked(grant_type, exchange, redact),
    user: user && redact(user),
    reason,
    description: description && redact(description),
    directed: directed && redact(directed),
    notes: notes.length === 0 ? undefined : notes.map((note) => ({ ...note, text: redact(note.text) })),
    trouble: trouble?.map(redact),
  })
}

/** A fault of ours, with its stack: whoever reports it needs it. */
function faultOf(
  { at, method, path, error }: Entry,
  { format, redact }: { format: string; redact: Redact },
): string {
  const stack = redact(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const time = timestamp(at)
  return format === 'json'
    ? `${JSON.stringify({ event: 'fault', time, method, path: shortened(redact(path)), stack })}\n`
    : `${time} fault of idp-double at ${plain(method)} ${shortened(redact(path))}\n${stack}\n`
}
