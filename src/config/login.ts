import * as v from 'valibot'
import { oneOf, text } from './scalars.ts'
import { described, strict } from './strict.ts'
import { origin } from './uris.ts'

/** How users sign in. */
export function login() {
  return strict({
    mode: described(
      v.optional(oneOf(['picker', 'form', 'auto'])),
      'picker: a page with a button for each user. form: a page that asks for name and password. auto: no page; the user that login_hint names signs in, else the first one. Default picker.',
    ),
    acr_values: described(
      v.optional(v.pipe(v.array(text()), v.minLength(1, 'a list that is not empty'))),
      'The acr values a login can have, the usual one first; default ["1"].',
    ),
  })
}

/** Whether clients may register themselves. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
export function registration() {
  return strict({
    enabled: described(v.optional(v.boolean()), 'Whether clients may register themselves; default false.'),
    initial_access_token: described(
      v.optional(text()),
      'The bearer token that a registration needs; or initial_access_token_file; default: it needs none.',
    ),
    initial_access_token_file: described(
      v.optional(text()),
      'File with that token, relative to this file; one line end at its end is dropped.',
    ),
    allowed_origins: described(
      v.optional(v.array(origin())),
      'Origins such as http://localhost:3000 that URLs of registered clients may have the provider fetch from or post to; default none.',
    ),
  })
}
