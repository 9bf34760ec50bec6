/** What programs for Azure need to be told: lines to copy. */

import { authorityHost, azureTenants, identityVariables } from '../../cloud/azure_places.ts'
import { msalOptions } from '../../cloud/recipes.ts'
import type { Running } from '../../provider.ts'
import { word } from '../shell/word.ts'
import { isLoopback } from './network.ts'

/** The lines for the first tenant that looks like Azure. A secret of this start is shown always, a configured one here only. */
export function azureLines(running: Running): string[] | undefined {
  const [tenant] = azureTenants(running)
  if (tenant === undefined) return undefined
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER, ...imds } = identityVariables(tenant, running)
  const { server, tenants } = running.config
  const configured = tenants.find(({ name }) => name === tenant.name)?.managed_identity.header
  const header =
    configured === undefined || isLoopback(server.host) ? word(IDENTITY_HEADER) : '$IDENTITY_HEADER'
  const host = authorityHost(tenant, running)
  return [
    `IDENTITY_ENDPOINT=${word(IDENTITY_ENDPOINT)} IDENTITY_HEADER=${header}  # managed identity: new DefaultAzureCredential() as it is`,
    ...Object.entries(imds).map(
      ([name, value]) => `${name}=${word(value)}  # or this, as on a virtual machine`,
    ),
    ...(host === undefined
      ? ["# Microsoft's libraries refuse http for all else: serve https, with --tls or server.tls"]
      : [
          `{ ${msalOptions({ tenantId: tenant.id, host })} }  // MSAL`,
          `AZURE_AUTHORITY_HOST=${word(host)} AZURE_TENANT_ID=${tenant.id}  # @azure/identity, with disableInstanceDiscovery: true`,
        ]),
    `# other clients: ${running.url}/`,
  ]
}
