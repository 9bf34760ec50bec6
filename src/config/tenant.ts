import * as v from 'valibot'
import type { Level } from '../protocol/checks.ts'
import { client } from './client.ts'
import { tenantEntra } from './entra.ts'
import { key } from './key.ts'
import { lifetimes } from './lifetimes.ts'
import { login, registration } from './login.ts'
import { managedIdentity } from './managed_identity.ts'
import type { Names } from './names.ts'
import { resource } from './resource.ts'
import { hostName, oneOf, pathName, scopeToken, text } from './scalars.ts'
import { described, mapOf, strict } from './strict.ts'
import { user } from './user.ts'

/** Levels by name of the check; `default` is for the checks that are not named. */
export interface Levels {
  readonly default?: Level | undefined
  readonly [check: string]: Level | undefined
}

/** The keys that stand at the top level and in each tenant alike. */
export function tenantKeys(names: Names) {
  return {
    id: described(
      v.optional(pathName()),
      "Id of the tenant in the dialect's paths and claims (entra: a GUID).",
    ),
    aliases: described(
      v.optional(v.array(pathName()), []),
      'Other names of the tenant in paths, for example contoso.onmicrosoft.com; default none.',
    ),
    hosts: described(
      v.optional(v.array(hostName()), []),
      'Host names for which the tenant also answers at the root, without scheme and port; default none.',
    ),
    strictness: described(
      v.optional(strictness(names)),
      'How strictly requests are checked: strict, warn or lax, or a map of checks; default strict.',
    ),
    findings: described(
      v.optional(findings(names)),
      'How what is found wrong with clients counts: strict (error), warn or lax (listed only), or a map of rules; default: as each rule has it.',
    ),
    lifetimes: described(v.optional(lifetimes(), {}), 'How long tokens, codes and logins live.'),
    keys: described(v.optional(v.array(key(names)), []), 'Signing keys; default: one generated RS256 key.'),
    resources: described(
      v.optional(v.array(resource(names)), []),
      'APIs that accept access tokens; default none.',
    ),
    clients: described(v.optional(v.array(client(names)), []), 'Clients of the provider; default none.'),
    users: described(v.optional(v.array(user()), []), 'Users who can sign in; default none.'),
    scopes: described(
      v.optional(mapOf(scopeToken(), v.array(text()))),
      'Scope tokens beside those of OpenID Connect and of the resources, each with the names of the claims it releases; default none.',
    ),
    login: described(v.optional(login(), {}), 'How users sign in.'),
    entra: described(v.optional(tenantEntra()), 'What only Entra ID knows of a tenant.'),
    managed_identity: described(
      v.optional(managedIdentity()),
      'The managed identities of Azure machines; entra only.',
    ),
    registration: described(
      v.optional(registration(), {}),
      'Whether clients may register themselves (RFC 7591); default: they may not.',
    ),
  }
}

/** A tenant below `tenants`: the same keys, and a dialect that defaults to the top level's. */
export function tenant(names: Names) {
  return strict({
    dialect: described(
      v.optional(oneOf(names.dialects)),
      "Whose manners the tenant has; default: the top level's.",
    ),
    ...tenantKeys(names),
  })
}

function strictness(names: Names): v.GenericSchema<Level | Levels> {
  return levels(names.checks, {
    of: (name) => `How strictly ${name} is checked.`,
    others: 'For the checks that are not named here; default strict.',
    phrase: 'strict, warn, lax or a map of checks',
  })
}

function findings(names: Names): v.GenericSchema<Level | Levels> {
  return levels(names.findings, {
    of: (name) => `How ${name} counts.`,
    others: 'For the rules that are not named here; default: as each rule has it.',
    phrase: 'strict, warn, lax or a map of rules',
  })
}

interface LevelTexts {
  readonly of: (name: string) => string
  readonly others: string
  readonly phrase: string
}

/** One level for all, or a level for each that is named. */
function levels(names: readonly string[], texts: LevelTexts): v.GenericSchema<Level | Levels> {
  const level = oneOf(['strict', 'warn', 'lax'])
  const each: Record<string, v.OptionalSchema<typeof level, undefined>> = {}
  for (const name of names) each[name] = described(v.optional(level), texts.of(name))
  const map = strict({ default: described(v.optional(level), texts.others), ...each })
  return v.union([level, map], texts.phrase)
}
