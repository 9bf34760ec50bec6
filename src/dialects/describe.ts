/** Turns a description into a dialect: templates are compiled here, once, when they are first used. */
import type { Facts, Hooks, Situation } from '../hooks.ts'
import { printable } from '../protocol/errors.ts'
import { type Members, overlay, without } from '../protocol/json.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import type { Reason } from '../protocol/reasons.ts'
import type { Dialect, EndpointName } from './dialect.ts'
import { compile, compileObject, type RenderMembers, type Template } from './template.ts'

type ObjectTemplate = Readonly<Record<string, Template>>

/** By token version or face; one under '' stands for all. */
type ByKey<T> = Readonly<Record<string, T>>

/** A refusal as the provider words it; the first rule that matches wins, and without one the RFC's answer stands. */
export interface ErrorRule {
  readonly at?: readonly EndpointName[]
  /** Exact reasons, or `assertion.*` for all of a kind. */
  readonly reason: readonly (Reason | `${string}.*`)[]
  readonly status: number
  /** null takes a header of the RFC's answer away. */
  readonly headers?: Readonly<Record<string, string | null>>
  /** null is an empty body. */
  readonly body: ObjectTemplate | null
}

/** What is different about members that are there already. */
interface Change {
  readonly omit?: readonly string[]
  readonly rename?: Readonly<Record<string, string>>
  readonly add?: ObjectTemplate
}

export interface Description extends Omit<Dialect, 'hooks'> {
  readonly request?: Hooks['request']
  /** Claims and JOSE header members of access tokens, by token version. */
  readonly claims?: ByKey<ObjectTemplate>
  readonly header?: ByKey<ObjectTemplate>
  /** The metadata document and each published key, by face. */
  readonly metadata?: ByKey<Change>
  readonly jwk?: ByKey<Change>
  /** Bodies of successful answers, by endpoint and face. */
  readonly bodies?: Readonly<Partial<Record<EndpointName, ByKey<ObjectTemplate>>>>
  readonly headers?: Readonly<Partial<Record<EndpointName, ObjectTemplate>>>
  readonly errorHeaders?: ObjectTemplate
  /** Values made once per answer, for templates that show one in several places, as `{vars.name}`. */
  readonly vars?: ObjectTemplate
  readonly errors?: readonly ErrorRule[]
}

/** The dialect, whose templates are compiled when a tenant first speaks it: a start pays for no other. */
export function describe(description: Description): Dialect {
  const { request, claims, header, metadata, jwk, bodies, headers, errorHeaders, vars, errors, ...dialect } =
    description
  let hooks: Hooks | undefined
  return {
    ...dialect,
    get hooks() {
      hooks ??= hooksOf(description)
      return hooks
    },
  }
}

const ANSWERS = ['bodies', 'headers', 'errors', 'errorHeaders'] as const

/** @throws TypeError for a template that cannot be compiled */
function hooksOf({ request, claims, header, metadata, jwk, ...description }: Description): Hooks {
  const changeKey = jwk && changeHook(jwk)
  return {
    request,
    claims: claims && claimsHook(claims, description.name),
    header: header && headerHook(header),
    metadata: metadata && changeHook(metadata),
    jwks: changeKey && ((draft, at) => draft.map((key) => changeKey(key, at))),
    // A dialect that answers as the RFCs do leaves every answer alone.
    response: ANSWERS.some((name) => description[name] !== undefined) ? responseHook(description) : undefined,
  }
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): ReadonlyMap<string, U> {
  return new Map(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

function byKey(templates: ByKey<ObjectTemplate>, from?: string): (key: string) => RenderMembers | undefined {
  const compiled = mapValues(templates, (template) => compileObject(template, from))
  return (key) => compiled.get(key) ?? compiled.get('')
}

/** The dialect's claims in its order; what the configuration sets comes last and wins. */
function claimsHook(templates: ByKey<ObjectTemplate>, name: string): Hooks['claims'] {
  const find = byKey(templates, `dialect ${name}`)
  return (draft, { facts }) => {
    const render = find(String(facts['version'] ?? ''))
    return render === undefined
      ? draft
      : overlay(render(facts), ...(facts['configured'] as readonly Members[]))
  }
}

function headerHook(templates: ByKey<ObjectTemplate>): Hooks['header'] {
  const find = byKey(templates)
  return (draft, { facts }) => find(String(facts['version'] ?? ''))?.(facts) ?? draft
}

function changeHook(changes: ByKey<Change>): NonNullable<Hooks['metadata']> {
  const byFace = mapValues(changes, ({ omit = [], rename = {}, add = {} }) => {
    const render = compileObject(add)
    return (draft: Members, facts: Facts): Members => {
      const kept = without(draft, ...omit)
      const renamed = kept.map((member) => ({ ...member, name: rename[member.name] ?? member.name }))
      return overlay(renamed, render(facts))
    }
  })
  return (draft, { face, facts }) => byFace.get(face)?.(draft, facts) ?? draft
}

function responseHook(description: Description): NonNullable<Hooks['response']> {
  const { bodies = {}, headers = {}, vars = {} } = description
  const renderVars = compile(vars)
  const renderBody = mapValues(bodies, (templates) => byKey(templates))
  const renderHeaders = mapValues(headers, (template) => compileObject(template))
  const refuse = refusalHook(description)
  return (draft, at) => {
    const facts = { ...at.facts, vars: renderVars(at.facts) }
    if (at.error !== undefined) return refuse(draft, { ...at, facts })
    const body = renderBody.get(at.endpoint)?.(at.face)?.(facts) ?? []
    const added = renderHeaders.get(at.endpoint)?.(facts) ?? []
    return { ...draft, headers: withHeaders(draft, added), body: body.length > 0 ? body : draft.body }
  }
}

function refusalHook({ errors = [], errorHeaders = {} }: Description): NonNullable<Hooks['response']> {
  const renderGeneral = compileObject(errorHeaders)
  const refusals = errors.map((rule) => ({
    rule,
    render: rule.body && compileObject(rule.body),
    renderHeaders: compileObject(rule.headers ?? {}),
  }))
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

function matches({ at, reason }: ErrorRule, { endpoint, error }: Situation): boolean {
  if (error === undefined || (at !== undefined && !at.includes(endpoint as EndpointName))) return false
  return reason.some((each) =>
    each.endsWith('.*') ? error.reason.startsWith(each.slice(0, -1)) : each === error.reason,
  )
}

/** Texts repeat what came, and still MUST NOT hold other characters than these, RFC 6749 §5.2. */
function legible(member: Members[number]): Members[number] {
  return member.name === 'error_description' ? { ...member, value: printable(String(member.value)) } : member
}
