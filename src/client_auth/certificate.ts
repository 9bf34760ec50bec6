/** What both methods of TLS clients hold the certificate of a connection to. */
import { hasCertificateName } from '../client_keys/registered_name.ts'
import { notValidAt } from '../client_keys/validity.ts'
import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { PeerCertificate } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import type { Reason } from '../protocol/reasons.ts'
import { bareClientId, type Carrier, type ClientAuthMethod } from './method.ts'

/** Whether nothing but a certificate can prove who the client is. */
export function needsCertificate(client: ClientConfig): boolean {
  const { token_endpoint_auth_method: method } = client
  return method === undefined ? hasCertificateName(client) : method.endsWith('tls_client_auth')
}

/**
 * The certificate of the connection. Behind some proxies it counts only where the URL asks for it.
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2
 */
export function certificateOf(
  { certificate, query }: Pick<Carrier, 'certificate' | 'query'>,
  { tenant }: Context,
): PeerCertificate | undefined {
  const { certificateTrigger: trigger } = tenant.dialect
  if (trigger === undefined) return certificate
  return first(query, trigger.name) === trigger.value ? certificate : undefined
}

/** Refuses a certificate, unless the configuration lets it pass. */
export function refuseCertificate(
  reason: Reason,
  problem: string,
  { client, cx }: { readonly client: ClientConfig; readonly cx: Context },
): void {
  const detail = { client_id: client.client_id }
  enforce('client_certificate', new OAuthError(reason, problem, { detail }), cx)
}

type Verify = (certificate: PeerCertificate, client: ClientConfig, cx: Context) => Promise<void>

/** What a client that shows nothing but a certificate makes use of; one that is valid now is then verified. */
export function byCertificate(verify: Verify): ClientAuthMethod['attempt'] {
  return (credentials) => {
    const client_id = bareClientId(credentials)
    const { certificate } = credentials
    if (client_id === undefined || certificate === undefined) return undefined
    return {
      client_id,
      async verify(client, cx) {
        assertValidNow(certificate, client, cx)
        await verify(certificate, client, cx)
      },
    }
  }
}

/** Refuses a certificate before and after its time, by the tenant's clock. */
function assertValidNow({ der }: PeerCertificate, client: ClientConfig, cx: Context): void {
  const problem = notValidAt(cx.tenant.clock.seconds(), der)
  if (problem === undefined) return
  const text = `the certificate of client ${client.client_id} ${problem}`
  refuseCertificate('client.certificate_expired', text, { client, cx })
}
