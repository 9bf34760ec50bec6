import { otherCertificate } from '../client_keys/registered_certificate.ts'
import { hasCertificateName } from '../client_keys/registered_name.ts'
import type { ClientConfig, Context } from '../context.ts'
import type { PeerCertificate } from '../protocol/messages.ts'
import { byCertificate, refuseCertificate } from './certificate.ts'
import type { ClientAuthMethod } from './method.ts'
import { hasKeys } from './none.ts'

const MISMATCH = 'client.certificate_mismatch'

/**
 * A TLS certificate that the client registered itself, whoever issued it.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2
 */
export const selfSignedTlsClientAuth: ClientAuthMethod = {
  name: 'self_signed_tls_client_auth',
  proof: 'certificate',
  fits: (client) => hasKeys(client) && !hasCertificateName(client),
  attempt: byCertificate(verify),
}

async function verify(certificate: PeerCertificate, client: ClientConfig, cx: Context): Promise<void> {
  const other = await otherCertificate(certificate.der, client, { reason: MISMATCH, cx })
  if (other === undefined) return
  const advice = 'register it as x5c in jwks or jwks_uri, or as certificate_file'
  const problem = `the certificate is not one of client ${client.client_id}: ${other}; ${advice}`
  refuseCertificate(MISMATCH, problem, { client, cx })
}
