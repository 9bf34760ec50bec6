import { first } from '../protocol/params.ts'
import type { ClientAuthMethod } from './method.ts'
import { verifySecret } from './secret.ts'

/**
 * Id and secret as parameters.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1
 */
export const clientSecretPost: ClientAuthMethod = {
  name: 'client_secret_post',
  proof: 'secret',
  fits: (client) => client.secrets.length > 0,
  attempt({ params }) {
    const secret = first(params, 'client_secret')
    if (secret === undefined) return undefined
    return {
      client_id: first(params, 'client_id'),
      verify: async (client, cx) => verifySecret(secret, client, cx),
    }
  },
}
