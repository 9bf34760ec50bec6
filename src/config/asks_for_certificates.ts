import { CERTIFICATE_NAMES } from '../protocol/certificate_names.ts'
import type { ClientConfig, ResolvedConfig } from './config.ts'

/** Whether a client of some tenant has a use for a certificate, or the configuration says whose are trusted. */
export function asksForCertificates({ server, tenants }: ResolvedConfig): boolean {
  if (server.tls === undefined) return false
  return server.tls.client_ca !== null || tenants.some(({ clients }) => clients.some(usesCertificate))
}

function usesCertificate(client: ClientConfig): boolean {
  return (
    client.tls_client_certificate_bound_access_tokens ||
    client.token_endpoint_auth_method?.endsWith('tls_client_auth') === true ||
    CERTIFICATE_NAMES.some((name) => client[name] !== undefined)
  )
}
