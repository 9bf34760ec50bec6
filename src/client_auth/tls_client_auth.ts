import { hasCertificateName, otherName } from '../client_keys/registered_name.ts'
import type { ClientConfig, Context } from '../context.ts'
import type { PeerCertificate } from '../protocol/messages.ts'
import { byCertificate, refuseCertificate } from './certificate.ts'
import type { ClientAuthMethod } from './method.ts'

/**
 * A TLS certificate that a trusted CA issued, with the name that the client registered.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1
 */
export const tlsClientAuth: ClientAuthMethod = {
  name: 'tls_client_auth',
  proof: 'certificate',
  fits: hasCertificateName,
  attempt: byCertificate(verify),
}

async function verify(certificate: PeerCertificate, client: ClientConfig, cx: Context): Promise<void> {
  const { client_id } = client
  if (certificate.trusted !== true)
    refuseCertificate(
      'client.certificate_untrusted',
      `the certificate of client ${client_id} is not trusted (${certificate.trusted}); show one of a CA of server.tls.client_ca, with the certificates between the two`,
      { client, cx },
    )
  const other = await otherName(certificate.der, client)
  if (other === undefined) return
  refuseCertificate(
    'client.certificate_mismatch',
    `the certificate is not that of client ${client_id}: ${other}`,
    { client, cx },
  )
}
