/** How refresh tokens are used. */
import { Recent } from '../recent.ts'
import { type Rule, refused } from '../rule.ts'

export const refreshTokenReused: Rule = {
  id: 'refresh_token_reused',
  severity: 'error',
  title: 'a refresh token used after its rotation',
  explanation:
    'Two holders of one token look like a theft: the provider revokes the whole login, and the user is signed out.',
  fix: 'Store the new refresh token of each answer before anything else, and refresh once at a time, also across tabs and workers.',
  see: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2',
  at: ['token'],
  refusals: ['refresh_token.reused'],
  watch: refused,
}

export const refreshTokenOfOtherClient: Rule = {
  id: 'refresh_token_of_other_client',
  severity: 'error',
  title: 'a refresh token of another client',
  explanation:
    'Refresh tokens are bound to the client that they were issued to; one that comes from another was mixed up or stolen.',
  fix: 'Refresh with the client_id that the refresh token was issued to; keep the tokens of clients apart.',
  see: 'https://www.rfc-editor.org/rfc/rfc6749.html#section-10.4',
  at: ['token'],
  refusals: ['refresh_token.other_client'],
  watch: refused,
}

/** What a login of a user at a client gave. */
interface Held {
  /** When its access token ended, in milliseconds. */
  readonly until: number
  isUsed: boolean
}

export const refreshTokenUnused: Rule = {
  id: 'refresh_token_unused',
  severity: 'info',
  title: 'offline_access asked for, and the user sent to sign in instead',
  explanation:
    'The client holds a refresh token that nobody uses: a secret that lives for weeks, for nothing.',
  fix: 'Refresh when the access token has expired, or do not ask for offline_access.',
  see: 'https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess',
  at: ['token'],
  watch() {
    const logins = new Recent<Held>()
    return (seen) => {
      const { user } = seen.transaction.exchange
      if (user === undefined || !seen.isGranted) return undefined
      const key = `${seen.client_id} ${user}`
      const held = logins.get(key)
      if (held !== undefined && seen.params.has('refresh_token')) held.isUsed = true
      if (
        seen.flow?.scopes.includes('offline_access') !== true ||
        seen.answered('refresh_token') === undefined
      )
        return undefined
      logins.set(key, { until: seen.at + Number(seen.answered('expires_in')) * 1000, isUsed: false })
      if (held === undefined || held.isUsed || seen.at < held.until) return undefined
      return 'a user signed in again after the access token had expired; the refresh token was never used'
    }
  },
}
