import { type Context, endpointUrl } from '../context.ts'
import { type Members, membersOf } from '../protocol/json.ts'
import type { RegisteredClient } from './registered_client.ts'

/**
 * What the client is told about itself: all that is registered, and how to come back to it.
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
 */
export function clientInformation(client: RegisteredClient, cx: Context): Members {
  const { config, metadata, issued_at, registration_access_token } = client
  const [client_secret] = config.secrets
  return membersOf({
    client_id: config.client_id,
    client_secret,
    // REQUIRED if there is a secret; 0: it does not expire.
    client_secret_expires_at: client_secret === undefined ? undefined : 0,
    client_id_issued_at: issued_at,
    registration_access_token,
    registration_client_uri: clientUri(config.client_id, cx),
    ...metadata,
  })
}

/** @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientConfigurationEndpointURL */
function clientUri(client_id: string, cx: Context): string {
  const path = cx.face.endpoints[cx.endpoint] ?? ''
  return `${endpointUrl(cx.bases.caller, path, cx)}?client_id=${encodeURIComponent(client_id)}`
}
