import { formOf } from '../protocol/messages.ts'
import { NO_PARAMS } from '../protocol/params.ts'
import { assertMetadata, wired } from './identity_request.ts'
import { identitySource } from './identity_source.ts'

/**
 * Tokens where Cloud Shell gives them; there is one identity, so a selector means nothing.
 * @see https://learn.microsoft.com/azure/cloud-shell/msi-authorization
 */
export const cloudShell = identitySource({
  name: 'cloud_shell',
  path: 'cloudshell/token',
  method: 'POST',
  prove(request, tenants) {
    assertMetadata(request)
    return { tenants }
  },
  resource: formOf,
  selector: NO_PARAMS,
  body: (token) => token,
  refusal(error) {
    const code = CODES[error.reason] ?? 'BadRequest'
    return { error: { code, message: wired(error).text } }
  },
})

const CODES: Readonly<Record<string, string>> = { 'resource.unknown': 'AudienceNotSupported' }
