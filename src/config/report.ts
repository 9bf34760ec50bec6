import type * as v from 'valibot'
import { describeIssue } from './describe_issue.ts'
import { excerpt, placesIn } from './excerpt.ts'
import { ConfigError, type Finding, type PathKey, type Problem, type Source } from './problem.ts'

const SHOWN_PROBLEMS = 50
const LISTED_NAMES = 40
const LONGEST_NAME = 100

/** What went wrong, by who found it. */
export interface Failure {
  readonly issues?: readonly v.BaseIssue<unknown>[]
  readonly findings?: readonly Finding[]
  /** What parsing found: whatever else is said about the same place is a consequence. */
  readonly found?: readonly Finding[]
}

/** Places, sorts and words everything that is wrong, and throws it as one error. */
export async function fail(
  { issues = [], findings = [], found = [] }: Failure,
  source: Source,
): Promise<never> {
  const later = [...issues.flatMap(describeIssue), ...findings]
  const all = [...found, ...later.filter(({ path }) => !found.some((first) => isAbove(first.path, path)))]
  const placed = all.map((finding) => ({ finding, range: rangeOf(finding, source) }))
  placed.sort((a, b) => (a.range?.[0] ?? Number.MAX_VALUE) - (b.range?.[0] ?? Number.MAX_VALUE))
  const { closest, distance } = await import('fastest-levenshtein')
  const near = (name: string, among: readonly string[]): string | undefined => {
    if (name.length > LONGEST_NAME || among.length === 0) return undefined
    const best = closest(name, among.slice(0, 1000))
    return distance(name.toLowerCase(), best.toLowerCase()) <= Math.max(1, name.length * 0.4)
      ? best
      : undefined
  }
  const place = source.text === undefined ? undefined : placesIn(source.text)
  const problems = placed.map(({ finding, range }, index) => {
    const nearest =
      index < SHOWN_PROBLEMS && finding.name ? near(finding.name, [...(finding.among ?? [])]) : undefined
    return problemOf(finding, {
      file: source.file,
      ...(range && place?.(range[0])),
      ...(nearest && { nearest }),
    })
  })
  const shown = placed.slice(0, SHOWN_PROBLEMS).flatMap(({ range }, index) => {
    const problem = problems[index]
    return problem === undefined ? [] : [lineOf(problem), ...excerpt(source, range)]
  })
  const rest = problems.length - SHOWN_PROBLEMS
  const lines = [...shown, ...(rest > 0 ? [`… and ${rest} more`] : [])]
  throw new ConfigError(lines.join('\n'), { problems })
}

function isAbove(path: readonly PathKey[], other: readonly PathKey[]): boolean {
  return path.length > 0 && path.every((key, index) => String(key) === String(other[index]))
}

function rangeOf(finding: Finding, source: Source): Finding['range'] {
  return finding.range ?? source.locate?.(finding.path, finding.at ?? 'value')
}

function problemOf(finding: Finding, place: Pick<Problem, 'file' | 'line' | 'col' | 'nearest'>): Problem {
  const { message, got, expected, among, list } = finding
  const proposal = place.nearest ? `; did you mean ${place.nearest}?` : ''
  const names = list && among ? listed(list, [...among]) : ''
  return {
    ...place,
    path: pathText(finding.path),
    message: printable(`${message}${proposal}${names}`),
    ...(got !== undefined && { got }),
    ...(expected !== undefined && { expected }),
  }
}

function listed(list: string, names: readonly string[]): string {
  if (names.length === 0) return ''
  const rest = names.length - LISTED_NAMES
  return ` (${list}: ${names.slice(0, LISTED_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''})`
}

/** One problem as one line: where, what. */
function lineOf({ file, line, col, path, message }: Problem): string {
  const where = line === undefined ? file : `${file}:${line}:${col}`
  return path === '' ? `${where}: ${message}` : `${where} ${path}: ${message}`
}

/** `clients[0].claims["a b"]`. */
function pathText(path: readonly PathKey[]): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else if (/^[A-Za-z_][\w-]{0,99}$/.test(key)) text += text === '' ? key : `.${key}`
    else text += `[${JSON.stringify(key.length > LONGEST_NAME ? `${key.slice(0, LONGEST_NAME)}…` : key)}]`
  }
  return printable(text)
}

/** Without characters that could steer a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, '\ufffd')
}
