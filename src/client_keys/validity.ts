import { validityOf } from '../keys/peer_certificate.ts'

/**
 * Why a certificate is not valid at this second; undefined where it is.
 * @see https://www.rfc-editor.org/rfc/rfc5280.html#section-4.1.2.5
 */
export function notValidAt(now: number, der: Buffer): string | undefined {
  const { from, to } = validityOf(der)
  if (now < from) return `is valid from ${from}, it is ${now} now; compare the clocks`
  if (now > to) return `expired at ${to}, it is ${now} now; show a newer one`
  return undefined
}
