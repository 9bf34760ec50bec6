import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LESSONS } from '../../src/findings/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/findings.md'), 'utf8')

/** Name, severity and section of each rule that a table shows. */
const rows = [
  ...page.matchAll(/^\| `([a-z_.]+)` +\| (error|warning|info) +\|.*\]\((https:[^)]+)\) +\|$/gm),
].map(([, id, severity, see]) => ({ id, severity, see }))

/** The checks that strictness can relax have a table of their own. */
const checks = [...page.matchAll(/^\| `(check\.[a-z_]+)` +\|.*\]\((https:[^)]+)\) +\|$/gm)].map(
  ([, id, see]) => ({ id, see }),
)

const sorted = <T extends { id?: string | undefined }>(list: readonly T[]) =>
  list.toSorted((one, other) => String(one.id).localeCompare(String(other.id)))

describe('docs/findings.md', () => {
  it('has a row for each rule, and none for others', () => {
    const rules = LESSONS.filter(({ id }) => !id.startsWith('check.'))
    expect(sorted(rows)).toEqual(sorted(rules.map(({ id, severity, see }) => ({ id, severity, see }))))
  })

  it('has a row for each check that strictness can relax', () => {
    const relaxed = LESSONS.filter(({ id }) => id.startsWith('check.'))
    expect(sorted(checks)).toEqual(sorted(relaxed.map(({ id, see }) => ({ id, see }))))
  })
})
