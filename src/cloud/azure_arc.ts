import type { Tenant } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { membersOf } from '../protocol/json.ts'
import { json, NO_STORE, type Request } from '../protocol/messages.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
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

/** The only folder from which clients read a key on Linux. */
const FOLDER = '/var/opt/azcmagent/tokens'

/**
 * Tokens where Azure Arc gives them, to those who read a file that the refusal names. The file is written by whoever
 * configures it: this provider writes nowhere but into its state directory.
 * @see https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export const azureArc: CloudService = {
  name: 'azure_arc',
  methods: ['GET'],
  path: sourcePath('arc/token'),
  serves: hasIdentities,
  async answer(request, at) {
    assertMetadata(request)
    const resource = resourceIn(request.query)
    const chosen = chooseIdentity(request.query, SELECTORS, tenantsAt(at))
    assertKey(request, chosen.identity.tenant)
    return json(200, membersOf(await identityToken(chosen, resource, { request, at })), NO_STORE)
  },
  refuse(error) {
    const { code, text } = wired(error)
    const { realm } = error.detail
    return json(error.status, membersOf({ error: code, error_description: text }), {
      ...refusalHeaders(error),
      ...(typeof realm === 'string' ? { 'www-authenticate': `Basic realm=${realm}` } : {}),
    })
  },
}

/** @throws OAuthError identity.key_wrong, which says where the key is */
function assertKey({ headers }: Request, { name, config }: Tenant): void {
  const { arc_key } = config.managed_identity
  if (arc_key === undefined)
    throw new OAuthError(
      'identity.unknown',
      `Azure Arc needs a key file: write any text into ${FOLDER}/idp-double.key where the application runs, and set managed_identity.arc_key_file of tenant ${name} to that file`,
    )
  const key = /^basic +(.+)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (key !== undefined && isSameSecret(key, arc_key.content)) return
  const what = key === undefined ? 'no key came' : 'the key that came is another one'
  throw new OAuthError(
    'identity.key_wrong',
    `${what}; send Authorization: Basic and the content of the file`,
    {
      detail: { realm: `${FOLDER}/${arc_key.name}` },
    },
  )
}
