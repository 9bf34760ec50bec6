import type { EnvKind } from './kind.ts'

/** Programs that only need to trust the CA: Node.js, OpenSSL with Go and .NET on Linux, Python's requests. */
export const tls: EnvKind = {
  name: 'tls',
  ca: ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'],
  variables: () => ({}),
}
