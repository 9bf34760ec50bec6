import * as v from 'valibot'
import { freeForm } from './free_form.ts'
import type { Names } from './names.ts'
import { PRIVATE_MEMBERS } from './private_members.ts'
import { accessTokenKeys } from './resource.ts'
import { clientId, httpUrlWithQuery, identifier, oneOf, scope, text } from './scalars.ts'
import { addIssue, type Dataset, described, strict } from './strict.ts'

const SECRET_ALGS = ['HS256', 'HS384', 'HS512']

/** Client metadata. @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
export function client(names: Names) {
  return strict({
    client_id: described(clientId(), 'The client identifier: printable ASCII, once per tenant.'),
    client_name: described(
      v.optional(text()),
      'Name for people, shown at the start and by explain; default: none.',
    ),
    ...credentialKeys(names),
    grant_types: described(
      v.optional(v.array(oneOf(names.grants)), ['client_credentials']),
      'Grants the client may use; default [client_credentials].',
    ),
    ...tokenKeys(names),
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

function credentialKeys(names: Names) {
  const assertionAlgs = [...new Set([...names.signingAlgs, ...SECRET_ALGS])]
  return {
    client_secret: described(v.optional(text()), 'The secret; or client_secret_file, or secrets.'),
    client_secret_file: described(
      v.optional(text()),
      'File with the secret, relative to this file; one line end at its end is dropped.',
    ),
    secrets: described(
      v.optional(v.pipe(v.array(text()), v.minLength(1, 'a list that is not empty'))),
      'Several secrets that are all accepted, for rotation.',
    ),
    token_endpoint_auth_method: described(
      v.optional(oneOf(names.clientAuthMethods)),
      'The one way the client authenticates; default: any way that uses its secret.',
    ),
    token_endpoint_auth_signing_alg: described(
      v.optional(oneOf(assertionAlgs)),
      'The one algorithm of its client assertions; default: any that fits its keys or secret.',
    ),
    jwks: described(
      v.optional(
        strict({ keys: described(v.array(publicJwk()), 'The public keys, each a JWK (RFC 7517).') }),
      ),
      'Public keys of the client for private_key_jwt and mutual TLS; or jwks_uri, or certificate_file.',
    ),
    jwks_uri: described(v.optional(httpUrlWithQuery()), 'URL of the public keys of the client; or jwks.'),
    certificate_file: described(
      v.optional(text()),
      'PEM file with the certificate of the client, relative to this file; its public key is accepted.',
    ),
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

function publicJwk(): ReturnType<typeof freeForm> {
  const any = freeForm()
  const run = (dataset: Dataset, config: v.Config<v.BaseIssue<unknown>>): Dataset => {
    const result = any['~run']({ value: dataset.value }, config) as Dataset
    if (!result.typed) return result
    const jwk = result.value as Record<string, unknown>
    for (const member of PRIVATE_MEMBERS) {
      if (!Object.hasOwn(jwk, member)) continue
      const message = `${member} is a private member of a key: give the public key only`
      addIssue(result, { type: 'refused_key', message, input: undefined, keys: [member] })
    }
    if (typeof jwk['kty'] === 'string') return result
    addIssue(result, {
      type: 'refused',
      message: 'a JWK needs the member kty',
      input: undefined,
      keys: ['kty'],
    })
    return result
  }
  return { ...any, '~run': run } as unknown as ReturnType<typeof freeForm>
}
