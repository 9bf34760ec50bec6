import type { IdpKeys, SigningKeyInfo } from '../api.ts'
import type { Ask, List } from './ask.ts'

/** The calls for the signing keys. */
export function keys(ask: Ask): IdpKeys {
  const at = (kid: string) => `/keys/${encodeURIComponent(kid)}`
  return {
    list: async (of) => (await ask<List<SigningKeyInfo>>('GET', '/keys', { of })).items,
    get: (kid, of) => ask('GET', at(kid), { of }),
    async rotate({ tenant, ...rotation } = {}) {
      const of = tenant === undefined ? {} : { tenant }
      return (await ask<List<SigningKeyInfo>>('POST', '/keys/rotate', { body: rotation, of })).items
    },
    update: (kid, changes, of) => ask('PATCH', at(kid), { body: changes, of }),
    delete: (kid, of) => ask('DELETE', at(kid), { of }),
    async cacheControl(value, of) {
      await ask('PATCH', '/keys', { body: { cache_control: value }, of })
    },
  }
}
