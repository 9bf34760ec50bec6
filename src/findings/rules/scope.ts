/** What is asked for, and what comes of it. */
import { SCOPE_CLAIMS } from '../../protocol/standard_claims.ts'
import { Recent } from '../recent.ts'
import type { Rule } from '../rule.ts'
import type { Seen } from '../seen.ts'

/** By then a client has fetched what it wants, also where many users sign in at once. */
const MINUTE = 60_000

export const scopeUnused: Rule = {
  id: 'scope_unused',
  severity: 'info',
  title: 'scopes asked for, and their claims never fetched',
  explanation:
    'The user shares what nobody reads. Where an access token is issued, the claims of these scopes are at userinfo and not in the ID token.',
  fix: 'Ask for the scopes that are needed; or fetch their claims from userinfo with the access token.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims',
  at: ['token', 'userinfo'],
  watch() {
    const fetching = new Recent<true>()
    const unfetched = new Recent<number>()
    return (seen) => {
      const { client_id, at, transaction } = seen
      if (client_id === undefined || !seen.isGranted || fetching.get(client_id)) return undefined
      if (transaction.exchange.endpoint === 'userinfo') {
        fetching.set(client_id, true)
        return undefined
      }
      const unread = unreadScopes(seen)
      if (unread.length === 0) return undefined
      const since = unfetched.get(client_id)
      if (since === undefined || at < since) unfetched.set(client_id, at)
      if (since === undefined || at < since + MINUTE) return undefined
      return `the client asks for the scope ${unread.join(' ')} again and again, and never asked userinfo, where the claims are`
    }
  },
}

/** Scopes of this login that have claims of the user, of which no token has one. */
function unreadScopes({ flow, cx, transaction: { exchange } }: Seen): readonly string[] {
  const user = cx.tenant.registry.users.get(exchange.user ?? '')
  if (flow === undefined || user === undefined) return []
  const given = new Set((exchange.issued ?? []).flatMap(({ claims }) => claims.map(({ name }) => name)))
  return flow.scopes.filter((scope) => {
    const claims = Object.hasOwn(SCOPE_CLAIMS, scope) ? (SCOPE_CLAIMS[scope] ?? []) : []
    const held = claims.filter((claim) => Object.hasOwn(user.standard, claim))
    return held.length > 0 && !held.some((claim) => given.has(claim))
  })
}
