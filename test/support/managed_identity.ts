/** A tenant with managed identities, and how its sources are asked. */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { ConfigInput } from '../../src/config/input.ts'
import type { StartedIdp } from '../../src/index.ts'
import { type Answer, get } from './http.ts'

export const TENANT = '5b0d9b1e-3c11-4222-8333-44445555abcd'
export const STORAGE = 'https://storage.example.test'
export const HEADER = 'what-the-platform-gave'

export const MACHINE = {
  name: 'machine',
  type: 'SystemAssigned' as const,
  client_id: 'a0000000-0000-4000-8000-000000000001',
  object_id: 'b0000000-0000-4000-8000-000000000001',
  resource_id:
    '/subscriptions/d0000000-0000-4000-8000-000000000001/resourceGroups/Orders/providers/Microsoft.Compute/virtualMachines/machine',
  roles: ['Blobs.Read', 'Blobs.Write'],
}

export const ORDERS = {
  name: 'orders',
  client_id: 'A0000000-0000-4000-8000-00000000ABCD',
  object_id: 'b0000000-0000-4000-8000-000000000002',
  resource_id:
    '/subscriptions/d0000000-0000-4000-8000-000000000001/resourceGroups/Orders/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders',
}

export const CONFIG = {
  dialect: 'entra',
  id: TENANT,
  aliases: ['contoso.onmicrosoft.com'],
  resources: [{ identifier: STORAGE, roles: ['Blobs.Read', 'Blobs.Write'] }],
  managed_identity: { header: HEADER, identities: [MACHINE, ORDERS] },
} satisfies ConfigInput

/** The answer to a request of the metadata service. */
export function imds(idp: StartedIdp, query: Record<string, string>, path = ''): Promise<Answer> {
  const url = `${idp.url}${path}/metadata/identity/oauth2/token?${new URLSearchParams(query)}`
  return get(url, { metadata: 'true' })
}

/** The claims of a token that verifies with the keys of the tenant. */
export async function verified(
  idp: StartedIdp,
  token: unknown,
  tenant: string = TENANT,
): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${idp.url}/${tenant}/discovery/keys`))
  return (await jwtVerify(String(token), keys)).payload
}
