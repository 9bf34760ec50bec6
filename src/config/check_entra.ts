import type { CheckContext, DraftClient, DraftTenant, DraftUser, PathIn, TenantView } from './check_rules.ts'
import type { PathKey } from './problem.ts'
import type { Config, Draft } from './schema.ts'

const ENTRA = 'entra'
const ONLY_THERE = ['entra', 'managed_identity'] as const
const LISTS = ['resources', 'clients', 'users'] as const

/** What only Entra ID has stands in tenants of its dialect, as elsewhere it would do nothing; and there it fits together. */
export function checkEntra(at: TenantView, cx: CheckContext): void {
  const { tenant, path, dialect } = at
  if (dialect === undefined) return
  if (dialect !== ENTRA) {
    misplaced(tenant, { dialect, path }, cx)
    return
  }
  checkPolicies(tenant, path, cx)
  for (const [index, client] of (tenant.clients ?? []).entries()) {
    if (client?.entra === undefined) continue
    checkClient(client, (...keys) => [...path, 'clients', index, 'entra', ...keys], cx)
  }
  for (const [index, user] of (tenant.users ?? []).entries())
    checkUser(user, (...keys) => [...path, 'users', index, 'entra', ...keys], cx)
}

/** Next to tenants it is their default, so one of them has to have a use for it. */
export function checkSharedEntra(config: Draft<Config>, cx: CheckContext): void {
  const dialects = Object.values(config.tenants ?? {}).map((tenant) => tenant?.dialect ?? config.dialect)
  if (config.entra === undefined || dialects.includes(ENTRA) || dialects.includes(undefined)) return
  const message = 'entra is for tenants of dialect entra, and none of the tenants has it: remove the key'
  cx.findings.push({ path: ['entra'], at: 'key', message })
}

interface Place {
  readonly dialect: string
  readonly path: readonly PathKey[]
}

function misplaced(tenant: DraftTenant, { dialect, path }: Place, cx: CheckContext): void {
  const report = (key: string, place: readonly PathKey[]): void => {
    const message = `${key} is for tenants of dialect entra, and this one has dialect ${dialect}: remove the key, or set dialect: entra`
    cx.findings.push({ path: place, at: 'key', message })
  }
  for (const key of ONLY_THERE) if (tenant[key] !== undefined) report(key, [...path, key])
  for (const list of LISTS) {
    for (const [index, item] of (tenant[list] ?? []).entries())
      if (item?.entra !== undefined) report('entra', [...path, list, index, 'entra'])
  }
}

/** They are compared without regard to case, as clients write them in lower case. */
function checkPolicies({ entra }: DraftTenant, path: readonly PathKey[], cx: CheckContext): void {
  const seen = new Set<string>()
  for (const [index, policy] of (entra?.policies ?? []).entries()) {
    const name = policy?.toLowerCase()
    if (name !== undefined && seen.has(name))
      cx.findings.push({
        path: [...path, 'entra', 'policies', index],
        message: `${policy} is in the list already`,
      })
    if (name !== undefined) seen.add(name)
  }
}

/** @see https://learn.microsoft.com/entra/identity-platform/reply-url */
function checkClient({ redirect_uris, entra }: DraftClient, pathIn: PathIn, cx: CheckContext): void {
  for (const [index, uri] of (entra?.spa_redirect_uris ?? []).entries()) {
    if (uri === undefined || redirect_uris?.includes(uri) !== true) continue
    const message = `${uri} is one of redirect_uris too: a redirect URI has one type, so keep it in one of the lists`
    cx.findings.push({ path: pathIn('spa_redirect_uris', index), message })
  }
}

function checkUser(user: DraftUser | undefined, pathIn: PathIn, cx: CheckContext): void {
  const { home_tenant_id, user_type } = user?.entra ?? {}
  if (home_tenant_id === undefined || user_type !== 'Member') return
  const message = 'a member is at home here: add user_type: Guest, or leave home_tenant_id out'
  cx.findings.push({ path: pathIn('home_tenant_id'), at: 'key', message })
}
