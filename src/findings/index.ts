/** What can be found, for configuration, control API and documents. */
import type { Lesson } from './finding.ts'
import { RELAXED } from './relaxed.ts'
import { RULES } from './rules/index.ts'

/** Every rule that clients are judged by, those about relaxed checks last. */
export const LESSONS: readonly Lesson[] = [...RULES, ...RELAXED].map(
  ({ id, severity, title, explanation, fix, see }) => ({ id, severity, title, explanation, fix, see }),
)

/** Their names, as the configuration may use them. */
export const findingIds: readonly string[] = LESSONS.map(({ id }) => id)
