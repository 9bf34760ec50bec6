/** Whether a value fits a JSON Schema, for the keywords that our documents use; another one is an error of the test. */
type Schema = Readonly<Record<string, unknown>>

type Check = (
  value: unknown,
  wanted: never,
  at: { readonly schema: Schema; readonly path: string },
) => string[]

/** What does not fit, as `path: what`; empty where all does. @see https://json-schema.org/draft/2020-12/json-schema-validation */
export function misfits(value: unknown, schema: unknown, path = '$'): string[] {
  if (schema === true) return []
  return Object.entries(schema as Schema).flatMap(([keyword, wanted]) => {
    const check = CHECKS[keyword]
    if (check === undefined) throw new Error(`${path}: the test knows no keyword ${keyword}`)
    return check(value, wanted as never, { schema: schema as Schema, path })
  })
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
}

const members = (value: unknown) =>
  TYPES['object']?.(value) === true ? Object.entries(value as Readonly<Record<string, unknown>>) : []

const unless = (isGood: boolean, text: string) => (isGood ? [] : [text])

const fits = (value: unknown, schemas: readonly Schema[], path: string) =>
  schemas.filter((each) => misfits(value, each, path).length === 0).length

const annotation: Check = () => []

const CHECKS: Readonly<Record<string, Check>> = {
  ...{ description: annotation, default: annotation, title: annotation, examples: annotation },
  type: (value, wanted: string, { path }) =>
    unless(TYPES[wanted]?.(value) === true, `${path} is no ${wanted}`),
  const: (value, wanted: unknown, { path }) => unless(value === wanted, `${path} is not ${String(wanted)}`),
  enum: (value, wanted: readonly unknown[], { path }) =>
    unless(wanted.includes(value), `${path} is not one of ${wanted.join(', ')}`),
  pattern: (value, wanted: string, { path }) =>
    unless(
      typeof value !== 'string' || new RegExp(wanted, 'u').test(value),
      `${path} does not match ${wanted}`,
    ),
  minLength: (value, wanted: number, { path }) =>
    unless(typeof value !== 'string' || value.length >= wanted, `${path} is too short`),
  maxLength: (value, wanted: number, { path }) =>
    unless(typeof value !== 'string' || value.length <= wanted, `${path} is too long`),
  minimum: (value, wanted: number, { path }) =>
    unless(typeof value !== 'number' || value >= wanted, `${path} is too small`),
  maximum: (value, wanted: number, { path }) =>
    unless(typeof value !== 'number' || value <= wanted, `${path} is too great`),
  minItems: (value, wanted: number, { path }) =>
    unless(!Array.isArray(value) || value.length >= wanted, `${path} has too few`),
  items: (value, wanted: Schema, { path }) =>
    Array.isArray(value) ? value.flatMap((each, at) => misfits(each, wanted, `${path}[${at}]`)) : [],
  required: (value, wanted: readonly string[], { path }) => {
    const there = members(value).map(([name]) => name)
    return wanted.filter((name) => !there.includes(name)).map((name) => `${path}.${name} is missing`)
  },
  properties: (value, wanted: Readonly<Record<string, Schema>>, { path }) =>
    members(value).flatMap(([name, each]) =>
      Object.hasOwn(wanted, name) ? misfits(each, wanted[name], `${path}.${name}`) : [],
    ),
  additionalProperties: (value, wanted: boolean | Schema, { schema, path }) => {
    const known = Object.keys((schema['properties'] ?? {}) as object)
    const others = members(value).filter(([name]) => !known.includes(name))
    if (wanted === false) return others.map(([name]) => `${path}.${name} is unknown`)
    return others.flatMap(([name, each]) => misfits(each, wanted, `${path}.${name}`))
  },
  propertyNames: (value, wanted: Schema, { path }) =>
    members(value).flatMap(([name]) => misfits(name, wanted, `${path}: the name ${name}`)),
  anyOf: (value, wanted: readonly Schema[], { path }) =>
    unless(fits(value, wanted, path) > 0, `${path} fits none of anyOf`),
  oneOf: (value, wanted: readonly Schema[], { path }) =>
    unless(fits(value, wanted, path) === 1, `${path} fits not one of oneOf`),
}
