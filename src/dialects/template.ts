/**
 * The language of the dialects' data: JSON whose strings may hold `{source|filter:argument}`.
 * A string that is just one expression gives its typed value; what resolves to nothing drops out.
 */
import { utc } from '../clock.ts'
import type { Facts } from '../hooks.ts'
import { type Json, type Members, membersOf, overlay } from '../protocol/json.ts'
import { random } from '../random.ts'

export type Template =
  | string
  | number
  | boolean
  | null
  | readonly Template[]
  | { readonly [name: string]: Template }
export type Render = (facts: Facts) => Json | undefined

/** A compiled object template: its members in order, and the sources each is made of. */
export type RenderMembers = (facts: Facts) => Members

const EXPRESSION = /\{([^{}]+)\}/g
const JUST_ONE = /^\{([^{}]+)\}$/

/** Compiles a template once, so that rendering only looks values up. */
export function compile(template: Template): Render {
  if (typeof template === 'string') return compileText(template)
  if (Array.isArray(template)) {
    const items = template.map(compile)
    return (facts) => items.map((item) => item(facts)).filter((value) => value !== undefined)
  }
  if (template === null || typeof template !== 'object') return () => template
  const members = compileObject(template as Readonly<Record<string, Template>>)
  return (facts) => Object.fromEntries(members(facts).map(({ name, value }) => [name, value as Json]))
}

/**
 * Compiles an object template; the member `*` spreads an object into its place, and later members of the same name
 * replace its own. `from` names the author of constants.
 */
export function compileObject(template: Readonly<Record<string, Template>>, from?: string): RenderMembers {
  const members = Object.entries(template).map(([name, value]) => ({
    name,
    render: compile(value),
    source: sourceOf(value),
  }))
  const renderEach: RenderMembers = (facts) =>
    members.flatMap(({ name, render, source }) => {
      const value = render(facts)
      if (value === undefined) return []
      if (name === '*') return membersOf(value as Readonly<Record<string, Json>>)
      const origin = originOf(source, facts) ?? from
      return [origin === undefined ? { name, value } : { name, value, from: origin }]
    })
  return '*' in template ? (facts) => overlay([], renderEach(facts)) : renderEach
}

function sourceOf(template: Template): string | undefined {
  return typeof template === 'string' ? JUST_ONE.exec(template)?.[1]?.split('|')[0] : undefined
}

/** Facts carry where the important ones of them came from. */
function originOf(source: string | undefined, facts: Facts): string | undefined {
  const origins = facts['origins'] as Readonly<Record<string, string>> | undefined
  if (source === undefined || origins === undefined) return undefined
  return origins[source] ?? origins[source.split('.')[0] as string]
}

function compileText(template: string): Render {
  const single = JUST_ONE.exec(template)
  if (single !== null) return expression(single[1] as string)
  if (!template.includes('{')) return () => template
  const parts = template
    .split(EXPRESSION)
    .map((part, index) => (index % 2 === 1 ? expression(part) : () => part))
  return (facts) => {
    const values = parts.map((part) => part(facts))
    return values.includes(undefined) ? undefined : values.join('')
  }
}

function expression(text: string): Render {
  const [source, ...filters] = text.split('|') as [string, ...string[]]
  const read = sourceReader(source)
  const steps = filters.map((filter) => {
    const [name, ...argument] = filter.split(':') as [string, ...string[]]
    const make = FILTERS.get(name)
    if (make === undefined) throw new TypeError(`unknown filter ${name} in template {${text}}`)
    return make(argument.join(':'))
  })
  return (facts) => steps.reduce((value, step) => step(value, facts), read(facts))
}

function sourceReader(source: string): Render {
  const [generator, length] = source.split(':') as [string, string?]
  const make = GENERATORS.get(generator)
  if (make !== undefined) return () => make(Number(length))
  const path = source.split('.')
  return (facts) => {
    let value: unknown = facts
    for (const name of path) {
      if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined
      value = (value as Record<string, unknown>)[name]
    }
    return value as Json | undefined
  }
}

const GENERATORS: ReadonlyMap<string, (length: number) => string> = new Map([
  ['uuid', () => random.uuid()],
  ['rand', (length: number) => random.token(length)],
])

type Filter = (value: Json | undefined, facts: Facts) => Json | undefined

/** Filters by name, each made for its argument. */
const FILTERS: ReadonlyMap<string, (argument: string) => Filter> = new Map<
  string,
  (argument: string) => Filter
>([
  // A list of one becomes its only item.
  ['one', () => (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value)],
  // An empty list, object or text is nothing.
  ['nonempty', () => (value) => (isEmpty(value) ? undefined : value)],
  // An object without its empty texts.
  ['filled', () => filled],
  // A list without these items, an object without these members.
  ['without', lacking],
  ['str', () => (value) => (value === undefined ? undefined : String(value))],
  ['join', (argument) => (value) => (Array.isArray(value) ? value.join(argument) : value)],
  ['plus', (argument) => (value) => (typeof value === 'number' ? value + Number(argument) : value)],
  ['default', (argument) => (value) => value ?? argument],
  // Nothing stays in its place, as null.
  ['null', () => (value) => value ?? null],
  // A value becomes a list of one.
  ['list', () => (value) => (value === undefined ? undefined : [value])],
  ['or', otherwise],
  // `map:a=1,b=2`
  ['map', lookUp],
  ['utc', () => (value) => (typeof value === 'number' ? utc(value) : undefined)],
])

function isEmpty(value: Json | undefined): boolean {
  return value !== null && typeof value === 'object' ? Object.keys(value).length === 0 : value === ''
}

function filled(value: Json | undefined): Json | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== ''))
}

function lacking(argument: string): Filter {
  const names = new Set(argument.split(','))
  return (value) => {
    if (Array.isArray(value)) return value.filter((item) => !names.has(String(item)))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)))
  }
}

function otherwise(source: string): Filter {
  const read = sourceReader(source)
  return (value, facts) => value ?? read(facts)
}

function lookUp(pairs: string): Filter {
  const values = new Map(pairs.split(',').map((pair) => pair.split('=') as [string, string]))
  return (value) => values.get(String(value))
}
