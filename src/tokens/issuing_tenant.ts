import { type Context, issuerOf, type Tenant } from '../context.ts'
import { ownClaims } from './own_jwt.ts'

/** The tenants of this server that an issuer is: as they are at home, and as this caller sees them. */
export function tenantsIssuing(iss: string, cx: Context): readonly Tenant[] {
  const { neighbours = () => [cx.tenant] } = cx.tenant
  const { issuer, caller, front, homes = [] } = cx.bases
  const bases = new Set([issuer, caller, front, ...homes])
  return neighbours().filter((tenant) =>
    [...bases].some((base) => {
      const at = { ...cx, tenant, mount: tenant.path, bases: { ...cx.bases, issuer: base } }
      return tenant.dialect.faces.some((face) => issuerOf(at, face) === iss)
    }),
  )
}

/** Whether one of these tenants signed a JWT, whatever kind of JWT it is. */
export async function isSignedBy(
  tenants: readonly Tenant[],
  { text, header }: { readonly text: string; readonly header: Readonly<Record<string, unknown>> },
  cx: Context,
): Promise<boolean> {
  const types = new Set([header['typ']])
  const claims = tenants.map((tenant) => ownClaims(text, { types }, { ...cx, tenant }))
  return await Promise.any(claims).then(
    () => true,
    () => false,
  )
}
