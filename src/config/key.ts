import * as v from 'valibot'
import { freeForm } from './free_form.ts'
import type { Names } from './names.ts'
import { oneOf, text } from './scalars.ts'
import { described, strict } from './strict.ts'

/** A signing key: generated (`alg` alone), from a file, or given as a JWK. */
export function key(names: Names) {
  return strict({
    alg: described(
      v.optional(oneOf(names.signingAlgs)),
      'Algorithm the key signs with; alone it generates a key, next to file or jwk it is optional.',
    ),
    file: described(
      v.optional(text()),
      'File with a private key, PEM (PKCS #8) or JWK, relative to this file; instead of jwk.',
    ),
    jwk: described(v.optional(freeForm()), 'Private key as a JWK (RFC 7517); instead of file.'),
    kid: described(
      v.optional(text()),
      'Key id in the JWKS and in token headers; default: its RFC 7638 thumbprint.',
    ),
    status: described(
      v.optional(oneOf(['active', 'published', 'hidden']), 'active'),
      'active: signs and is in the JWKS. published: only in the JWKS. hidden: in neither. Default active.',
    ),
  })
}
