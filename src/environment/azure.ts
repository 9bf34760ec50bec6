import { oneOf } from '../protocol/errors.ts'
import type { AzureFacts, Facts, TenantFacts } from './facts.ts'
import type { EnvKind, Variables } from './kind.ts'
import { findClient } from './target.ts'

/** The SDKs of Azure. @see https://learn.microsoft.com/en-us/javascript/api/overview/azure/identity-readme#environment-variables */
export const azure: EnvKind = {
  name: 'azure',
  ca: ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'],
  variables({ tenant: name, client }, facts) {
    const tenant = tenantFor(name, facts)
    const { variables, tenant_id, authority_host: host } = tenant.azure
    return {
      ...variables,
      AZURE_TENANT_ID: tenant_id,
      // With one at http the SDKs refuse managed identities too, which need none.
      ...(host !== undefined && { AZURE_AUTHORITY_HOST: host }),
      ...(client !== undefined && clientVariables(client, tenant, facts)),
    }
  },
}

type AzureTenant = TenantFacts & { readonly azure: AzureFacts }

function tenantFor(name: string | undefined, facts: Facts): AzureTenant {
  const tenants = facts.filter((tenant): tenant is AzureTenant => tenant.azure !== undefined)
  const found = name === undefined ? tenants[0] : tenants.find((tenant) => tenant.name === name)
  if (found !== undefined) return found
  throw new TypeError(
    tenants.length === 0
      ? 'no tenant has the dialect entra, so nothing here looks like Azure; set dialect: entra'
      : `there is no tenant ${name} with the dialect entra; configured: ${oneOf(tenants.map((tenant) => tenant.name))}`,
  )
}

/** A client with its secret, or a managed identity that a user assigned, which has none. */
function clientVariables(name: string, tenant: AzureTenant, facts: Facts): Variables {
  const { identities, authority_host: host } = tenant.azure
  const identity = identities.find((each) => each.client_id === name || each.name === name)
  if (identity !== undefined) return { AZURE_CLIENT_ID: identity.client_id }
  const client = findClient(name, tenant, facts)
  if (client === undefined) throw new TypeError(unknown(name, tenant))
  const { secret } = client
  if (secret === undefined) return { AZURE_CLIENT_ID: name }
  // The SDK would send the secret to Microsoft.
  if (host === undefined)
    throw new TypeError(
      `the SDKs of Azure send the secret of client ${name} over https only, and to Microsoft without AZURE_AUTHORITY_HOST; serve https: server: { tls: {} }`,
    )
  return { AZURE_CLIENT_ID: name, AZURE_CLIENT_SECRET: secret }
}

function unknown(asked: string, { name, clients, azure: { identities } }: AzureTenant): string {
  const declared = [...clients.map(({ client_id }) => client_id), ...identities.map((each) => each.name)]
  return `${asked} is no client and no managed identity of tenant ${name}; declared: ${oneOf(declared)}`
}
