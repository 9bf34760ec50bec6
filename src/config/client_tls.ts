import * as v from 'valibot'
import { text } from './scalars.ts'
import { described } from './strict.ts'

export { CERTIFICATE_NAMES } from '../protocol/certificate_names.ts'

/** What a client with a TLS certificate registers. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2 */
export function clientTlsKeys() {
  return {
    tls_client_auth_subject_dn: described(
      v.optional(text()),
      'Subject of its certificate, as RFC 4514 writes it: CN=partner,O=Example. Or one of tls_client_auth_san_*.',
    ),
    tls_client_auth_san_dns: described(v.optional(text()), 'DNS name in its certificate.'),
    tls_client_auth_san_uri: described(v.optional(text()), 'URI in its certificate.'),
    tls_client_auth_san_ip: described(v.optional(text()), 'IP address in its certificate.'),
    tls_client_auth_san_email: described(v.optional(text()), 'E-mail address in its certificate.'),
    tls_client_certificate_bound_access_tokens: described(
      v.optional(v.boolean(), false),
      'Whether its access tokens are bound to its TLS certificate (RFC 8705); default false.',
    ),
  }
}
