import { instant } from '../../clock.ts'
import { isAnswer } from './ask.ts'
import { type Check, ok, warn, wrong } from './check.ts'

const CLOSE_SECONDS = 5

/** What most clients let pass at exp, nbf and iat. */
const ALLOWED_SECONDS = 60

/**
 * Whether provider and client agree on the time: a token dated in the future is refused.
 * @see https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1.5
 * @see https://www.rfc-editor.org/rfc/rfc9111.html#section-5.1
 */
export const clocks: Check = {
  name: 'clock',
  look({ discovery }) {
    if (!isAnswer(discovery)) return []
    const date = instant(discovery.headers.date ?? '').getTime()
    if (Number.isNaN(date)) return []
    // What a cache kept has the date of its making, and its age.
    const age = Number(/^\d{1,9}$/.exec(discovery.headers.age ?? '')?.[0] ?? 0)
    const seconds = Math.round((date - discovery.at) / 1000) + age
    const difference = Math.abs(seconds)
    if (difference <= CLOSE_SECONDS) return [ok('agrees with the one here')]
    const text = `the provider's is ${difference} s ${seconds > 0 ? 'ahead of' : 'behind'} the one here`
    if (difference <= ALLOWED_SECONDS) return [warn(`${text}; strict clients refuse its tokens`)]
    return [wrong(`${text}: its tokens are not valid yet, or no longer`, 'set both clocks, by NTP for one')]
  },
}
