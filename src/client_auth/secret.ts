import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { isSameSecret } from '../protocol/same_secret.ts'

/**
 * Compares a presented secret with each registered one in constant time.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1
 */
export function verifySecret(presented: string, client: ClientConfig, cx: Context): void {
  const matches = client.secrets.filter((secret) => isSameSecret(secret, presented))
  if (matches.length > 0) return
  const detail = { client_id: client.client_id }
  if (client.secrets.length === 0) {
    throw new OAuthError(
      'client.secret_unexpected',
      `client ${client.client_id} has no secret; send none, or register client_secret`,
      { detail },
    )
  }
  const error = new OAuthError(
    'client.secret_wrong',
    `the secret of client ${client.client_id} is not the registered one (${presented.length} characters came); compare it with client_secret in the configuration`,
    { detail },
  )
  enforce('client_secret', error, cx)
}
