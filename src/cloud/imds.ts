import { assertMetadata, wired } from './identity_request.ts'
import { identitySource } from './identity_source.ts'

/**
 * Tokens from the metadata service of a virtual machine. Clients look whether it is there by a request that lacks
 * everything, and take any answer for yes.
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http
 */
export const imds = identitySource({
  name: 'imds',
  path: 'metadata/identity/oauth2/token',
  prove(request, tenants) {
    assertMetadata(request)
    return { tenants }
  },
  body: (token) => token,
  refusal(error) {
    const { code, text } = wired(error)
    return { error: code, error_description: text }
  },
})
