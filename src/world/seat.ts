/** A tenant's place in what is served: what it is now, and what is kept beside it, which is made when it is needed. */
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../clock.ts'
import type { TenantConfig } from '../config/resolve.ts'
import type { Context, Tenant, Transaction } from '../context.ts'
import type { Judge } from '../findings/judge.ts'
import type { KeySet } from '../keys/keys.ts'
import type { Journal } from '../record/journal.ts'
import { NextLogins } from '../sessions/next_login.ts'
import type { Declared, Resident } from './resident.ts'

/** What the seats of a unit have in common. */
export interface Row {
  readonly clock: Clock
  readonly isSandbox: boolean
  /** The keys of tenants that have none of their own. */
  readonly sharedKeys: KeySet
  /** The keys that a configuration asks for. */
  keysOf(config: TenantConfig): KeySet
  journalOf(): Journal
  judgeOf(): Judge
  /** Whether requests are kept and judged. */
  readonly remembers: boolean
  /** Hears of each request too. */
  readonly record: Tenant['record']
  /** Makes the tenants anew. */
  build(): void
}

export class Seat implements Resident {
  readonly name: string
  readonly nextLogins = new NextLogins()
  configured: Declared
  declared: Declared
  /** The unit sets it, before anybody can ask. */
  tenant!: Tenant
  readonly #row: Row
  #journal: Journal | undefined
  #judge: Judge | undefined
  #isClosed = false

  constructor(config: TenantConfig, row: Row) {
    this.#row = row
    this.name = config.name
    this.configured = { config, keys: row.keysOf(config) }
    this.declared = this.configured
  }

  get clock(): Clock {
    return this.#row.clock
  }

  get isSandbox(): boolean {
    return this.#row.isSandbox
  }

  get hasOwnKeys(): boolean {
    return this.declared.keys !== this.#row.sharedKeys
  }

  get journal(): Journal {
    if (this.#journal === undefined) {
      this.#journal = this.#row.journalOf()
      if (this.#isClosed) this.#journal.close()
    }
    return this.#journal
  }

  get judge(): Judge {
    this.#judge ??= this.#row.judgeOf()
    return this.#judge
  }

  change(make: (declared: Declared) => Declared): void {
    const before = this.declared
    this.declared = make(before)
    try {
      this.#row.build()
    } catch (error) {
      // All of a change or nothing.
      this.declared = before
      throw error
    }
  }

  /** One function for every value that the tenant has. */
  readonly record = (transaction: Transaction, cx: Context): void => {
    if (this.#row.remembers) this.judge.judge(this.journal.add(transaction), cx)
    this.#row.record(transaction, cx)
  }

  /**
   * Takes another configuration. Keys that it still asks for stay as they are, also where they were changed since; so
   * does everything where nothing in it is new.
   */
  reconfigure(config: TenantConfig): void {
    const { configured, declared } = this
    if (isDeepStrictEqual(config, configured.config)) return
    const isSame = isDeepStrictEqual(config.keys, configured.config.keys)
    const keys = isSame ? configured.keys : this.#row.keysOf(config)
    this.configured = { config, keys }
    this.declared = { ...declared, config, keys: isSame ? declared.keys : keys }
  }

  /** Back to how it began, and nothing remembered. */
  reset(): void {
    this.declared = this.configured
    this.#journal?.clear()
    this.#judge?.clear()
    this.nextLogins.clear()
  }

  /** Ends whatever waits for something to happen. */
  close(): void {
    this.#isClosed = true
    this.#journal?.close()
  }
}
