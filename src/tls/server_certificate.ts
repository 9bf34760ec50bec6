/** The certificate of https, made anew at each start. */
import { isIP } from 'node:net'
import type { ResolvedConfig } from '../config/resolve.ts'
import { type Library, makeCertificate, type Pem } from './certificate.ts'

/** The most that Apple's and the public CAs' rules leave. */
const DAYS = 397

const ALWAYS = ['localhost', '127.0.0.1', '::1', 'host.docker.internal']
const ANY_ADDRESS = new Set(['0.0.0.0', '::'])

/** What a certificate can say: no host name has other characters. */
const NAME = /^(\*\.)?[\w.-]+$/

/** Every name that somebody may call this provider by. */
export function serverNames({ server, issuer, tenants }: ResolvedConfig, machine: string): string[] {
  const urls = [issuer.url, server.public_url].filter((url) => url !== null)
  const names = [
    ...ALWAYS,
    machine,
    ...(ANY_ADDRESS.has(server.host) ? [] : [server.host]),
    ...(server.tls?.names ?? []),
    ...tenants.flatMap(({ hosts }) => hosts),
    ...urls.map((url) => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')),
  ].map((name) => name.toLowerCase())
  return [...new Set(names)].filter(isServerName)
}

/** Whether a certificate can say it: a host name, one with `*` for its first label, or an IP address. */
export function isServerName(name: string): boolean {
  return isIP(name) > 0 || NAME.test(name)
}

/** A certificate for these names, with its chain. @see https://www.rfc-editor.org/rfc/rfc6125.html#section-2.3 */
export async function serverCertificate(names: readonly string[], authority: Pem): Promise<Pem> {
  const draft = {
    subject: () => [{ CN: ['localhost'] }],
    days: DAYS,
    issuer: authority,
    extensions: (x509: Library) => [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  }
  const { cert, key } = await makeCertificate(draft)
  return { cert: `${cert}${authority.cert}`, key }
}
