import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE } from '../protocol/messages.ts'
import type { CloudService } from './cloud_service.ts'
import { chooseIdentity, hasIdentities, SELECTORS } from './identity.ts'
import {
  assertMetadata,
  refusalHeaders,
  resourceIn,
  sourcePath,
  tenantsAt,
  wired,
} from './identity_request.ts'
import { identityToken } from './identity_token.ts'

/**
 * Tokens from the metadata service of a virtual machine. Clients look whether it is there by a request that lacks
 * everything, and take any answer for yes.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http
 */
export const imds: CloudService = {
  name: 'imds',
  methods: ['GET'],
  path: sourcePath('metadata/identity/oauth2/token'),
  serves: hasIdentities,
  async answer(request, at) {
    assertMetadata(request)
    const resource = resourceIn(request.query)
    const chosen = chooseIdentity(request.query, SELECTORS, tenantsAt(at))
    return json(200, membersOf(await identityToken(chosen, resource, { request, at })), NO_STORE)
  },
  refuse(error) {
    const { code, text } = wired(error)
    return json(error.status, membersOf({ error: code, error_description: text }), refusalHeaders(error))
  },
}
