/** Answers as a provider gives them: bodies, headers, refusals, and what goes through the browser. */
import type { Facts, Hooks, Situation } from '../hooks.ts'
import { printable } from '../protocol/errors.ts'
import { type Members, objectOf, overlay } from '../protocol/json.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import type { Description, ErrorRule } from './description.ts'
import type { EndpointName } from './dialect.ts'
import { byKey, changeHook, mapValues } from './members_hook.ts'
import { compile, compileObject } from './template.ts'

const ANSWERS = ['bodies', 'headers', 'errors', 'errorHeaders'] as const

/** A dialect that answers as the RFCs do leaves every answer alone. */
export function responseHook(description: Description): Hooks['response'] {
  if (ANSWERS.every((name) => description[name] === undefined)) return undefined
  const { bodies = {}, headers = {} } = description
  const known = factsHook(description)
  const renderBody = mapValues(bodies, (templates) => byKey(templates))
  const renderHeaders = mapValues(headers, (template) => compileObject(template))
  const refuse = refusalHook(description)
  return (draft, at) => {
    if (at.error !== undefined) return refuse(draft, { ...at, facts: known(at) })
    const came = Array.isArray(draft.body) ? objectOf(draft.body) : undefined
    const facts = known({ ...at, facts: { ...at.facts, body: came } })
    const body = renderBody.get(at.endpoint)?.(at.face)?.(facts) ?? []
    const added = renderHeaders.get(at.endpoint)?.(facts) ?? []
    return { ...draft, headers: withHeaders(draft, added), body: body.length > 0 ? body : draft.body }
  }
}

/** The parameters of an authorization response. */
export function replyHook(description: Description): Hooks['reply'] {
  const { reply, errors = [] } = description
  const change = reply && changeHook(reply)
  const refusals = compiled(errors.filter(({ at }) => at?.includes('authorization')))
  if (change === undefined && refusals.length === 0) return undefined
  const known = factsHook(description)
  return (draft, at) => {
    const situation: Situation = { ...at, endpoint: 'authorization', facts: known(at) }
    const changed = change?.(draft, situation) ?? draft
    const render = refusals.find(({ rule }) => matches(rule, situation))?.render
    return render ? overlay(changed, render(situation.facts).map(legible)) : changed
  }
}

/** What is known, with what the dialect makes of it. */
function factsHook({ vars = {}, derive }: Description): (at: Situation) => Facts {
  const render = compile(vars)
  return (at) => {
    const facts = derive === undefined ? at.facts : { ...at.facts, ...derive(at.facts, at) }
    return { ...facts, vars: render(facts) }
  }
}

function compiled(rules: readonly ErrorRule[]) {
  return rules.map((rule) => ({
    rule,
    render: rule.body && compileObject(rule.body),
    renderHeaders: compileObject(rule.headers ?? {}),
  }))
}

function refusalHook({ errors = [], errorHeaders = {} }: Description): NonNullable<Hooks['response']> {
  const renderGeneral = compileObject(errorHeaders)
  const refusals = compiled(errors)
  return (draft, at) => {
    const headers = withHeaders(draft, renderGeneral(at.facts))
    const found = refusals.find(({ rule }) => matches(rule, at))
    if (found === undefined) return { ...draft, headers }
    return {
      status: found.rule.status,
      headers: withHeaders({ headers }, found.renderHeaders(at.facts)),
      body: found.render?.(at.facts).map(legible) ?? null,
    }
  }
}

function withHeaders({ headers }: Pick<EndpointResponse, 'headers'>, changed: Members) {
  if (changed.length === 0) return headers
  const merged = { ...headers }
  for (const { name, value } of changed) {
    if (value === null) delete merged[name]
    else merged[name] = String(value)
  }
  return merged
}

function matches(rule: ErrorRule, { endpoint, face, error, facts }: Situation): boolean {
  const { at, grant, reason } = rule
  if (error === undefined || (at !== undefined && !at.includes(endpoint as EndpointName))) return false
  if (rule.face !== undefined && rule.face !== face) return false
  if (grant !== undefined && !grant.includes(grantTypeOf(facts))) return false
  return reason.some((each) =>
    each.endsWith('.*') ? error.reason.startsWith(each.slice(0, -1)) : each === error.reason,
  )
}

function grantTypeOf({ param }: Facts): string {
  return String((param as Readonly<Record<string, unknown>> | undefined)?.['grant_type'])
}

/** Texts repeat what came, and still MUST NOT hold other characters than these, RFC 6749 §5.2. */
function legible(member: Members[number]): Members[number] {
  return member.name === 'error_description' ? { ...member, value: printable(String(member.value)) } : member
}
