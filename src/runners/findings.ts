/** What a test says of findings. */
import type { Finding, FindingFilter, Idp } from '../index.ts'

/** Who has findings: a provider, or a sandbox. */
export type Judged = Pick<Idp, 'findings'>

/** What a matcher gives to its runner. */
export interface Verdict {
  readonly pass: boolean
  message(): string
}

/** The matcher `toHaveNoFindings`. @param filter which of them count; default: all */
export async function toHaveNoFindings(idp: Judged, filter: FindingFilter = {}): Promise<Verdict> {
  if (typeof idp?.findings !== 'function')
    throw new TypeError('toHaveNoFindings is about a provider or a sandbox: expect(idp), expect(sandbox)')
  const findings = await idp.findings(filter)
  const pass = findings.length === 0
  return { pass, message: () => (pass ? 'expected findings, there are none' : reportOf(findings)) }
}

function reportOf(findings: readonly Finding[]): string {
  const head = `expected no findings, there ${findings.length === 1 ? 'is one' : `are ${findings.length}`}:`
  return [head, ...findings.map(paragraph)].join('\n\n')
}

function paragraph({ severity, id, client_id, text, count, fix, see }: Finding): string {
  const who = client_id === undefined ? '' : `, client ${client_id}`
  const often = count === 1 ? '' : `, ${count} times`
  return `${severity} ${id}${who}${often}: ${text}\n  ${fix}\n  ${see}`
}
