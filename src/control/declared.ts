/** The calls by which what a tenant declares is read and changed: the same for users, clients and resources. */
import * as v from 'valibot'
import { IDENTITIES, type Kind } from '../config/change.ts'
import { type Dataset, strict } from '../config/strict.ts'
import type { Asked, Call, Desk, Noun, QueryParam } from './call.ts'
import { get, type Job, type Kindred, list, patch, remove, replace } from './declared_item.ts'

type ItemSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>

interface Shown<K extends Kind> extends Kindred<K> {
  readonly summary: string
  /** One of them as a configuration writes it. */
  schema(): ItemSchema
}

const QUERY: Readonly<Record<string, QueryParam>> = {
  secrets: { summary: 'show: secrets as they are; without it each is ***.', example: 'show' },
}

/** The calls for one kind of thing. */
export function declaredNoun<K extends Kind>({ summary, schema, ...kindred }: Shown<K>): Noun {
  const { kind } = kindred
  const { one, key } = IDENTITIES[kind]
  const path = `/${kind}/{${key}}`
  const by = <T>(answer: (job: Job<K>) => T) => ({
    answer: (asked: Asked, desk: Desk) => answer({ kindred, asked, desk }),
  })
  const calls: Call[] = [
    {
      ...{ method: 'GET', path: `/${kind}`, query: QUERY, ...by(list) },
      summary: `The ${kind} that the tenant declares now, as a configuration writes them.`,
      gives: () => strict({ items: v.array(schema()) }),
    },
    {
      ...{ method: 'GET', path, query: QUERY, ...by(get) },
      summary: `A ${one}, as a configuration writes it.`,
      gives: schema,
    },
    {
      ...{ method: 'PUT', path, query: QUERY, ...by(replace) },
      summary: `Puts a ${one}, as a configuration writes it, in the place of the one of this name, or beside the others (201). A secret of *** stays what it is.`,
      body: () => judgedLater(withoutKey(schema(), key)),
      gives: schema,
    },
    {
      ...{ method: 'PATCH', path, query: QUERY, ...by(patch) },
      summary: `Changes the members of a ${one} that the body names; null takes one out (RFC 7396).`,
      body: () => judgedLater(v.record(v.string(), v.any())),
      gives: schema,
    },
    { ...{ method: 'DELETE', path, ...by(remove) }, summary: `Takes a ${one} away.` },
  ]
  return { name: kind, summary, calls }
}

/** The key is in the path already. */
function withoutKey({ entries }: ItemSchema, key: string): v.GenericSchema {
  return strict({ ...entries, [key]: v.optional(entries[key] as v.GenericSchema) })
}

/** For the description of the call alone: the change tells what is wrong, together with what no schema sees. */
function judgedLater(schema: v.GenericSchema): v.GenericSchema {
  const run = (dataset: Dataset): Dataset => Object.assign(dataset, { typed: true }) as Dataset
  return { ...schema, '~run': run } as unknown as v.GenericSchema
}
