/** What a client registers that comes with a TLS certificate. @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2 */
import { isIP } from 'node:net'
import { MalformedName, parseDistinguishedName } from '../protocol/distinguished_name.ts'
import { flag, type Reader, refusal, text, unfit, unsupported } from './reader.ts'

const WITHOUT_CERTIFICATES = 'but nobody is asked for a certificate here (server.tls is not configured)'

/** A reader for each member; where nobody is asked for a certificate, one that refuses it. */
export function certificateMembers(certificates: boolean) {
  const served = <T>(read: Reader<T>): Reader<T> => (certificates ? read : unsupported(WITHOUT_CERTIFICATES))
  return {
    tls_client_auth_subject_dn: served(distinguishedName),
    tls_client_auth_san_dns: served(text),
    tls_client_auth_san_uri: served(text),
    tls_client_auth_san_ip: served(address),
    tls_client_auth_san_email: served(text),
    tls_client_certificate_bound_access_tokens: bound(certificates),
  }
}

/** What does not want tokens bound can be had anywhere. */
function bound(certificates: boolean): Reader<boolean> {
  return (value, at) => {
    const wanted = flag(value, at)
    return wanted && !certificates ? unsupported(WITHOUT_CERTIFICATES)(value, at) : wanted
  }
}

const distinguishedName: Reader<string> = (value, at) => {
  const name = text(value, at)
  try {
    parseDistinguishedName(name)
    return name
  } catch (error) {
    if (error instanceof MalformedName) throw refusal(at, `${at} is no distinguished name: ${error.message}`)
    throw error
  }
}

const address: Reader<string> = (value, at) => {
  if (typeof value === 'string' && isIP(value) !== 0) return value
  throw unfit(at, value, 'an IP address, as 192.0.2.1 or 2001:db8::1')
}
