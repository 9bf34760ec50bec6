import type { Live } from '../api.ts'
import type { Ask, List } from './ask.ts'

/** The calls for what lives now. */
export function live<Item>(kind: 'sessions' | 'grants', ask: Ask): Live<Item> {
  return {
    list: async (of) => (await ask<List<Item>>('GET', `/${kind}`, { of })).items,
    async delete(id, of) {
      await ask('DELETE', id === undefined ? `/${kind}` : `/${kind}/${encodeURIComponent(id)}`, { of })
    },
  }
}
