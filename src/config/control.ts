import * as v from 'valibot'
import { duration, hostName, text } from './scalars.ts'
import { described, strict } from './strict.ts'

/** The API by which tests drive the provider. */
export function control() {
  return strict({
    enabled: described(v.optional(v.boolean(), true), 'Whether the control API is served; default true.'),
    token: described(
      v.optional(v.nullable(text()), null),
      'What each call has to bring as a Bearer token; or token_file; default null: none.',
    ),
    token_file: described(
      v.optional(text()),
      'File with that token, relative to this file; one line end at its end is dropped.',
    ),
    hosts: described(
      v.optional(v.array(hostName()), []),
      'Host names at which it answers beside loopback, the issuer and the names of server.tls; default none.',
    ),
    sandboxes: described(v.optional(sandboxes(), {}), 'The tenants that tests make for themselves.'),
  })
}

function sandboxes() {
  return strict({
    most: described(
      v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)), 5_000),
      'How many there may be at once; default 5000.',
    ),
    idle: described(
      v.optional(duration(), 3600),
      'How long one lives that nobody uses: 90s, 5m, 1h or seconds; default 1h.',
    ),
  })
}
