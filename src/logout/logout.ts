import type { Reason } from '../protocol/reasons.ts'

/**
 * A logout that was asked for. It is JSON: where a person is asked first, it waits in the store.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export interface Logout {
  readonly kind: 'logout'
  /** The sessions that are meant: the browser's first, then the one that the hint names. */
  readonly sids: readonly string[]
  /** Who asks. */
  readonly client_id?: string | undefined
  /** The issuer as that client knows it. */
  readonly iss?: string | undefined
  /** Where the browser goes afterwards. */
  readonly next?: string | undefined
  /** What is wrong with the request; then the browser goes nowhere. */
  readonly problem?: { readonly reason: Reason; readonly text: string } | undefined
}
