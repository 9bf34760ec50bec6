import * as v from 'valibot'
import { type Clock, instant, timestamp } from '../clock.ts'
import { strict } from '../config/strict.ts'
import { parseDuration } from '../protocol/duration.ts'
import { call, type Desk, type Noun } from './call.ts'
import { because, Problem } from './problem.ts'

const state = () => strict({ now: v.string(), epoch: v.number(), frozen: v.boolean() })

const step = () =>
  strict({
    advance: v.optional(v.pipe(v.union([v.string(), v.number()]), v.description('`61m`, `-5m` or seconds'))),
    set: v.optional(
      v.pipe(v.union([v.string(), v.number()]), v.description('an ISO 8601 time, or seconds since 1970')),
    ),
    freeze: v.optional(v.pipe(v.boolean(), v.description('true stops time, false lets it run on'))),
    reset: v.optional(v.pipe(v.literal(true), v.description('back to the time of the machine'))),
  })

/** Time, for all that the provider does: issuing, validating, codes, sessions, refresh tokens. */
export const clock: Noun = {
  name: 'clock',
  summary: 'Time',
  calls: [
    {
      method: 'GET',
      path: '/clock',
      summary: 'What time it is.',
      gives: state,
      answer: (_asked, desk) => told(desk),
    },
    call({
      method: 'POST',
      path: '/clock',
      summary:
        'Moves, sets, stops or releases the clock of the tenant, with those that it shares a cloud with; of all configured tenants where none is named. What has run out does not come back when time goes back.',
      body: step,
      gives: state,
      answer({ body }, desk) {
        move(clockOf(desk), body)
        return told(desk)
      },
    }),
  ],
}

/** Without a name that of the server, with which all tenants of the configuration run. */
function clockOf({ world, tenantName, resident }: Desk): Clock {
  return tenantName === undefined ? world.clock : resident.clock
}

function told(desk: Desk) {
  const at = clockOf(desk)
  return { json: { now: timestamp(at.now()), epoch: at.seconds(), frozen: at.frozen } }
}

type Step = v.InferOutput<ReturnType<typeof step>>

/** All of it or nothing: the time is known to be one before the clock is touched. */
function move(at: Clock, { advance, set, freeze, reset }: Step): void {
  const moves = advance !== undefined || set !== undefined
  if (!moves && freeze === undefined && reset === undefined)
    throw new Problem(422, 'nothing to do; expected one of advance, set, freeze, reset')
  if (moves && reset === true) throw new Problem(422, 'reset goes with neither advance nor set')
  if (moves) moveTo((set === undefined ? at.now() : millisecondsOf(set)) + secondsOf(advance ?? 0) * 1000, at)
  if (reset === true) at.reset()
  if (freeze === true) at.freeze()
  if (freeze === false) at.release()
}

function moveTo(milliseconds: number, at: Clock): void {
  try {
    at.set(milliseconds)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw because(cause, 422, cause.message)
  }
}

function secondsOf(by: string | number): number {
  try {
    return parseDuration(by)
  } catch (cause) {
    throw because(cause, 422, `advance: ${(cause as Error).message}`)
  }
}

function millisecondsOf(to: string | number): number {
  const milliseconds = typeof to === 'number' ? to * 1000 : instant(to).getTime()
  if (!Number.isNaN(milliseconds)) return milliseconds
  throw new Problem(422, `set is ${to}, expected a time such as 2030-01-31T08:15:00Z, or seconds since 1970`)
}
