import type { Json } from '../protocol/json.ts'

/** Who signed in and how, as a session and a grant remember it: by name, so that a changed user is seen at once. */
export interface Login {
  readonly username: string
  /** Name of the tenant that declares them; absent where tenants know nothing of each other. */
  readonly home?: string | undefined
  /** Whether they were declared then: who is not any more can do nothing with it. */
  readonly declared?: boolean | undefined
  /** Claims that were edited for this login; they stand above the user's own. */
  readonly claims?: Readonly<Record<string, Json>> | undefined
  /** Seconds. @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
  readonly auth_time: number
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** The session; absent where there is none, as with the password grant. */
  readonly sid?: string | undefined
}
