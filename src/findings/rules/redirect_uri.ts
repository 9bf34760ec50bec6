/** Where the answer goes. */

import { shown } from '../../protocol/errors.ts'
import { isLoopbackHost } from '../../protocol/loopback.ts'
import { asking, hasWord } from '../asking.ts'
import { always, type Rule, refused } from '../rule.ts'
import type { Seen } from '../seen.ts'

export const redirectUriUnregistered: Rule = {
  id: 'redirect_uri_unregistered',
  severity: 'error',
  title: 'a redirect URI that is not registered',
  explanation: 'Providers compare redirect URIs as strings, and show the user an error page when none fits.',
  fix: 'Register this very URI, or send the registered one: scheme, host, port, path, slash and query alike.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3',
  at: ['authorization'],
  refusals: ['redirect_uri.invalid'],
  watch: refused,
}

export const redirectUriMismatch: Rule = {
  id: 'redirect_uri_mismatch',
  severity: 'error',
  title: 'another redirect URI with the code than with the request',
  explanation: 'The two must be the same, so that a code that went elsewhere cannot be redeemed.',
  fix: 'Send the redirect_uri of the authorization request with the code, unchanged.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3',
  at: ['token'],
  refusals: ['redirect_uri.mismatch'],
  watch: refused,
}

export const redirectUriMissing: Rule = {
  id: 'redirect_uri_missing',
  severity: 'warning',
  title: 'no redirect_uri in a request of OpenID Connect',
  explanation:
    'OpenID Connect requires it; providers that take requests without it break when a second URI is registered.',
  fix: 'Send redirect_uri with each authorization request.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      if (seen.param('redirect_uri') !== undefined || !hasWord(seen, 'scope', 'openid')) return undefined
      return 'an authorization request had no redirect_uri'
    }),
  ),
}

export const redirectUriWildcard: Rule = {
  id: 'redirect_uri_wildcard',
  severity: 'warning',
  title: 'a registered redirect URI with a wildcard',
  explanation:
    'Where a provider takes it for a pattern, a code can be sent to any page that fits, also to one that hands it on; where it does not, as here, nothing fits.',
  fix: 'Register each redirect URI in full.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.1',
  at: ['authorization'],
  watch: always(
    asking(({ client }) => {
      const uri = client?.redirect_uris.find((each) => each.includes('*'))
      return uri && `the client has the redirect URI ${shown(uri)}`
    }),
  ),
}

export const redirectUriHttp: Rule = {
  id: 'redirect_uri_http',
  severity: 'warning',
  title: 'a redirect URI over http at a public host name',
  explanation:
    'The code crosses the network in the clear. Names that only tests and local networks have are not meant.',
  fix: 'Use https; http is for loopback addresses.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-2.6',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      const uri = seen.param('redirect_uri')
      if (uri === undefined || seen.reason !== undefined || !isPublicHttp(uri)) return undefined
      return `redirect_uri is ${shown(uri)}`
    }),
  ),
}

const HTTP_HOST = /^http:\/\/([^/:?#[\]]+)(?::\d+)?(?:[/?]|$)/i
const LOCAL_NAME =
  /(?:^|\.)(?:test|example|invalid|localhost|local|internal|lan|home|arpa|intranet|corp|private)$/i
const PRIVATE_ADDRESS = /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\./

/** Whether it leads over http to a host that others could have as well. */
function isPublicHttp(uri: string): boolean {
  const host = HTTP_HOST.exec(uri)?.[1]
  if (host === undefined || isLoopbackHost(host)) return false
  return host.includes('.') && !LOCAL_NAME.test(host) && !PRIVATE_ADDRESS.test(host)
}

export const redirectUriScheme: Rule = {
  id: 'redirect_uri_scheme',
  severity: 'warning',
  title: 'a private-use scheme that is not a domain name',
  explanation: 'Any other app can claim a scheme such as myapp: as well, and gets the code.',
  fix: 'Use a scheme made of a domain name of yours backwards, such as com.example.app:, or a claimed https URI.',
  see: 'https://www.rfc-editor.org/rfc/rfc8252.html#section-7.1',
  at: ['authorization'],
  watch: always(
    asking((seen) => {
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(seen.param('redirect_uri') ?? '')?.[1]?.toLowerCase()
      if (scheme === undefined || seen.reason !== undefined || isOwned(scheme, seen)) return undefined
      return `redirect_uri has the scheme ${scheme}:, which has no dot`
    }),
  ),
}

/** Whether nobody else has the scheme: Microsoft's libraries make theirs of the client_id. */
function isOwned(scheme: string, { client_id }: Seen): boolean {
  return (
    ['http', 'https', 'urn'].includes(scheme) ||
    /\.|^ms-app/.test(scheme) ||
    scheme === `msal${client_id}`.toLowerCase()
  )
}

export const redirectUriLocalhost: Rule = {
  id: 'redirect_uri_localhost',
  severity: 'info',
  title: 'localhost in the redirect URI of a native app',
  explanation:
    'The name may lead elsewhere than to this machine, and firewalls ask about listening on it; the address does not.',
  fix: 'Use http://127.0.0.1:{port} or http://[::1]:{port}.',
  see: 'https://www.rfc-editor.org/rfc/rfc8252.html#section-8.3',
  at: ['token'],
  watch: always((seen) => {
    if (seen.param('grant_type') !== 'authorization_code' || seen.header('origin') !== undefined)
      return undefined
    if (!seen.isPublic) return undefined
    const isLocalhost = /^http:\/\/localhost(?:[:/?]|$)/i.test(seen.param('redirect_uri') ?? '')
    return isLocalhost ? 'a public client that is no script redeemed a code for localhost' : undefined
  }),
}
