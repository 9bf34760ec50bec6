import type { Tenant } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Request } from '../protocol/messages.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import { assertMetadata, wired } from './identity_request.ts'
import { identitySource } from './identity_source.ts'

/** The only folder from which clients read a key on Linux. */
const FOLDER = '/var/opt/azcmagent/tokens'

/**
 * Tokens where Azure Arc gives them, to those who read a file that the refusal names. The file is written by whoever
 * configures it: this provider writes nowhere but into its state directory.
 * @see https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export const azureArc = identitySource({
  name: 'azure_arc',
  path: 'arc/token',
  prove(request, tenants) {
    assertMetadata(request)
    return { tenants }
  },
  confirm: (request, { tenant }) => assertKey(request, tenant),
  body: (token) => token,
  refusal(error) {
    const { code, text } = wired(error)
    return { error: code, error_description: text }
  },
  headers({ detail: { realm } }): Readonly<Record<string, string>> {
    return typeof realm === 'string' ? { 'www-authenticate': `Basic realm=${realm}` } : {}
  },
})

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
