/** Reads the certificate that somebody shows. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { instant } from '../clock.ts'

/** The SHA-256 thumbprint, base64url. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-3.1 */
export function thumbprintOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('base64url')
}

/** When it is valid, in seconds since 1970. @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.1.2.5 */
export function validityOf(der: Buffer): { readonly from: number; readonly to: number } {
  const { validFrom, validTo } = new X509Certificate(der)
  const seconds = (text: string) => Math.floor(instant(text).getTime() / 1000)
  return { from: seconds(validFrom), to: seconds(validTo) }
}

/** Its public key; undefined for one of a kind that OpenSSL does not know. */
export function publicKeyOf(der: Buffer): KeyObject | undefined {
  try {
    return new X509Certificate(der).publicKey
  } catch {
    return undefined
  }
}
