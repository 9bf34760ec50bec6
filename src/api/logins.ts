/** Logins to come, and what lives of those that were. */
import type { OfTenant } from './declared.ts'

/** How the next login goes: used once. */
export interface NextLogin {
  /** `client_id`; absent: of whichever client comes first. */
  readonly client?: string | undefined
  /** Who signs in, without a page. */
  readonly user?: string | undefined
  /** The person refuses to sign in, or to allow what the client asks for. */
  readonly deny?: 'login' | 'consent' | undefined
  /** `done`: with a second factor. `required`: it is still needed. */
  readonly mfa?: 'done' | 'required' | undefined
  /** An error code that the client gets instead. */
  readonly error?: string | undefined
  readonly error_description?: string | undefined
}

/** A login that lives, or what a client was granted in one: codes, refresh tokens. */
export interface LiveLogin {
  readonly sid: string
  readonly user: string
  readonly clients: readonly string[]
  readonly auth_time: string
  readonly expires: string
}

export interface LiveGrant {
  readonly id: string
  readonly kind: 'code' | 'refresh_token' | 'access_token' | 'device_code'
  readonly client_id: string
  readonly user?: string
  readonly scope?: string
  readonly expires: string
}

/** What lives now; `delete` ends one, or without an id all. */
export interface Live<Item> {
  list(of?: OfTenant): Promise<readonly Item[]>
  delete(id?: string, of?: OfTenant): Promise<void>
}
