import { appended } from './appended.ts'
import type { Party } from './party.ts'

/**
 * What the browser loads in frames, so that each client ends its own session there. iss and sid identify the session
 * where the client's cookie does not come along; a client may do without.
 * @see https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout
 */
export function framesFor(parties: readonly Party[]): readonly string[] {
  return parties.flatMap(({ client, session, iss }) => {
    const { frontchannel_logout_uri: uri, frontchannel_logout_session_required: isNamed } = client
    return uri === undefined ? [] : [appended(uri, isNamed ? { iss, sid: session.sid } : {})]
  })
}
