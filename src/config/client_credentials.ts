import * as v from 'valibot'
import { federatedCredentials } from './federation.ts'
import type { Names } from './names.ts'
import { certificatePem } from './pem.ts'
import { publicJwks } from './public_jwks.ts'
import { httpUrlWithQuery, oneOf, text } from './scalars.ts'
import { described } from './strict.ts'

const SECRET_ALGS = ['HS256', 'HS384', 'HS512']

/** Algorithms of what a client signs with its keys or its secret, or what is signed for it with that secret. */
export function clientAlgs({ signingAlgs }: Names): readonly string[] {
  return [...new Set([...signingAlgs, ...SECRET_ALGS])]
}

/** Secrets and public keys, and how the client authenticates with them. */
export function credentialKeys(names: Names) {
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
      v.optional(oneOf(clientAlgs(names))),
      'The one algorithm of its client assertions; default: any that fits its keys or secret.',
    ),
    jwks: described(
      v.optional(publicJwks()),
      'Public keys of the client: for private_key_jwt and mutual TLS, for its request objects, and to encrypt for it; or jwks_uri, or certificate.',
    ),
    jwks_uri: described(v.optional(httpUrlWithQuery()), 'URL of the public keys of the client; or jwks.'),
    certificate: described(
      v.optional(certificatePem()),
      'The certificate of the client, PEM; its public key is accepted; or certificate_file.',
    ),
    certificate_file: described(v.optional(text()), 'PEM file with the certificate, relative to this file.'),
    federated_credentials: described(
      v.optional(federatedCredentials(), []),
      'Other issuers whose tokens authenticate the client, as workload identity federation has it; default none.',
    ),
  }
}
