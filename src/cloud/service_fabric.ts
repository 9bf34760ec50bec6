import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE } from '../protocol/messages.ts'
import type { CloudService } from './cloud_service.ts'
import { chooseIdentity, hasIdentities, SELECTORS } from './identity.ts'
import {
  refusalHeaders,
  resourceIn,
  sourcePath,
  tenantsAt,
  tenantsOfSecret,
  wired,
} from './identity_request.ts'
import { identityToken } from './identity_token.ts'

/**
 * Tokens where Service Fabric gives them.
 * @see https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
 */
export const serviceFabric: CloudService = {
  name: 'service_fabric',
  methods: ['GET'],
  path: sourcePath('sf/token'),
  serves: hasIdentities,
  async answer(request, at) {
    const tenants = tenantsOfSecret('secret', request, tenantsAt(at))
    const resource = resourceIn(request.query)
    const chosen = chooseIdentity(request.query, SELECTORS, tenants)
    const { token_type, access_token, expires_on } = await identityToken(chosen, resource, { request, at })
    return json(200, membersOf({ token_type, access_token, expires_on, resource }), NO_STORE)
  },
  refuse(error, _request, { tenants }) {
    const code = CODES[error.reason] ?? 'InvalidRequest'
    const correlationId = tenants[0]?.random.uuid()
    const body = { correlationId: correlationId ?? null, code, message: wired(error).text }
    return json(error.status, membersOf({ error: body }), refusalHeaders(error))
  },
}

const CODES: Readonly<Record<string, string>> = {
  'identity.header_wrong': 'SecretHeaderNotFound',
  'identity.unknown': 'ManagedIdentityNotFound',
  'param.missing': 'ArgumentNullOrEmpty',
}
