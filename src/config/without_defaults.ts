import { isDeepStrictEqual } from 'node:util'
import type * as v from 'valibot'

type Shorten = (value: unknown) => unknown

/** Takes out of a value what its schema fills in anyway; what is left is in the order of the schema. */
export function withoutDefaults(schema: v.GenericSchema): Shorten {
  if (isObject(schema)) return ofObject(schema)
  if (isArray(schema)) {
    const shorten = withoutDefaults(schema.item)
    return (value) => (value as readonly unknown[]).map(shorten)
  }
  return (value) => value
}

function ofObject({ entries }: v.StrictObjectSchema<v.ObjectEntries, undefined>): Shorten {
  const members = Object.entries(entries).map(([key, schema]) => memberOf(key, schema as v.GenericSchema))
  return (value) => {
    const result: Record<string, unknown> = {}
    for (const { key, otherwise, shorten } of members) {
      const member = (value as Readonly<Record<string, unknown>>)[key]
      if (member !== undefined && !isSame(member, otherwise)) result[key] = shorten(member)
    }
    return result
  }
}

/** Most members are the usual text, switch or empty list: for these nothing deeper is looked at. */
function isSame(member: unknown, otherwise: unknown): boolean {
  if (member === otherwise) return true
  if (typeof member !== 'object' || typeof otherwise !== 'object') return false
  if (Array.isArray(member) && Array.isArray(otherwise) && member.length !== otherwise.length) return false
  return isDeepStrictEqual(member, otherwise)
}

function memberOf(key: string, schema: v.GenericSchema) {
  if (!isOptional(schema)) return { key, otherwise: undefined, shorten: withoutDefaults(schema) }
  const otherwise = schema['~run']({ value: undefined }, {}).value
  return { key, otherwise, shorten: withoutDefaults(schema.wrapped) }
}

function isObject(schema: v.GenericSchema): schema is v.StrictObjectSchema<v.ObjectEntries, undefined> {
  return schema.type === 'strict_object'
}

function isArray(schema: v.GenericSchema): schema is v.ArraySchema<v.GenericSchema, undefined> {
  return schema.type === 'array'
}

function isOptional(schema: v.GenericSchema): schema is v.OptionalSchema<v.GenericSchema, undefined> {
  return schema.type === 'optional'
}
