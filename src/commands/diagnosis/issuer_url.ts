import { shown } from '../../protocol/errors.ts'
import { isLoopback } from '../../protocol/loopback.ts'
import { type Check, ok, type Remark, warn, wrong } from './check.ts'
import { callable } from './issuer_text.ts'

/**
 * What stands in a client's configuration.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export const issuerUrl: Check = {
  name: 'url',
  look({ given, issuer, url }) {
    if (url === undefined) return [noUrl(given)]
    const { protocol, search, hash, username, password } = url
    if (given !== issuer)
      return [
        wrong(
          `${shown(given)} is the URL of the metadata, not the issuer`,
          `give the client the issuer: ${issuer}`,
        ),
      ]
    if (search !== '' || hash !== '' || /[?#]/.test(issuer))
      return [
        wrong(
          `${shown(issuer)} has a query or a fragment, which no issuer may have`,
          `give the client the issuer without it: ${issuer.replace(/[?#].*$/, '')}`,
        ),
      ]
    if (username !== '' || password !== '')
      return [wrong('it holds credentials, which no issuer does', 'give the client the issuer without them')]
    if (protocol === 'https:') return [ok('https, without query and fragment')]
    return [
      warn(
        `it is http, which clients take only where they are told to${isLoopback(issuer) ? '' : ', and which anybody on the way can read'}: RequireHttpsMetadata in .NET, allowInsecureRequests in openid-client`,
      ),
    ]
  },
}

function noUrl(given: string): Remark {
  const guess = `http://${given}`
  const change =
    /^[\w.-]+(:\d+)?(\/|$)/.test(given) && callable(guess) !== undefined
      ? `give the client the issuer with its scheme: ${guess}`
      : 'give the client the issuer, a URL such as http://localhost:8080'
  return wrong(`${shown(given)} is no http or https URL`, change)
}
