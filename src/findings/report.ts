/** Findings as text for people: at the end of a run, and where an assertion fails. */
import { type Finding, SEVERITIES, type Severity, worstFirst } from './finding.ts'

const NAMES: Readonly<Record<Severity, readonly [one: string, several: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
}

/** All findings, worst first, each rule once with the clients that broke it; empty where nothing was found. */
export function summary(findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  const sorted = worstFirst(findings)
  return [`Findings: ${counted(sorted)}`, ...groupsOf(sorted).map(section)].join('\n\n')
}

/** What a failed assertion says; empty where nothing was found. */
export function complaint(findings: readonly Finding[]): string {
  if (findings.length === 0) return ''
  return `expected no findings, but the client did what it should not.\n${summary(findings)}`
}

/** `2 errors, 1 note`. */
function counted(findings: readonly Finding[]): string {
  const parts = SEVERITIES.flatMap((severity) => {
    const { length } = findings.filter((each) => each.severity === severity)
    return length === 0 ? [] : [`${length} ${NAMES[severity][length === 1 ? 0 : 1]}`]
  })
  return parts.join(', ')
}

type Group = readonly [Finding, ...Finding[]]

function groupsOf(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.id}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  return [...groups.values()]
}

function section([first, ...more]: Group): string {
  const { severity, id, title, explanation, fix, see } = first
  const lines = [first, ...more].map(instance)
  return [
    `${NAMES[severity][0]}  ${id}: ${title}`,
    ...lines,
    `  why: ${explanation}`,
    `  fix: ${fix}`,
    `  see: ${see}`,
  ].join('\n')
}

function instance({ client_id, text, count, requests }: Finding): string {
  const who = client_id === undefined ? '' : `client ${client_id}: `
  const times = count === 1 ? 'once' : `${count} times`
  const where =
    requests.length === 0 ? '' : `, request ${requests.join(', ')}${count > requests.length ? ' ...' : ''}`
  return `  - ${who}${text} (${times}${where})`
}
