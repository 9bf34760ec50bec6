/** How a JWT can be encrypted for a client: names of RFC 7518, in its order. */

/** `alg` values of a JWE. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-4.1 */
export const encryptionAlgs = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'RSA-OAEP-384',
  'RSA-OAEP-512',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
  'dir',
  'A128KW',
  'A192KW',
  'A256KW',
  'A128GCMKW',
  'A192GCMKW',
  'A256GCMKW',
] as const

/** `enc` values of a JWE. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-5.1 */
export const contentEncryptions = [
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
  'A128GCM',
  'A192GCM',
  'A256GCM',
] as const
