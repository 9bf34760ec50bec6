import type { Changing, DraftChange } from './change_schema.ts'
import { activeAlgs } from './check.ts'
import { checkAgainst } from './check_change_against.ts'
import { checkClients } from './check_client.ts'
import { checkEntra } from './check_entra.ts'
import { checkManagedIdentity } from './check_managed_identity.ts'
import { checkMasked } from './check_masked.ts'
import { checkRegistration } from './check_registration.ts'
import { checkKeys, checkResources } from './check_resource.ts'
import type { CheckContext, DraftTenant, TenantView } from './check_rules.ts'
import { checkScopes } from './check_scopes.ts'
import { checkUsers } from './check_user.ts'

/**
 * What the schema cannot see of a change: only what changes is looked at, beside what is there.
 * @param now the algorithms of the active keys
 */
export function checkChange(changing: Changing, now: readonly string[], cx: CheckContext): void {
  const { base, draft } = changing
  const view = viewOf(changing, now)
  const replaced = new Set(draft.resources?.map((resource) => resource?.identifier))
  const others = base.resources.filter(({ identifier }) => !replaced.has(identifier))
  const resources = [...others, ...(draft.resources ?? [])] as NonNullable<DraftTenant['resources']>
  checkKeys(draft.keys ?? [], ['keys'], cx)
  checkEntra(view, cx)
  checkResources(view, cx)
  checkClients({ ...view, tenant: { ...view.tenant, resources } }, cx)
  checkUsers(view, cx)
  checkScopes(view, cx)
  checkRegistration(view, cx)
  checkManagedIdentity(view, cx)
  checkMasked(changing, cx)
  checkAgainst(changing, view.algs, cx)
}

function viewOf({ base, draft }: Changing, now: readonly string[]): TenantView {
  const isWrong = 'scopes' in draft && draft.scopes === undefined
  return {
    path: [],
    tenant: draft as DraftTenant,
    dialect: base.dialect,
    algs: algsOf(draft, now),
    scopes: isWrong ? undefined : new Set([...Object.keys(base.scopes), ...Object.keys(draft.scopes ?? {})]),
  }
}

/** Of the active keys that are there afterwards; of those that the server has for all nothing is known. */
function algsOf(draft: DraftChange, now: readonly string[]): ReadonlySet<string> | undefined {
  if (!('keys' in draft)) return new Set(now)
  return draft.keys?.length ? activeAlgs(draft.keys) : undefined
}
