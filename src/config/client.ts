import * as v from 'valibot'
import { credentialKeys } from './client_credentials.ts'
import { loginKeys } from './client_login.ts'
import { logoutKeys } from './client_logout.ts'
import { objectKeys } from './client_objects.ts'
import { clientTlsKeys } from './client_tls.ts'
import { clientEntra } from './entra.ts'
import { freeForm } from './free_form.ts'
import type { Names } from './names.ts'
import { accessTokenKeys } from './resource.ts'
import { clientId, identifier, oneOf, scope, text } from './scalars.ts'
import { described, strict } from './strict.ts'
import { httpUrlWithFragment } from './uris.ts'

/** Client metadata. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
export function client(names: Names) {
  return strict({
    client_id: described(clientId(), 'The client identifier: printable ASCII, once per tenant.'),
    ...aboutKeys(),
    ...credentialKeys(names),
    ...clientTlsKeys(),
    grant_types: described(
      v.optional(v.array(oneOf(names.grants))),
      'Grants the client may use; default [authorization_code] with redirect_uris, else [client_credentials]; entra: all.',
    ),
    ...loginKeys(names),
    ...objectKeys(names),
    ...logoutKeys(),
    ...tokenKeys(names),
    entra: described(v.optional(clientEntra()), 'What only Entra ID knows of an application.'),
    introspection: described(
      v.optional(oneOf(['own', 'any']), 'own'),
      'Whose tokens the client may introspect: its own, or any (as an API does). Default own.',
    ),
    introspection_signed_response_alg: described(
      v.optional(oneOf(names.signingAlgs)),
      'Algorithm of the JWT (RFC 9701) that this client gets when it introspects with Accept: application/token-introspection+jwt; default: that of the first active key.',
    ),
  })
}

/** What people see of it. */
function aboutKeys() {
  return {
    client_name: described(
      v.optional(text()),
      'Name for people, shown on the pages, at the start and by explain; default: none.',
    ),
    client_uri: described(
      v.optional(httpUrlWithFragment()),
      'URL of its home page, shown to users; default: none.',
    ),
    logo_uri: described(v.optional(httpUrlWithFragment()), 'URL of its logo, shown to users; default: none.'),
    policy_uri: described(
      v.optional(httpUrlWithFragment()),
      'URL that says how it uses what it learns of users, shown to them; default: none.',
    ),
    tos_uri: described(v.optional(httpUrlWithFragment()), 'URL of its terms, shown to users; default: none.'),
  }
}

function tokenKeys(names: Names) {
  return {
    audience: described(
      v.optional(v.union([identifier(), v.array(identifier())], 'a string or a list of strings')),
      'Identifier of the resource, or a list of them: the aud when a request names none.',
    ),
    scope: described(
      v.optional(scope()),
      'Scope tokens the client may ask for, one space between two; default: all that are declared.',
    ),
    roles: described(v.optional(v.array(text()), []), 'The roles claim of its own tokens; default none.'),
    claims: described(v.optional(freeForm(), {}), 'Extra claims of its access tokens; default none.'),
    access_token: described(
      v.optional(strict(accessTokenKeys(names)), {}),
      "What its access tokens look like; stands above the resource's.",
    ),
    sub: described(
      v.optional(text()),
      'The sub of its own tokens; default: the client_id, or what the dialect shows.',
    ),
  }
}
