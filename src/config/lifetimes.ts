import * as v from 'valibot'
import { duration } from './scalars.ts'
import { described, strict } from './strict.ts'

/** How long each thing lives; what is absent the dialect decides, and else the provider. */
export function lifetimes() {
  const lives = (what: string, otherwise: string) =>
    described(
      v.optional(duration()),
      `How long ${what} lives: 90s, 5m, 1h, 14d or seconds; default ${otherwise}.`,
    )
  return strict({
    access_token: lives('an access token', 'what the dialect decides (1h)'),
    id_token: lives('an ID token', '1h'),
    refresh_token: lives('a refresh token', 'what the dialect decides (14d)'),
    code: lives('an authorization code', 'what the dialect decides (60s)'),
    device_code: lives('a device code', 'what the dialect decides (10m)'),
    session: lives("a login in a user's browser", '8h'),
  })
}
