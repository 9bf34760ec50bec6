import * as v from 'valibot'
import { strict } from '../config/strict.ts'
import { atLeast, type Finding, SEVERITIES, type Severity, worstFirst } from '../findings/finding.ts'
import { LESSONS } from '../findings/index.ts'
import { summary } from '../findings/report.ts'
import { oneOf, shown } from '../protocol/errors.ts'
import { type Json, membersOf, objectOf } from '../protocol/json.ts'
import type { Asked, Noun } from './call.ts'
import { Problem } from './problem.ts'

const lesson = () => ({
  id: v.string(),
  severity: v.picklist(SEVERITIES),
  title: v.string(),
  explanation: v.string(),
  fix: v.string(),
  see: v.string(),
})

const finding = () =>
  strict({
    ...lesson(),
    client_id: v.optional(v.string()),
    text: v.string(),
    count: v.number(),
    requests: v.array(v.number()),
  })

/** What clients did that a real provider would refuse or a reviewer would flag. */
export const findings: Noun = {
  name: 'findings',
  summary: 'What is wrong with the clients',
  calls: [
    {
      method: 'GET',
      path: '/findings',
      summary: 'What was wrong with the requests of clients, worst first; as text in `summary`.',
      query: {
        severity: { summary: 'So severe or worse: error, warning or info.', example: 'warning' },
        client: { summary: 'A client_id.' },
        id: { summary: 'Of the rule.', example: 'pkce_missing' },
      },
      gives: () => strict({ items: v.array(finding()), summary: v.string() }),
      answer({ query }, { resident }) {
        const items = worstFirst(resident.judge.findings.filter(wanted(query)))
        return { json: { items: items.map(written), summary: summary(items) } }
      },
    },
    {
      method: 'DELETE',
      path: '/findings',
      summary: 'Forgets all of them, and the requests that they came of.',
      answer(_asked, { resident }) {
        resident.judge.clear()
        return { status: 204 }
      },
    },
    {
      method: 'GET',
      path: '/findings/rules',
      summary: 'All that can be found.',
      forServer: true,
      gives: () => strict({ items: v.array(strict(lesson())) }),
      answer: () => ({ json: { items: LESSONS.map((each) => ({ ...each })) } }),
    },
  ],
}

/** @throws Problem 400 for a severity or a rule that there is not */
function wanted({ severity = 'info', client, id }: Asked['query']): (each: Finding) => boolean {
  if (!SEVERITIES.includes(severity as Severity))
    throw new Problem(400, `severity is ${shown(severity)}, expected ${oneOf(SEVERITIES)}`)
  if (id !== undefined && !LESSONS.some((each) => each.id === id))
    throw new Problem(400, `there is no rule ${shown(id)}; GET /_mock/findings/rules lists them`)
  return (each) =>
    (id === undefined || each.id === id) &&
    (client === undefined || each.client_id === client) &&
    atLeast(severity as Severity, [each]).length === 1
}

/** Without what is absent. */
function written({ requests, ...finding }: Finding): Json {
  return { ...objectOf(membersOf(finding)), requests: [...requests] }
}
