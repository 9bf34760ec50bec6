import { OPENID_SCOPES } from '../protocol/standard_claims.ts'
import type { CheckContext, TenantView } from './check_rules.ts'

/** Scopes of the tenant's own: none takes the place of one of OpenID Connect. */
export function checkScopes({ tenant, path }: TenantView, cx: CheckContext): void {
  for (const name of Object.keys(tenant.scopes ?? {})) {
    if (!OPENID_SCOPES.includes(name)) continue
    const message = `${name} is a scope of OpenID Connect, which says what it releases: choose another name`
    cx.findings.push({ path: [...path, 'scopes', name], at: 'key', message })
  }
}
