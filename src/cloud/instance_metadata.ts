import type { Tenant } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { type Json, membersOf } from '../protocol/json.ts'
import { json } from '../protocol/messages.ts'
import { uuidOf } from '../protocol/uuid.ts'
import type { CloudService } from './cloud_service.ts'
import { hasIdentities, identitiesOf, resourceGroup } from './identity.ts'
import { assertMetadata, refusalHeaders, tenantsAt, wired } from './identity_request.ts'

/**
 * What a virtual machine can ask about itself: libraries want to know the region, and some take the answer as a sign
 * that they run in Azure.
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
 */
export const instanceMetadata: CloudService = {
  name: 'instance_metadata',
  methods: ['GET'],
  path: /^(?:\/(?<tenant>[^/]+))?\/{1,2}metadata\/instance(?<below>\/.*)?$/,
  serves: hasIdentities,
  async answer(request, at) {
    assertMetadata(request)
    const found = valueAt(at.named['below'] ?? '', machineOf(tenantsAt(at)[0] as Tenant))
    const isText = typeof found === 'string'
    const headers = { 'content-type': `${isText ? 'text/plain' : 'application/json'}; charset=utf-8` }
    return { status: 200, headers, body: isText ? found : JSON.stringify(found) }
  },
  refuse(error) {
    const { text } = wired(error)
    return json(error.status, membersOf({ error: text }), refusalHeaders(error))
  },
}

/** The document, or what a longer path picks out of it. @throws OAuthError route.not_found */
function valueAt(below: string, document: Json): Json {
  let value: Json | undefined = document
  for (const name of below.split('/').filter((segment) => segment !== '')) value = memberOf(value, name)
  if (value !== undefined) return value
  throw new OAuthError('route.not_found', `the instance has no ${shown(below)}; ask for /metadata/instance`)
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, Json>>)[name]
}

/** The machine to which the identity of the system belongs. */
function machineOf(tenant: Tenant): Json {
  const own = identitiesOf(tenant).find(({ type }) => type === 'SystemAssigned')?.resource_id
  const resourceId = own ?? `${resourceGroup(tenant)}/providers/Microsoft.Compute/virtualMachines/idp-double`
  const [, subscriptionId = '', resourceGroupName = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i.exec(resourceId) ?? []
  return {
    compute: {
      azEnvironment: 'AzurePublicCloud',
      location: 'westeurope',
      name: resourceId.slice(resourceId.lastIndexOf('/') + 1),
      osType: 'Linux',
      provider: 'Microsoft.Compute',
      resourceGroupName,
      resourceId,
      subscriptionId,
      tags: '',
      tagsList: [],
      vmId: uuidOf(tenant.seed, 'machine', resourceId),
      vmSize: 'Standard_B1s',
      zone: '',
    },
    network: { interface: [] },
  }
}
