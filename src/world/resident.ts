/** A tenant while it is served: what it is now, and what is kept beside it. */
import type { Clock } from '../clock.ts'
import type { TenantConfig } from '../config/resolve.ts'
import type { Tenant } from '../context.ts'
import type { Judge } from '../findings/judge.ts'
import type { KeySet } from '../keys/keys.ts'
import type { Journal } from '../record/journal.ts'

/** What can change of a tenant while it is served. A change makes a new value; the tenant is made anew from it. */
export interface Declared {
  readonly config: TenantConfig
  readonly keys: KeySet
  /** The Cache-Control header of the JWKS; absent: the usual one. */
  readonly jwksCacheControl?: string | undefined
}

export interface Resident {
  readonly name: string
  /** As it is now; the next request gets this very value. */
  readonly tenant: Tenant
  readonly declared: Declared
  /** As it began: what a reset goes back to. */
  readonly configured: Declared
  /** Whether its keys are its own, not those that all tenants of the server share. */
  readonly hasOwnKeys: boolean
  /** Shared with the tenants that it shares a store with. */
  readonly clock: Clock
  readonly journal: Journal
  readonly judge: Judge
  /** Whether a test made it. */
  readonly isSandbox: boolean
  /** The very next request sees what came of it. */
  change(make: (declared: Declared) => Declared): void
}
