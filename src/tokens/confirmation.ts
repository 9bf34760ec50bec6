/** Tokens that are good only together with the certificate of their client. */
import { type ClientConfig, type Context, endpointUrl, enforce } from '../context.ts'
import { thumbprintOf } from '../keys/peer_certificate.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { PeerCertificate } from '../protocol/messages.ts'

/** The claim `cnf` that names a certificate. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1 */
export type Confirmation = { readonly 'x5t#S256': string }

/**
 * What the tokens of a request are bound to; undefined where the client does not want them bound. Only those of the
 * token endpoint can be: nobody knows the certificate of the client behind a browser (§6.4).
 * @throws OAuthError binding.certificate_missing
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-3
 */
export function confirmationOf(
  { client, certificate }: { client: ClientConfig; certificate: PeerCertificate | undefined },
  cx: Context,
): Confirmation | undefined {
  if (!client.tls_client_certificate_bound_access_tokens) return undefined
  if (certificate !== undefined) return { 'x5t#S256': thumbprintOf(certificate.der) }
  const { client_id } = client
  const error = new OAuthError(
    'binding.certificate_missing',
    `the tokens of client ${client_id} are bound to its certificate (tls_client_certificate_bound_access_tokens), and none came; ${whereToShow(cx)}`,
    { detail: { client_id } },
  )
  enforce('client_certificate', error, cx)
  return undefined
}

const NOBODY_ASKS = 'nobody is asked for one here: set server.tls in the configuration, and come over https'

/** Where a client has to come with its certificate; else what keeps anybody from showing one. */
export function whereToShow(cx: Context): string {
  const { mtls } = cx.bases
  if (mtls === undefined) return NOBODY_ASKS
  const { certificateTrigger: trigger } = cx.tenant.dialect
  const query = trigger === undefined ? '' : `?${trigger.name}=${trigger.value}`
  return `connect with it to ${endpointUrl(mtls, cx.face.endpoints[cx.endpoint] ?? '', cx)}${query}`
}

/** The thumbprint in a token's claims. */
function boundTo(cnf: Json | undefined): string | undefined {
  const thumbprint = Object(cnf)['x5t#S256'] as unknown
  return typeof thumbprint === 'string' ? thumbprint : undefined
}

/**
 * Whoever uses a bound token MUST show its certificate.
 * @throws OAuthError token.certificate_missing, token.certificate_mismatch
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-3
 */
export function assertHolder(
  { claims }: { readonly claims: Readonly<Record<string, Json>> },
  certificate: PeerCertificate | undefined,
  cx: Context,
): void {
  const expected = boundTo(claims['cnf'])
  if (expected === undefined) return
  const came = certificate && thumbprintOf(certificate.der)
  if (came === expected) return
  const { mtls } = cx.bases
  const what = `the token is bound to the certificate with the SHA-256 thumbprint ${expected}`
  const advice = mtls === undefined ? NOBODY_ASKS : `connect with it to ${mtls}`
  const error =
    came === undefined
      ? new OAuthError('token.certificate_missing', `${what}, and none came; ${advice}`)
      : new OAuthError('token.certificate_mismatch', `${what}, ${came} came; connect with that of the token`)
  enforce('client_certificate', error, cx)
}
