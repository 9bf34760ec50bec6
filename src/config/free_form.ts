import * as v from 'valibot'
import type { Json } from '../protocol/json.ts'
import { addIssue, type Dataset, isMap, isRefusedKey } from './strict.ts'

const DEEPEST = 64

/** JSON of the user's own making, such as extra claims or a JWK. */
export type JsonObject = { readonly [name: string]: Json }

type FreeForm = v.GenericSchema<Readonly<Record<string, unknown>>, JsonObject>

/** A map of any JSON, copied, at most 64 levels deep and without keys that reach a prototype. */
export function freeForm(): FreeForm {
  const run = (dataset: Dataset): Dataset => {
    const input = dataset.value
    if (!isMap(input)) addIssue(dataset, { type: 'not_a_map', message: 'a map', input })
    const value = isMap(input) ? copy(input, [], dataset) : input
    return Object.assign(dataset, { typed: isMap(input), value }) as Dataset
  }
  return { ...v.record(v.string(), v.unknown()), '~run': run } as unknown as FreeForm
}

function copy(value: unknown, keys: (string | number)[], dataset: Dataset): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (keys.length >= DEEPEST) return refuse(`nested deeper than ${DEEPEST} levels`, keys, dataset)
  if (Array.isArray(value)) return value.map((item, index) => inside(item, index, { keys, dataset }))
  if (!isMap(value)) return refuse('not a JSON value', keys, dataset)
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    if (isRefusedKey(key)) {
      const message = `the key ${key} is refused`
      addIssue(dataset, { type: 'refused_key', message, input: undefined, keys: [...keys, key] })
    } else if (value[key] !== undefined) result[key] = inside(value[key], key, { keys, dataset })
  }
  return result
}

function inside(
  value: unknown,
  key: string | number,
  at: { keys: (string | number)[]; dataset: Dataset },
): unknown {
  at.keys.push(key)
  const result = copy(value, at.keys, at.dataset)
  at.keys.pop()
  return result
}

function refuse(message: string, keys: (string | number)[], dataset: Dataset): undefined {
  addIssue(dataset, { type: 'refused', message, input: undefined, keys: [...keys] })
}
