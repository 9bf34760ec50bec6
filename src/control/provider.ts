import * as v from 'valibot'
import { strict } from '../config/strict.ts'
import { endpointUrl, issuerOf } from '../context.ts'
import type { Resident } from '../world/resident.ts'
import type { Desk, Noun } from './call.ts'

const tenant = strict({
  name: v.string(),
  id: v.string(),
  dialect: v.string(),
  issuer: v.string(),
  url: v.string(),
})

/** What a program needs to know of a provider that it did not start. */
export const provider: Noun = {
  name: 'provider',
  summary: 'Where it is',
  calls: [
    {
      method: 'GET',
      path: '/provider',
      summary: 'Where the provider is, and the tenants of its configuration.',
      forServer: true,
      gives: () =>
        strict({
          version: v.string(),
          url: v.string(),
          https_url: v.nullable(v.string()),
          has_ca: v.boolean(),
          tenants: v.array(tenant),
        }),
      answer(_asked, desk) {
        const { url, httpsUrl, ca, version } = desk.place
        const tenants = desk.world.residents.map((resident) => tenantFacts(resident, desk))
        return { json: { version, url, https_url: httpsUrl ?? null, has_ca: ca !== undefined, tenants } }
      },
    },
  ],
}

/** Where a tenant is. */
export function tenantFacts({ name, tenant: at }: Resident, { context }: Pick<Desk, 'context'>) {
  const cx = context(at)
  const { id, dialect } = at
  return { name, id, dialect: dialect.name, issuer: issuerOf(cx), url: endpointUrl(cx.bases.caller, '', cx) }
}
