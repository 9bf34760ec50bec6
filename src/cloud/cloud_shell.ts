import { membersOf } from '../protocol/json.ts'
import { formOf, json, NO_STORE } from '../protocol/messages.ts'
import { NO_PARAMS } from '../protocol/params.ts'
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
 * Tokens where Cloud Shell gives them; there is one identity, so a selector means nothing.
 * @see https://learn.microsoft.com/azure/cloud-shell/msi-authorization
 */
export const cloudShell: CloudService = {
  name: 'cloud_shell',
  methods: ['POST'],
  path: sourcePath('cloudshell/token'),
  serves: hasIdentities,
  async answer(request, at) {
    assertMetadata(request)
    const resource = resourceIn(formOf(request))
    const chosen = chooseIdentity(NO_PARAMS, SELECTORS, tenantsAt(at))
    return json(200, membersOf(await identityToken(chosen, resource, { request, at })), NO_STORE)
  },
  refuse(error) {
    const code = CODES[error.reason] ?? 'BadRequest'
    const body = membersOf({ error: { code, message: wired(error).text } })
    return json(error.status, body, refusalHeaders(error))
  },
}

const CODES: Readonly<Record<string, string>> = { 'resource.unknown': 'AudienceNotSupported' }
