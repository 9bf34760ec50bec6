/** What a page of the inspector is made of: one tenant at one moment. */
import type { Context } from '../context.ts'
import type { Office } from '../control/call.ts'
import type { Json } from '../protocol/json.ts'
import type { Recorded } from '../record/entry.ts'
import { type RequestView, view } from '../record/view.ts'
import type { Resident } from '../world/resident.ts'
import type { AskedPage } from './asked.ts'

export interface Scene {
  readonly asked: AskedPage
  readonly office: Office
  readonly resident: Resident
  /** The tenant as it sees itself. */
  readonly cx: Context
  /** Where the browser sees the provider. */
  readonly base: string
  /** What a GET of the control API says about the tenant. */
  read(path: string): Promise<Json>
  /** What a request has in common with others. */
  tracesOf(entry: Recorded): readonly string[]
}

/** Seconds since 1970, by the clock of the tenant. */
export function nowOf({ resident }: Pick<Scene, 'resident'>): number {
  return resident.clock.seconds()
}

/** A request as it is shown, without its secrets. */
export function shownOf(entry: Recorded, { resident: { journal } }: Pick<Scene, 'resident'>): RequestView {
  return view(entry, { secrets: 'mask', salt: journal.salt })
}
