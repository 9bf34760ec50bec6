import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { isLoopback } from '../protocol/loopback.ts'
import { urlOf } from '../protocol/url.ts'

/** Whether two URIs are the same; of a loopback URI the port is the client's choice. @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 */
export function isSameUri(registered: string, came: string): boolean {
  if (registered === came) return true
  const [one, other] = [withoutLoopbackPort(registered), withoutLoopbackPort(came)]
  return one !== undefined && one === other
}

const LOOPBACK_URI = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?((?:[/?][^#]*)?)$/

/** Text, not a parsed URL: what a URL parser makes equal is not the same string. It only says whether there is such a port. */
function withoutLoopbackPort(uri: string): string | undefined {
  const parts = LOOPBACK_URI.exec(uri)
  return parts === null || urlOf(uri) === undefined ? undefined : `${parts[1]}${parts[2]}`
}

/** Whether a redirect URI is of the type whose codes only scripts redeem. @see https://learn.microsoft.com/entra/identity-platform/reply-url */
export function isForScripts(
  uri: string,
  { entra }: ClientConfig,
  { tenant: { dialect } }: Context,
): boolean {
  const registered = dialect.scripts === undefined ? [] : (entra?.spa_redirect_uris ?? [])
  return registered.some((each) => isSameUri(each, uri))
}

/**
 * The redirect URI to answer at. Until it is known no answer may be sent anywhere.
 * @throws OAuthError redirect_uri.missing, redirect_uri.invalid
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3
 */
export function assertRedirectUri(came: string | undefined, client: ClientConfig, cx: Context): string {
  const { client_id, redirect_uris } = client
  const [only, another] = redirect_uris
  if (came === undefined) {
    if (only !== undefined && another === undefined) return only
    throw new OAuthError(
      'redirect_uri.missing',
      `redirect_uri is missing, and client ${client_id} has ${redirect_uris.length} registered ones; send one of ${oneOf(redirect_uris)}`,
      { detail: { client_id } },
    )
  }
  if (redirect_uris.some((registered) => isSameUri(registered, came))) return came
  const error = new OAuthError(
    'redirect_uri.invalid',
    `redirect_uri is ${shown(came)}, client ${client_id} registered ${oneOf(redirect_uris)}; they are compared as strings, so register this very one under redirect_uris`,
    { detail: { client_id, redirect_uri: came, registered: redirect_uris } },
  )
  // MUST NOT include a fragment, §3.1.2 of RFC 6749: no client could read the answer.
  if (came.includes('#') || !isLoopback(came)) throw error
  enforce('redirect_uri', error, cx)
  return came
}
