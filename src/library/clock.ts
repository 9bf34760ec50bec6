import type { IdpClock } from '../api.ts'
import type { Ask } from './ask.ts'

/** The calls for the time of the provider. */
export function clock(ask: Ask): IdpClock {
  const step = (body: object) => ask<Awaited<ReturnType<IdpClock['now']>>>('POST', '/clock', { body })
  return {
    now: () => ask('GET', '/clock'),
    advance: (by) => step({ advance: by }),
    set: (to) => step({ set: to }),
    freeze: () => step({ freeze: true }),
    release: () => step({ freeze: false }),
    reset: () => step({ reset: true }),
  }
}
