import { X509Certificate } from 'node:crypto'
import * as v from 'valibot'
import { text } from './scalars.ts'

/** A PEM text whose first certificate can be read. @see https://www.rfc-editor.org/rfc/rfc7468.html#section-5 */
export function certificatePem(): v.GenericSchema<string> {
  return v.pipe(
    text(),
    v.check(isCertificate, 'a certificate in PEM, which begins with -----BEGIN CERTIFICATE-----'),
  )
}

function isCertificate(pem: string): boolean {
  // OpenSSL would read DER as well.
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return false
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
