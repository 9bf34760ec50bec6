/** Which clients have a secret, and which need a key of their own. */
import type { Registered } from './defaults.ts'

/** Algorithms that encrypt with a public key; the others derive theirs from the secret. @see https://openid.net/specs/openid-connect-core-1_0.html#Encryption */
const ASYMMETRIC = /^(RSA|ECDH)/

/**
 * Whether the client authenticates by a secret, or something is signed or encrypted with it.
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#RegistrationResponse
 */
export function needsSecret(metadata: Registered): boolean {
  const { token_endpoint_auth_method } = metadata
  const signing = [
    metadata.id_token_signed_response_alg,
    metadata.userinfo_signed_response_alg,
    metadata.request_object_signing_alg,
  ]
  return (
    token_endpoint_auth_method.startsWith('client_secret_') ||
    signing.some((alg) => alg?.startsWith('HS')) ||
    encryptionAlgs(metadata).some((alg) => !ASYMMETRIC.test(alg))
  )
}

/** What of the metadata asks for a public key of the client, if anything does. */
export function needsPublicKey(metadata: Registered): string | undefined {
  const { token_endpoint_auth_method: method } = metadata
  if (['private_key_jwt', 'self_signed_tls_client_auth'].includes(method)) return method
  return encryptionAlgs(metadata).find((alg) => ASYMMETRIC.test(alg))
}

function encryptionAlgs(metadata: Registered): string[] {
  const { id_token_encrypted_response_alg: one, userinfo_encrypted_response_alg: other } = metadata
  return [one, other].filter((alg) => alg !== undefined)
}
