import { oneOf } from '../../protocol/errors.ts'
import { type Certificate, isAnswer, isDouble } from './ask.ts'
import { type Check, ok, type Remark, type Seen, wrong } from './check.ts'

/** The certificate, as a client would check it. @see https://www.rfc-editor.org/rfc/rfc9110.html#section-4.3.4 */
export const certificate: Check = {
  name: 'certificate',
  look(seen) {
    const { discovery, url } = seen
    if (!isAnswer(discovery) || discovery.certificate === undefined || url === undefined) return []
    const { distrust, isForHost, names, validTo } = discovery.certificate
    const remarks: Remark[] = []
    if (distrust !== undefined) remarks.push(distrusted(distrust, discovery.certificate, seen))
    if (!isForHost) remarks.push(misnamed(url.hostname, names, seen))
    return remarks.length > 0 ? remarks : [ok(`trusted here, for ${oneOf(names)}, until ${validTo}`)]
  },
}

const DATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has ended',
  CERT_NOT_YET_VALID: 'has not begun, by the clock of this machine',
}

/** The rest is checked all the same: what else is wrong shows too. */
function distrusted(code: string, { validTo }: Certificate, { discovery, url }: Seen): Remark {
  const dates = DATES[code]
  if (dates !== undefined)
    return wrong(`its time ${dates}: until ${validTo} (${code})`, 'renew the certificate of the provider')
  const text = `no CA that is trusted here issued it (${code}); the other checks go on without`
  if (!isDouble(discovery))
    return wrong(text, 'give the client the CA: NODE_EXTRA_CA_CERTS=ca.pem, SSL_CERT_FILE=ca.pem; here: --ca')
  const download = `curl -sko ca.pem ${url?.origin ?? ''}/_mock/ca.pem`
  return wrong(text, `trust the CA: ${download}, then NODE_EXTRA_CA_CERTS=ca.pem for the client; here: --ca`)
}

function misnamed(host: string, names: readonly string[], { discovery }: Seen): Remark {
  const text = `it is for ${oneOf(names)}, not for ${host}`
  return wrong(
    text,
    isDouble(discovery)
      ? `let it have the name, in the provider's configuration: server: { tls: { names: [${host}] } }`
      : `call the provider by a name that is in its certificate, or add ${host} to it`,
  )
}
