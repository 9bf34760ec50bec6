/** Something that a client did that a real provider would refuse or a reviewer would flag. */

/** Error: a MUST was broken, or a real provider refuses it. Warning: advised against. Info: worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/** What can be said of a mistake before anybody makes it. */
export interface Lesson {
  /** As the configuration names it: `state_missing`. */
  readonly id: string
  /** Unless the configuration says how it counts. */
  readonly severity: Severity
  /** The mistake in a few words. */
  readonly title: string
  /** Why it matters. */
  readonly explanation: string
  /** What to do. */
  readonly fix: string
  /** The section that asks for it. */
  readonly see: string
}

export interface Finding extends Lesson {
  /** Absent where the request named no client. */
  readonly client_id?: string | undefined
  /** What the client did, when it was seen first. */
  readonly text: string
  /** How often it was seen. */
  readonly count: number
  /** Numbers of the first few requests in the record that show it. */
  readonly requests: readonly number[]
}

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

/** The findings that are at least so severe. */
export function atLeast(severity: Severity, findings: readonly Finding[]): readonly Finding[] {
  const least = SEVERITIES.indexOf(severity)
  return findings.filter((finding) => SEVERITIES.indexOf(finding.severity) <= least)
}

/** Those of one severity in the order in which they came. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((each) => each.severity === severity))
}
