import * as v from 'valibot'
import { port } from './port.ts'
import { httpUrl, listenHost, oneOf, text, textLike } from './scalars.ts'
import { described, strict } from './strict.ts'
import { tls } from './tls.ts'

const BASE_PATH = /^(\/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*$/

/** Where the server listens and where it is seen. */
export function server() {
  return strict({
    host: described(
      v.optional(listenHost(), '127.0.0.1'),
      'Address to listen on; default 127.0.0.1, which only this machine reaches. 0.0.0.0 listens on all.',
    ),
    port: described(
      v.optional(v.nullable(port()), 8080),
      'Port of http, 0 to 65535; 0 takes any free port, null serves https only; default 8080.',
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
    tls: described(v.optional(tls()), 'Serves https; default: http only.'),
    trust_proxy: described(
      v.optional(v.boolean(), false),
      'Whether Forwarded and X-Forwarded-* headers are honoured; default false.',
    ),
    state_dir: described(
      v.optional(v.nullable(text()), null),
      'Directory that keeps keys and the CA between starts, relative to this file; default null: new ones at each start.',
    ),
  })
}

/** What the provider calls itself. */
export function issuer() {
  return strict({
    url: described(
      v.optional(v.nullable(httpUrl()), null),
      'The iss of all tokens, kept byte for byte; default null: http://localhost:{port}{base_path}, https where only that is served.',
    ),
    mode: described(
      v.optional(oneOf(['fixed', 'request'])),
      'fixed: iss is always url. request: iss follows the host a client called. Default fixed; request for entra without a url, as its clients want the issuer where they called.',
    ),
  })
}
