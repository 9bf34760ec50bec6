import * as v from 'valibot'
import { httpUrlWithQuery } from './scalars.ts'
import { described } from './strict.ts'
import { redirectUri } from './uris.ts'

/** How the client takes part in a logout. @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html */
export function logoutKeys() {
  return {
    post_logout_redirect_uris: described(
      v.optional(v.array(redirectUri()), []),
      'Where users come back after they signed out: absolute URIs without fragment, compared as strings; default none.',
    ),
    frontchannel_logout_uri: described(
      v.optional(httpUrlWithQuery()),
      'URL of the client that the logout page loads in a frame, on the origin of a redirect URI; default none.',
    ),
    frontchannel_logout_session_required: described(
      v.optional(v.boolean(), true),
      'Whether iss and sid are added to frontchannel_logout_uri; default true.',
    ),
    backchannel_logout_uri: described(
      v.optional(httpUrlWithQuery()),
      'URL of the client to which the provider posts a logout token; default none.',
    ),
    backchannel_logout_session_required: described(
      v.optional(v.boolean(), true),
      'Whether the logout token has sid, beside sub; default true.',
    ),
  }
}
