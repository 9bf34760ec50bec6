import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { isLoopback } from '../protocol/loopback.ts'

/**
 * Lets a browser be sent only where the client registered that it may be; relaxed, to this machine at most.
 * @throws OAuthError logout.redirect_uri
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout
 */
export function assertPostLogoutRedirectUri(
  uri: string,
  client: ClientConfig | undefined,
  cx: Context,
): void {
  // MUST have been registered, and is compared as a string, §3.
  if (client?.post_logout_redirect_uris.includes(uri) || isAnybodys(uri, cx)) return
  const error = new OAuthError('logout.redirect_uri', whyNot(uri, client), {
    detail: { post_logout_redirect_uri: uri },
  })
  if (!isLoopback(uri)) throw error
  enforce('post_logout_redirect_uri', error, cx)
}

/** Where nobody is asked, nobody says either which client asks: any URI of any client will do. */
function isAnybodys(uri: string, { tenant: { dialect, registry, cloud } }: Context): boolean {
  if (dialect.logout === 'confirmed') return false
  const clients = [...registry.clients.values(), ...(cloud?.shared.clients.values() ?? [])]
  return clients.some(
    ({ post_logout_redirect_uris, redirect_uris }) =>
      post_logout_redirect_uris.includes(uri) || redirect_uris.includes(uri),
  )
}

function whyNot(uri: string, client: ClientConfig | undefined): string {
  if (client === undefined)
    return `post_logout_redirect_uri is ${shown(uri)}, and nothing says which client registered it; send id_token_hint or client_id too`
  const { client_id, post_logout_redirect_uris: registered } = client
  return `post_logout_redirect_uri is ${shown(uri)}, client ${client_id} registered ${oneOf(registered)}; they are compared as strings, so register this very one under post_logout_redirect_uris`
}
