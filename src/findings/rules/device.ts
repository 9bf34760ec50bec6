/** How devices wait for their user. */
import { fingerprint, Recent } from '../recent.ts'
import { type Rule, refused } from '../rule.ts'

const SEE = 'https://www.rfc-editor.org/rfc/rfc8628.html#section-3.5'

export const devicePolledTooFast: Rule = {
  id: 'device_polled_too_fast',
  severity: 'warning',
  title: 'a device that asks too often',
  explanation:
    'A device must wait interval seconds between two requests; providers make it wait longer, or refuse it.',
  fix: 'Wait as many seconds as interval in the answer says, and 5 where it says nothing.',
  see: SEE,
  at: ['token'],
  refusals: ['device.too_fast'],
  watch: refused,
}

const DEAF = 3

export const slowDownIgnored: Rule = {
  id: 'slow_down_ignored',
  severity: 'error',
  title: 'a device that does not slow down',
  explanation:
    'After slow_down a device must wait 5 seconds more from then on; one that does not is taken for an attack.',
  fix: 'Add 5 seconds to the interval each time slow_down comes.',
  see: SEE,
  at: ['token'],
  refusals: ['device.too_fast'],
  watch() {
    const told = new Recent<number>()
    return (seen) => {
      const key = fingerprint(seen.param('device_code') ?? '')
      const times = (told.get(key) ?? 0) + 1
      told.set(key, times)
      return times < DEAF ? undefined : `${DEAF} answers of slow_down did not make the device slower`
    }
  },
}
