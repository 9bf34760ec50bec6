/** Environment variables with which programs find this provider where they look for Azure. */

import { authorityHost, azureTenants, identityVariables } from './cloud/azure_places.ts'
import { identitiesOf } from './cloud/identity.ts'
import type { Tenant } from './context.ts'
import { oneOf } from './protocol/errors.ts'
import type { Running } from './provider.ts'

type Variables = Readonly<Record<string, string>>

export interface EnvironmentOptions {
  readonly tenant?: string | undefined
  readonly client?: string | undefined
}

interface Place {
  readonly running: Running
  readonly caFile: string | undefined
}

/** The variables of a kind. @throws TypeError for what is not configured */
export function environment(kind: 'azure' | 'tls', options: EnvironmentOptions, place: Place): Variables {
  if (kind === 'tls') return caVariables(place)
  if (kind === 'azure') return { ...azureVariables(options, place.running), ...caVariables(place) }
  throw new TypeError(`env has variables for azure and for tls, not for ${String(kind)}`)
}

/** Each runtime has a variable of its own. */
function caVariables({ caFile }: Place): Variables {
  if (caFile === undefined) return {}
  return { NODE_EXTRA_CA_CERTS: caFile, SSL_CERT_FILE: caFile, REQUESTS_CA_BUNDLE: caFile }
}

function azureVariables({ tenant: name, client }: EnvironmentOptions, running: Running): Variables {
  const tenant = tenantFor(name, running)
  const host = authorityHost(tenant, running)
  return {
    ...identityVariables(tenant, running),
    AZURE_TENANT_ID: tenant.id,
    // With one at http the SDKs refuse managed identities too, which need none.
    ...(host !== undefined && { AZURE_AUTHORITY_HOST: host }),
    ...(client !== undefined && clientVariables(client, tenant, host)),
  }
}

function tenantFor(name: string | undefined, running: Running): Tenant {
  const tenants = azureTenants(running)
  const found = name === undefined ? tenants[0] : tenants.find((tenant) => tenant.name === name)
  if (found !== undefined) return found
  throw new TypeError(
    tenants.length === 0
      ? 'no tenant has the dialect entra, so nothing here looks like Azure; set dialect: entra'
      : `there is no tenant ${name} with the dialect entra; configured: ${oneOf(tenants.map((tenant) => tenant.name))}`,
  )
}

/** A client with its secret, or a managed identity that a user assigned, which has none. */
function clientVariables(name: string, tenant: Tenant, host: string | undefined): Variables {
  const identities = identitiesOf(tenant)
  const identity = identities.find((each) => each.client_id === name || each.name === name)
  if (identity !== undefined) return { AZURE_CLIENT_ID: identity.client_id }
  const client = tenant.registry.clients.get(name)
  if (client === undefined)
    throw new TypeError(
      `${name} is no client and no managed identity of tenant ${tenant.name}; declared: ${oneOf([...tenant.registry.clients.keys(), ...identities.map((each) => each.name)])}`,
    )
  const [secret] = client.secrets
  if (secret === undefined) return { AZURE_CLIENT_ID: name }
  // The SDK would send the secret to Microsoft.
  if (host === undefined)
    throw new TypeError(
      `the SDKs of Azure send the secret of client ${name} over https only, and to Microsoft without AZURE_AUTHORITY_HOST; serve https: server: { tls: {} }`,
    )
  return { AZURE_CLIENT_ID: name, AZURE_CLIENT_SECRET: secret }
}
