import type { Json } from '../protocol/json.ts'
import type { UserConfig } from './config.ts'
import type { JsonObject } from './free_form.ts'
import { given } from './given.ts'
import type { Config } from './schema.ts'
import { standardClaims } from './user.ts'

type User = Config['users'][number]

const STANDARD = Object.keys(standardClaims()) as (keyof ReturnType<typeof standardClaims>)[]

/** A user that passed the checks: the standard claims that are set, apart from the rest. */
export function resolveUser(user: User): UserConfig {
  return {
    username: user.username,
    sub: user.sub ?? undefined,
    password: user.password,
    standard: standardOf(user),
    roles: user.roles,
    groups: Array.isArray(user.groups) ? user.groups : generatedGroups(user.groups.generate),
    claims: user.claims,
    claims_in: given(user.claims_in),
    status: user.status,
    entra: user.entra,
  }
}

/** As many as a large company has, the same ones each time. */
function generatedGroups(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `group-${index + 1}`)
}

function standardOf(user: User): JsonObject {
  const set: Record<string, Json> = {}
  for (const name of STANDARD) {
    const value = user[name]
    if (value !== undefined) set[name] = value as Json
  }
  return set
}
