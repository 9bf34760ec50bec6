import * as v from 'valibot'
import { resourceEntra } from './entra.ts'
import { freeForm } from './free_form.ts'
import type { Names } from './names.ts'
import { duration, identifier, oneOf, scopeToken, text } from './scalars.ts'
import { described, strict } from './strict.ts'

/** What access tokens look like, for a client or (then with `version`) for a resource. */
export function accessTokenKeys(names: Names) {
  return {
    format: described(
      v.optional(oneOf(['jwt', 'opaque'])),
      'jwt: a signed token. opaque: a random string to introspect. Default jwt.',
    ),
    lifetime: described(
      v.optional(duration()),
      'How long an access token lives: 90s, 5m, 1h, 14d or seconds; default lifetimes.access_token.',
    ),
    signing_alg: described(
      v.optional(oneOf(names.signingAlgs)),
      'Algorithm that signs access tokens; an active key must have it; default: that of the first active key.',
    ),
  }
}

/** An API that accepts access tokens. @see https://www.rfc-editor.org/rfc/rfc8707.html */
export function resource(names: Names) {
  const version = v.pipe(v.number(), v.integer('an integer'))
  return strict({
    identifier: described(identifier(), 'What the aud of a token says and what resource or audience select.'),
    id: described(v.optional(identifier()), 'What dialects with GUIDs show as aud; default: the identifier.'),
    scopes: described(
      v.optional(v.array(scopeToken()), []),
      'Scope tokens the API knows; default none declared.',
    ),
    roles: described(v.optional(v.array(text()), []), 'Roles the API knows; default none declared.'),
    claims: described(
      v.optional(freeForm(), {}),
      'Extra claims of every access token for this API; default none.',
    ),
    entra: described(v.optional(resourceEntra()), 'What only Entra ID knows of an API.'),
    access_token: described(
      v.optional(
        strict({
          ...accessTokenKeys(names),
          version: described(
            v.optional(version),
            'Access token version, a number that the dialect knows (entra: 1 or 2); default: the dialect decides.',
          ),
        }),
        {},
      ),
      'What access tokens for this API look like.',
    ),
  })
}
