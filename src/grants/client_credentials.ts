import { OAuthError } from '../protocol/errors.ts'
import { issueAccessToken } from '../tokens/access_token.ts'
import type { Grant } from './grant.ts'

/**
 * A token for the client itself.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4
 */
export const clientCredentials: Grant = {
  grant_type: 'client_credentials',
  async exchange({ client, proof, isPublic, params, confirmation }, cx) {
    // MUST only be used by confidential clients, §4.4.
    if (isPublic) {
      throw new OAuthError(
        'client.public_not_allowed',
        `client ${client.client_id} is public (it has no secret and no key), client_credentials is for confidential clients; give it a client_secret`,
        { detail: { client_id: client.client_id } },
      )
    }
    const asked = { client, proof, params, confirmation, grant_type: 'client_credentials' }
    return { access_token: await issueAccessToken(asked, cx) }
  },
}
