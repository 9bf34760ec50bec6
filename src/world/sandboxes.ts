/** Tenants that tests make for themselves: bounded in number, and gone when nobody uses them any more. */
import type { Mounted, Tenant, Whereabouts } from '../context.ts'
import { Annex } from './finder.ts'
import type { Resident } from './resident.ts'
import type { Unit } from './unit.ts'

interface SandboxLimits {
  readonly most: number
  /** Seconds without any request after which one may go. */
  readonly idle: number
}

interface Options {
  readonly limits: () => SandboxLimits
  /** Milliseconds of a clock that nobody moves. */
  readonly monotonic: () => number
}

interface Sandbox {
  readonly unit: Unit
  readonly resident: Resident
  usedAt: number
}

export class Sandboxes {
  /** In the order of their last use. */
  readonly #all = new Map<string, Sandbox>()
  readonly #annex = new Annex()
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** Those that are there, the one that was used longest ago first. */
  get residents(): readonly Resident[] {
    this.#dropIdle()
    return [...this.#all.values()].map(({ resident }) => resident)
  }

  get tenants(): readonly Tenant[] {
    return this.residents.map(({ tenant }) => tenant)
  }

  find(at: Whereabouts): Mounted | undefined {
    this.#dropIdle()
    const found = this.#annex.find(at)
    if (found !== undefined) this.#use(found.tenant.name)
    return found
  }

  resident(name: string): Resident | undefined {
    this.#dropIdle()
    return this.#use(name)?.resident
  }

  /** @throws RangeError when there are as many as may be */
  assertRoom(): void {
    this.#dropIdle()
    const { most } = this.#options.limits()
    if (this.#all.size < most) return
    throw new RangeError(
      `there are ${most} sandboxes already; drop those that are done, or raise control.sandboxes.most`,
    )
  }

  add(unit: Unit): Resident {
    const resident = unit.seats[0] as Resident
    this.#all.set(resident.name, { unit, resident, usedAt: this.#options.monotonic() })
    this.#annex.add([...unit.seats, ...unit.addresses])
    return resident
  }

  /** Says whether it was there. */
  drop(name: string): boolean {
    const unit = this.#all.get(name)?.unit
    if (unit === undefined) return false
    this.#all.delete(name)
    this.#annex.remove([...unit.seats, ...unit.addresses])
    unit.close()
    return true
  }

  /** Back to how it began. */
  reset(name: string): void {
    this.#all.get(name)?.unit.reset()
  }

  close(): void {
    for (const { unit } of this.#all.values()) unit.close()
  }

  #use(name: string): Sandbox | undefined {
    const sandbox = this.#all.get(name)
    if (sandbox === undefined) return undefined
    sandbox.usedAt = this.#options.monotonic()
    this.#all.delete(name)
    this.#all.set(name, sandbox)
    return sandbox
  }

  /** Without a timer: those that nobody used for too long stand first, and are gone when anybody looks. */
  #dropIdle(): void {
    const since = this.#options.monotonic() - this.#options.limits().idle * 1000
    for (const [name, { usedAt }] of this.#all) {
      if (usedAt > since) return
      this.drop(name)
    }
  }
}
