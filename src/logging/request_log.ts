/** What the provider tells while it runs: a line for each request, and warnings. Secrets never enter it. */
import { timestamp } from '../clock.ts'
import type { Entry } from '../http/site.ts'
import { createLineBuffer } from './line_buffer.ts'
import { createRedactor } from './redact.ts'

export interface LogOptions {
  readonly format: 'text' | 'json'
  /** Only warnings and faults. */
  readonly quiet: boolean
  /** What must never be shown. */
  readonly secrets: Iterable<string>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

export interface RequestLog {
  request(entry: Entry): void
  /** Something that the user should know; the same text is told once. */
  warn(text: string): void
  flush(): void
}

export function createRequestLog({ format, quiet, secrets, out, err }: LogOptions): RequestLog {
  const lines = createLineBuffer(out)
  const redact = createRedactor(secrets)
  const told = new Set<string>()
  const write = format === 'json' ? jsonOf : textOf
  return {
    request(entry) {
      if (entry.error !== undefined) err(faultOf(entry, { format, redact }))
      if (!quiet && !isProbe(entry)) lines.add(write(entry, redact))
    },
    warn(text) {
      if (told.has(text)) return
      told.add(text)
      err(format === 'json' ? `${JSON.stringify({ event: 'warning', text })}\n` : `warning: ${text}\n`)
    },
    flush: lines.flush,
  }
}

/** Orchestrators ask every few seconds; that all is well is no news. */
function isProbe({ path, status }: Entry): boolean {
  return status === 200 && /\/(healthz|readyz)$/.test(path)
}

type Redact = (text: string) => string

const LONGEST_PATH = 300

function textOf({ at, method, path, status, ms, exchange }: Entry, redact: Redact): string {
  const { reason, description, notes, trouble = [] } = exchange
  const facts = FACTS.map((name) => {
    const value = exchange[name]
    return value === undefined || value === '' ? '' : ` ${name}=${word(asked(value, exchange, redact))}`
  })
  if (reason !== undefined) facts.push(` reason=${reason}`)
  const why = description === undefined ? '' : ` ${plain(redact(description))}`
  const line = `${timestamp(at)} ${plain(method)} ${shortened(path)} ${status} ${ms.toFixed(1)}ms${facts.join('')}${why}`
  return [
    line,
    ...notes.map(({ level, check, text }) => `  ${level} ${check}: ${plain(redact(text))}`),
    ...trouble.map((text) => `  trouble: ${plain(redact(text))}`),
  ].join('\n')
}

const FACTS = ['tenant', 'endpoint', 'client_id', 'grant_type', 'user'] as const

/** Where a request was not refused, its names are declared ones. */
function asked(value: string, { reason }: Entry['exchange'], redact: Redact): string {
  return reason === undefined ? value : redact(value)
}

/** A value with spaces is quoted, so that the line can be taken apart. */
function word(value: string): string {
  return /^[^\s"=]+$/.test(value) ? plain(value) : plain(JSON.stringify(value))
}

function shortened(path: string): string {
  return plain(path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}...` : path)
}

/** Without characters that could steer a terminal. */
function plain(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/\p{Cc}|\p{Cf}/gu, '\ufffd')
}

function jsonOf({ at, method, path, status, ms, exchange }: Entry, redact: Redact): string {
  const { tenant, endpoint, client_id, grant_type, user, reason, description, notes, trouble } = exchange
  return JSON.stringify({
    event: 'request',
    time: timestamp(at),
    method,
    path: path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}...` : path,
    status,
    ms: Number(ms.toFixed(3)),
    tenant: asked(tenant, exchange, redact) || undefined,
    endpoint: endpoint || undefined,
    client_id,
    grant_type: grant_type && asked(grant_type, exchange, redact),
    user: user && redact(user),
    reason,
    description: description && redact(description),
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
    ? `${JSON.stringify({ event: 'fault', time, method, path: shortened(path), stack })}\n`
    : `${time} fault of idp-double at ${plain(method)} ${shortened(path)}\n${stack}\n`
}
