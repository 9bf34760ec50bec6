/** Whom the variables are about: an issuer, and a client of it. */
import { oneOf } from '../protocol/errors.ts'
import type { ClientFacts, Facts, TenantFacts } from './facts.ts'
import type { EnvironmentOptions } from './kind.ts'

export interface Target {
  readonly tenant: TenantFacts
  readonly issuer: string
  /** Absent where the tenant has none. */
  readonly client?: ClientFacts | undefined
  /** Whether users sign in at the client. */
  readonly signsIn: boolean
  /** What the tokens for an API say in `aud`. */
  readonly audiences: readonly string[]
}

/** The tenant and the client that are named, else the first of each. @throws TypeError for unknown ones */
export function targetOf({ tenant: name, client }: EnvironmentOptions, facts: Facts): Target {
  const tenant = name === undefined ? facts[0] : facts.find((each) => each.name === name)
  if (tenant === undefined)
    throw new TypeError(
      facts.length === 0
        ? 'the provider has no tenants, so there is no issuer to tell of'
        : `there is no tenant ${name}; configured: ${oneOf(facts.map((each) => each.name))}`,
    )
  const found = clientOf(client, tenant, facts)
  return {
    tenant,
    issuer: tenant.issuer,
    client: found,
    signsIn: found !== undefined && found.redirect_uris.length > 0,
    audiences: audiencesOf(found, tenant),
  }
}

/** The client of this name: of the tenant, or of another that it knows. */
export function findClient(client_id: string, tenant: TenantFacts, facts: Facts): ClientFacts | undefined {
  const known = tenant.azure === undefined ? [] : facts.filter(({ azure }) => azure !== undefined)
  const clients = [tenant, ...known].flatMap((each) => each.clients)
  return clients.find((each) => each.client_id === client_id)
}

/** A client at which users sign in is preferred. */
function clientOf(client_id: string | undefined, tenant: TenantFacts, facts: Facts): ClientFacts | undefined {
  const { name, clients } = tenant
  if (client_id === undefined)
    return clients.find(({ redirect_uris }) => redirect_uris.length > 0) ?? clients[0]
  const found = findClient(client_id, tenant, facts)
  if (found !== undefined) return found
  throw new TypeError(
    `${client_id} is no client of tenant ${name}; declared: ${oneOf(clients.map((each) => each.client_id))}`,
  )
}

function audiencesOf(client: ClientFacts | undefined, { resources, issuer }: TenantFacts): readonly string[] {
  const own = client?.audience ?? []
  if (own.length > 0) return own
  return resources.length > 0 ? resources : [issuer]
}
