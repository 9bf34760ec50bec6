import type { Context } from '../context.ts'
import { endSession } from '../sessions/session.ts'
import { tellByBackChannel } from './back_channel.ts'
import { framesFor } from './front_channel.ts'
import type { Logout } from './logout.ts'
import { partiesOf } from './party.ts'

/**
 * Ends the sessions and tells every client that took part; gives the frames that the browser is to load for it.
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest
 */
export async function signOut(logout: Logout, cx: Context): Promise<readonly string[]> {
  const ended = await Promise.all([...new Set(logout.sids)].map((sid) => endSession(sid, cx)))
  const sessions = ended.filter((session) => session !== undefined)
  const parties = await partiesOf(sessions, logout, cx)
  await tellByBackChannel(parties, cx)
  return framesFor(parties)
}
