import { hasCertificateName } from '../client_keys/registered_name.ts'
import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { whereToShow } from '../tokens/confirmation.ts'
import { needsCertificate, refuseCertificate } from './certificate.ts'
import { bareClientId, type ClientAuthMethod } from './method.ts'

/**
 * A public client only names itself.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2.1
 */
export const none: ClientAuthMethod = {
  name: 'none',
  proof: 'none',
  fits: (client) =>
    client.secrets.length === 0 &&
    client.federated_credentials.length === 0 &&
    !hasKeys(client) &&
    !hasCertificateName(client),
  attempt(credentials) {
    const client_id = bareClientId(credentials)
    return client_id === undefined ? undefined : { client_id, verify }
  },
}

/** Whether a client has nothing to authenticate with. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.1 */
export function isPublic(client: ClientConfig): boolean {
  return client.token_endpoint_auth_method === 'none' || none.fits(client)
}

async function verify(client: ClientConfig, cx: Context): Promise<void> {
  if (isPublic(client)) return
  if (needsCertificate(client)) refuseMissingCertificate(client, cx)
  else enforce('client_secret', secretMissing(client), cx)
}

function refuseMissingCertificate(client: ClientConfig, cx: Context): void {
  const text = `client ${client.client_id} came without its certificate; ${whereToShow(cx)}`
  refuseCertificate('client.certificate_missing', text, { client, cx })
}

function secretMissing({ client_id, secrets }: ClientConfig): OAuthError {
  const expected = secrets.length > 0 ? 'client_secret' : 'client_assertion'
  return new OAuthError(
    'client.secret_missing',
    `client ${client_id} came without credentials, expected ${expected}`,
    { detail: { client_id } },
  )
}

/** Whether a client registered keys that its assertions are verified with. */
export function hasKeys(client: { jwks?: unknown; jwks_uri?: unknown; certificate?: unknown }): boolean {
  return client.jwks !== undefined || client.jwks_uri !== undefined || client.certificate !== undefined
}
