import { tenantsOfSecret, wired } from './identity_request.ts'
import { identitySource } from './identity_source.ts'

/**
 * Tokens where Service Fabric gives them.
 * @see https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
 */
export const serviceFabric = identitySource({
  name: 'service_fabric',
  path: 'sf/token',
  prove: (request, tenants) => ({ tenants: tenantsOfSecret('secret', request, tenants) }),
  body: ({ token_type, access_token, expires_on, resource }) => ({
    token_type,
    access_token,
    expires_on,
    resource,
  }),
  refusal(error, { tenants }) {
    const code = CODES[error.reason] ?? 'InvalidRequest'
    const correlationId = tenants[0]?.random.uuid()
    return { error: { correlationId: correlationId ?? null, code, message: wired(error).text } }
  },
})

const CODES: Readonly<Record<string, string>> = {
  'identity.header_wrong': 'SecretHeaderNotFound',
  'identity.unknown': 'ManagedIdentityNotFound',
  'param.missing': 'ArgumentNullOrEmpty',
}
