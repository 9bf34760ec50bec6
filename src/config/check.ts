import { checkClients } from './check_client.ts'
import { checkControl } from './check_control.ts'
import { checkEntra, checkSharedEntra } from './check_entra.ts'
import { checkManagedIdentity } from './check_managed_identity.ts'
import { checkRegistration } from './check_registration.ts'
import { checkKeys, checkResources } from './check_resource.ts'
import type { CheckContext, DraftKey, DraftTenant, TenantView } from './check_rules.ts'
import { checkScopes } from './check_scopes.ts'
import { checkServer } from './check_server.ts'
import { checkUsers } from './check_user.ts'
import type { PathKey } from './problem.ts'
import type { Config, Draft } from './schema.ts'

const OWN = ['id', 'aliases', 'hosts', 'resources', 'clients', 'users', 'managed_identity'] as const

/** What the schema cannot see: duplicates, references to nothing, missing credentials, unused keys, unreadable files. */
export function check(config: Draft<Config>, cx: CheckContext): void {
  const tenants = Object.entries(config.tenants ?? {})
  checkServer(config, cx)
  checkControl(config, cx)
  checkKeys(config.keys ?? [], ['keys'], cx)
  const top = view(config, [], config)
  if (config.tenants === undefined) checkEntra(top, cx)
  else {
    unusedKeys(config, cx)
    checkSharedEntra(config, cx)
  }
  checkTenant(top, cx)
  for (const [name, tenant] of tenants) {
    if (tenant === undefined) continue
    checkKeys(tenant.keys ?? [], ['tenants', name, 'keys'], cx)
    const at = view(tenant, ['tenants', name], config)
    checkEntra(at, cx)
    checkTenant(at, cx)
  }
  tenantNames(tenants, config, cx)
}

function view(tenant: DraftTenant, path: readonly PathKey[], config: Draft<Config>): TenantView {
  const keys = tenant.keys?.length ? tenant.keys : (config.keys ?? [])
  return {
    path,
    tenant,
    dialect: tenant.dialect ?? config.dialect,
    algs: activeAlgs(keys),
    scopes: scopesOf('scopes' in tenant ? tenant : config),
  }
}

function scopesOf(holder: DraftTenant | Draft<Config>): ReadonlySet<string> | undefined {
  if ('scopes' in holder && holder.scopes === undefined) return undefined
  return new Set(Object.keys(holder.scopes ?? {}))
}

/** Without configured keys there is one, for RS256. */
export function activeAlgs(keys: readonly (DraftKey | undefined)[]): ReadonlySet<string> | undefined {
  if (keys.length === 0) return new Set(['RS256'])
  const algs = keys.filter((key) => key?.status !== 'published' && key?.status !== 'hidden').map(algOf)
  return algs.includes(undefined) ? undefined : new Set(algs as string[])
}

function algOf(key: DraftKey | undefined): string | undefined {
  const inside = key?.jwk?.['alg']
  return key?.alg ?? (typeof inside === 'string' ? inside : undefined)
}

function checkTenant(at: TenantView, cx: CheckContext): void {
  checkResources(at, cx)
  checkClients(at, cx)
  checkUsers(at, cx)
  checkScopes(at, cx)
  checkRegistration(at, cx)
  checkManagedIdentity(at, cx)
}

/** With `tenants`, what belongs to one tenant has no meaning at the top level. */
function unusedKeys(config: Draft<Config>, cx: CheckContext): void {
  for (const key of OWN) {
    const value = config[key]
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    const message = `${key} is not used next to tenants: move it into one of them`
    cx.findings.push({ path: [key], at: 'key', message })
  }
}

/** Tenants of one dialect are told apart by their ids and aliases. */
function tenantNames(
  tenants: readonly [string, DraftTenant | undefined][],
  config: Draft<Config>,
  cx: CheckContext,
): void {
  const seen = new Map<string, string>()
  for (const [name, tenant] of tenants) {
    const dialect = tenant?.dialect ?? config.dialect
    const take = (given: string | undefined, path: readonly PathKey[]): void => {
      if (given === undefined) return
      const key = `${dialect} ${given.toLowerCase()}`
      const owner = seen.get(key)
      if (owner === undefined) seen.set(key, name)
      else
        cx.findings.push({
          path: ['tenants', name, ...path],
          message: `${given} already names tenant ${owner}`,
        })
    }
    take(tenant?.id, ['id'])
    for (const [index, alias] of (tenant?.aliases ?? []).entries()) take(alias, ['aliases', index])
  }
}
