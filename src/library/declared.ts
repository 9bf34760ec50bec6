import type { Declared } from '../api.ts'
import type { Ask, List } from './ask.ts'

/** What names one of them. */
const KEYS = { users: 'username', clients: 'client_id', resources: 'identifier' } as const

/** The calls for users, clients or resources. @param changed hears of each change of what variables tell of */
export function declared<Item extends object>(
  kind: keyof typeof KEYS,
  ask: Ask,
  changed: () => Promise<void> = async () => undefined,
): Declared<Item> {
  const at = (id: string) => `/${kind}/${encodeURIComponent(id)}`
  const change = async <Answer>(answer: Promise<Answer>) => {
    const value = await answer
    await changed()
    return value
  }
  return {
    async list({ secrets, ...of } = {}) {
      return (await ask<List<Item>>('GET', `/${kind}`, { query: { secrets }, of })).items
    },
    get: (id, { secrets, ...of } = {}) => ask('GET', at(id), { query: { secrets }, of }),
    async put(item, of) {
      return await change(ask('PUT', at(idOf(item, kind)), { body: item, of }))
    },
    patch: (id, changes, of) => change(ask('PATCH', at(id), { body: changes, of })),
    delete: (id, of) => change(ask('DELETE', at(id), { of })),
  }
}

function idOf(item: object, kind: keyof typeof KEYS): string {
  const key = KEYS[kind]
  const id = (item as Readonly<Record<string, unknown>>)[key]
  if (typeof id === 'string' && id !== '') return id
  throw new TypeError(
    `${key} is ${JSON.stringify(id) ?? 'missing'}, expected the name that it goes by in ${kind}`,
  )
}
