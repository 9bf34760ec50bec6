/**
 * The ways to register the one name by which the certificate of a client is known.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2
 */
export const CERTIFICATE_NAMES = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

export type CertificateName = (typeof CERTIFICATE_NAMES)[number]
