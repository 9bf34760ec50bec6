import * as v from 'valibot'
import { httpUrl, listenHost, oneOf, text, textLike } from './scalars.ts'
import { described, strict } from './strict.ts'

const PORT = 'a port from 0 to 65535'
const BASE_PATH = /^(\/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*$/

/** The port to listen on. */
export function port(): v.GenericSchema<number> {
  return v.pipe(v.number(PORT), v.integer(PORT), v.minValue(0, PORT), v.maxValue(65_535, PORT))
}

/** Where the server listens and where it is seen. */
export function server() {
  return strict({
    host: described(
      v.optional(listenHost(), '127.0.0.1'),
      'Address to listen on; default 127.0.0.1, which only this machine reaches. 0.0.0.0 listens on all.',
    ),
    port: described(
      v.optional(port(), 8080),
      'Port to listen on, 0 to 65535; 0 takes any free port; default 8080.',
    ),
    base_path: described(
      v.optional(
        textLike(BASE_PATH, 'an empty string, or a path that starts with / and does not end with /'),
        '',
      ),
      'Path in front of every endpoint, for example /auth; default "" (none).',
    ),
    public_url: described(
      v.optional(v.nullable(httpUrl()), null),
      "URL under which browsers reach the server, when it differs from the issuer's origin; default null.",
    ),
    trust_proxy: described(
      v.optional(v.boolean(), false),
      'Whether Forwarded and X-Forwarded-* headers are honoured; default false.',
    ),
    state_dir: described(
      v.optional(v.nullable(text()), null),
      'Directory that keeps keys between starts, relative to this file; default null: new keys at each start.',
    ),
  })
}

/** What the provider calls itself. */
export function issuer() {
  return strict({
    url: described(
      v.optional(v.nullable(httpUrl()), null),
      'The iss of all tokens, kept byte for byte; default null: http://localhost:{port}{base_path}.',
    ),
    mode: described(
      v.optional(oneOf(['fixed', 'request']), 'fixed'),
      'fixed: iss is always url. request: iss follows the host a client called. Default fixed.',
    ),
  })
}
