import type * as v from 'valibot'
import { maskConfig } from './mask.ts'
import { SECRET_KEYS } from './private_members.ts'
import type { Finding, PathKey } from './problem.ts'

const PHRASES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a map',
}
const SHOWN = 60

type Issue = v.BaseIssue<unknown>

/** Words what the schema found: what was expected, what came, and for names the ones there are. */
export function describeIssue(issue: Issue): readonly Finding[] {
  const nested = insideUnion(issue)
  if (nested.length > 0) return nested.flatMap(describeIssue)
  const path = (issue.path ?? []).map(({ key }) => key as PathKey)
  if (issue.type === 'unknown_key') {
    const among = issue.requirement as unknown as readonly string[]
    return [
      { path, at: 'key', message: issue.message, name: String(path.at(-1)), among, list: 'allowed here' },
    ]
  }
  if (issue.type === 'refused_key') return [{ path, at: 'key', message: issue.message }]
  if (issue.type === 'refused' || issue.type === 'missing') return [{ path, message: issue.message }]
  const isName = issue.path?.at(-1)?.origin === 'key'
  return [{ path, ...(isName && { at: 'key' as const }), ...expectation(issue, path) }]
}

/** A list or map that fits one shape of a union but for a part of it: that part is what is wrong. */
function insideUnion(issue: Issue): readonly Issue[] {
  const deeper = issue.type === 'union' ? (issue.issues ?? []).filter(({ path }) => path !== undefined) : []
  const outer = issue.path ?? []
  return deeper.map((each) => ({ ...each, path: [...outer, ...(each.path ?? [])] }) as Issue)
}

function expectation(issue: Issue, path: readonly PathKey[]): Omit<Finding, 'path'> {
  const names =
    issue.type === 'picklist'
      ? [...(issue.expected ?? '').matchAll(/"([^"]*)"/g)].map(([, name]) => name ?? '')
      : []
  const expected = names.length > 0 ? oneOf(names) : phraseOf(issue)
  const got = shown(issue.input, path)
  const hint = quotesMissing(issue) ? '; put it in quotes' : ''
  const message = `expected ${expected}, got ${got}${hint}`
  if (names.length === 0 || typeof issue.input !== 'string') return { message, expected, got }
  return { message, expected, got, name: issue.input, among: names }
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? String(names[0]) : `one of ${names.join(', ')}`
}

/** The schema's own phrase, else that of the type valibot expected. */
function phraseOf(issue: Issue): string {
  const own = issue.message.startsWith('Invalid ') ? undefined : issue.message
  return own ?? PHRASES[issue.expected ?? ''] ?? issue.expected ?? 'another value'
}

/** YAML reads 123 and true as number and boolean where a string was meant. */
function quotesMissing({ input, type }: Issue): boolean {
  return type === 'string' && ['number', 'boolean'].includes(typeof input)
}

/** A value's type and its beginning; nothing of a secret. */
function shown(value: unknown, path: readonly PathKey[]): string {
  if (value === undefined || value === null) return value === null ? 'nothing (null)' : 'nothing'
  const isSecret = path.some((key) => SECRET_KEYS.has(String(key)))
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'a map'
  if (isSecret) return `a ${typeof value} (not shown)`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  return `${typeof value} ${typeof value === 'string' ? JSON.stringify(shortened(String(maskConfig(value)))) : value}`
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}
