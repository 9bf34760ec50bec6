/** What this process knows of a provider that it runs. */
import { issuerOf, type Tenant } from '../context.ts'
import { environment, factsOf } from '../environment.ts'
import { oneOf } from '../protocol/errors.ts'
import type { Running } from '../provider.ts'
import { type Known, placeOf } from './known.ts'

export function here(running: Running, caFile: string | undefined): Known {
  const { url, httpsUrl, world, context } = running
  const [first] = running.tenants
  const known: Known = {
    ...{ url, httpsUrl, caFile },
    issuer: first === undefined ? url : issuerOf(context(first)),
    issuerOf: (name) => issuerOf(context(tenantOf(name, running))),
    env(kind, options) {
      const { tenants } = world
      const named = options.tenant === undefined ? undefined : world.resident(options.tenant)
      const meant = named?.isSandbox === true ? [...tenants, named.tenant] : tenants
      const facts = factsOf({ tenants, url, httpsUrl, context }, meant)
      return environment(kind, options, { facts, caFile })
    },
    refresh: async () => undefined,
    in: async (sandbox) => ({
      ...known,
      ...placeOf(sandbox, known),
      issuer: sandbox.issuer,
      env: (kind, options) => known.env(kind, { ...options, tenant: options.tenant ?? sandbox.id }),
    }),
    left: () => undefined,
  }
  return known
}

function tenantOf(name: string, { world }: Running): Tenant {
  const resident = world.resident(name)
  if (resident !== undefined) return resident.tenant
  const known = oneOf(world.tenants.map((tenant) => tenant.name))
  throw new TypeError(`there is no tenant ${name}; configured: ${known}`)
}
