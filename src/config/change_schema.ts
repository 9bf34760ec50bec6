import * as v from 'valibot'
import type { TenantConfig } from './config.ts'
import { key } from './key.ts'
import type { Names } from './names.ts'
import type { Draft } from './schema.ts'
import { described, strict } from './strict.ts'
import { tenantKeys } from './tenant.ts'

/** What can be changed of a tenant: every key but those that say who and where it is. */
export function changeSchema(names: Names) {
  const { id: _, aliases: _aliases, hosts: _hosts, ...keys } = tenantKeys(names)
  return strict({
    ...keys,
    keys: described(v.optional(v.array(key(names))), 'Signing keys, in place of those that are there.'),
  })
}

/** A change after validation. */
export type Change = v.InferOutput<ReturnType<typeof changeSchema>>

/** One whose wrong values are left out. */
export type DraftChange = Draft<Change>

/** A change, and what it is to be laid over. */
export interface Changing {
  readonly base: TenantConfig
  readonly draft: DraftChange
}

/** What a change adds, replaces and removes one by one, and by which key. */
export const IDENTITIES = {
  users: { key: 'username', one: 'user' },
  clients: { key: 'client_id', one: 'client' },
  resources: { key: 'identifier', one: 'resource' },
} as const

export type Kind = keyof typeof IDENTITIES
