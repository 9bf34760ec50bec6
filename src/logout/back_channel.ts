import type { Context } from '../context.ts'
import { issueLogoutToken } from './logout_token.ts'
import type { Party } from './party.ts'

/**
 * Tells the clients, from server to server and all at once. One that cannot be told stops nothing; the log says why.
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest
 */
export async function tellByBackChannel(parties: readonly Party[], cx: Context): Promise<void> {
  const troubles = await Promise.all(parties.map((party) => trouble(party, cx)))
  const found = troubles.filter((each) => each !== undefined)
  if (found.length > 0) cx.exchange.trouble = [...(cx.exchange.trouble ?? []), ...found]
}

async function trouble(party: Party, cx: Context): Promise<string | undefined> {
  const { backchannel_logout_uri: uri, client_id } = party.client
  if (uri === undefined) return undefined
  try {
    const logout_token = await issueLogoutToken(party, cx)
    await cx.tenant.outbound.post(uri, new URLSearchParams({ logout_token }).toString())
    return undefined
  } catch (error) {
    return `client ${client_id} was not told of the logout: ${(error as Error).message}`
  }
}
