import { enforce } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { first } from '../protocol/params.ts'
import type { ClientAuthMethod } from './method.ts'

const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type']

/**
 * A public client only names itself.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1
 */
export const none: ClientAuthMethod = {
  name: 'none',
  proof: 'none',
  fits: (client) => client.secrets.length === 0 && !hasKeys(client),
  attempt({ headers, params }) {
    const client_id = first(params, 'client_id')
    if (client_id === undefined || headers['authorization'] !== undefined) return undefined
    if (CREDENTIALS.some((name) => params.has(name))) return undefined
    return {
      client_id,
      async verify(client, cx) {
        if (none.fits(client) || client.token_endpoint_auth_method === 'none') return
        const expected = client.secrets.length > 0 ? 'client_secret' : 'client_assertion'
        const error = new OAuthError(
          'client.secret_missing',
          `client ${client_id} came without credentials, expected ${expected}`,
          {
            detail: { client_id },
          },
        )
        enforce('client_secret', error, cx)
      },
    }
  },
}

/** Whether a client registered keys that its assertions are verified with. */
export function hasKeys(client: { jwks?: unknown; jwks_uri?: unknown; certificate?: unknown }): boolean {
  return client.jwks !== undefined || client.jwks_uri !== undefined || client.certificate !== undefined
}
