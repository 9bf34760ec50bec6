/** How programs come to trust the provider's CA: lines to copy. */
import type { Running } from '../../provider.ts'
import { word } from '../shell/word.ts'

/** The lines, where https is served with a certificate of the own CA. */
export function trustLines({ authority, config, url }: Running): string[] | undefined {
  if (authority === undefined || config.server.tls?.certificate !== 'auto') return undefined
  const { file } = authority
  const path = file === undefined ? '"$PWD/ca.pem"' : word(file)
  // Whom else to ask for what makes asking safe: the first download is not verified where there is no http.
  const insecure = url.startsWith('https:') ? 'k' : ''
  const variables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE']
  return [
    ...(file === undefined ? [`curl -s${insecure}o ca.pem ${word(`${url}/_mock/ca.pem`)}`] : []),
    `export ${variables.map((name) => `${name}=${path}`).join(' ')}`,
    `keytool -importcert -noprompt -alias idp-double -file ${path} -keystore ca.p12 -storepass changeit  # Java: -Djavax.net.ssl.trustStore=ca.p12 -Djavax.net.ssl.trustStorePassword=changeit`,
    '# .NET on Linux: SSL_CERT_FILE, or update-ca-certificates; Playwright: ignoreHTTPSErrors: true',
  ]
}

/** Where the CA is, for machines. */
export function caFacts({ authority, url }: Running): {
  readonly ca_url?: string
  readonly ca_file?: string
} {
  if (authority === undefined) return {}
  const { file } = authority
  return { ca_url: `${url}/_mock/ca.pem`, ...(file !== undefined && { ca_file: file }) }
}
