import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'

const EARLIEST = Date.UTC(1980, 0)
const LATEST = Date.UTC(9000, 0)
const START = Date.UTC(2026, 5, 1)

/** The clock in three numbers: what the machine shows, by how much this one differs, and where it stands. */
interface Model {
  machine: number
  offset: number
  stopped: number | undefined
}

const shown = (model: Model) => model.stopped ?? model.machine + model.offset

function place(model: Model, to: number): boolean {
  if (!(to >= EARLIEST && to <= LATEST)) return false
  if (model.stopped === undefined) model.offset = to - model.machine
  else model.stopped = to
  return true
}

type Step =
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'set'; readonly to: number }
  | { readonly kind: 'passes'; readonly ms: number }
  | { readonly kind: 'freeze' | 'release' | 'reset' }

const YEARS = 100 * 365 * 86_400
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('advance' as const), seconds: fc.integer({ min: -YEARS, max: YEARS }) }),
  fc.record({ kind: fc.constant('advance' as const), seconds: fc.constantFrom(-1, 0, 0.5, 1, 3660, 1e14) }),
  fc.record({
    kind: fc.constant('set' as const),
    to: fc.oneof(
      fc.integer({ min: EARLIEST - 2, max: LATEST + 2 }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, EARLIEST, LATEST, EARLIEST - 1, LATEST + 1),
    ),
  }),
  fc.record({ kind: fc.constant('passes' as const), ms: fc.nat(10_000_000) }),
  fc.record({ kind: fc.constantFrom('freeze' as const, 'release' as const, 'reset' as const) }),
)

/** What the model says of a step: the same thing in one line each. */
function foresee(model: Model, one: Step): 'done' | 'refused' {
  if (one.kind === 'passes') model.machine += one.ms
  else if (one.kind === 'freeze') model.stopped ??= shown(model)
  else if (one.kind === 'reset') Object.assign(model, { offset: 0, stopped: undefined })
  else if (one.kind === 'release' && model.stopped !== undefined)
    Object.assign(model, { offset: model.stopped - model.machine, stopped: undefined })
  else if (one.kind === 'set') return place(model, one.to) ? 'done' : 'refused'
  else if (one.kind === 'advance') return place(model, shown(model) + one.seconds * 1000) ? 'done' : 'refused'
  return 'done'
}

describe('a clock that is moved, whatever the order', () => {
  it('shows what three numbers say, and tells of each way back before it goes it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model: Model = { machine: START, offset: 0, stopped: undefined }
        const clock = createClock(() => model.machine)
        const back: number[] = []
        clock.beforeBack(() => back.push(clock.now()))
        for (const one of steps) {
          const before = shown(model)
          back.length = 0
          const wanted = foresee(model, one)
          const act = () => {
            if (one.kind === 'advance') clock.advance(one.seconds)
            else if (one.kind === 'set') clock.set(one.to)
            else if (one.kind !== 'passes') clock[one.kind]()
          }
          if (wanted === 'refused') expect(act).toThrow(RangeError)
          else act()
          expect(clock.now()).toBe(shown(model))
          expect(clock.seconds()).toBe(Math.floor(shown(model) / 1000))
          expect(clock.frozen).toBe(model.stopped !== undefined)
          expect(back).toEqual(shown(model) < before ? [before] : [])
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('runs with another one, which is moved as well', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), step), { maxLength: 60 }), (steps) => {
        const outer: Model = { machine: START, offset: 0, stopped: undefined }
        const inner: Model = { machine: START, offset: 0, stopped: undefined }
        const server = createClock(() => outer.machine)
        const tenant = createClock(server.now, () => server.frozen)
        for (const [isServer, one] of steps) {
          if (isServer || one.kind === 'passes') foresee(outer, one)
          inner.machine = shown(outer)
          if (!isServer && one.kind !== 'passes') foresee(inner, one)
          const clock = isServer ? server : tenant
          try {
            if (one.kind === 'advance') clock.advance(one.seconds)
            else if (one.kind === 'set') clock.set(one.to)
            else if (one.kind !== 'passes') clock[one.kind]()
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
          expect([server.now(), tenant.now()]).toEqual([shown(outer), shown(inner)])
          expect(tenant.frozen).toBe(inner.stopped !== undefined || outer.stopped !== undefined)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
