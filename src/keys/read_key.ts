/** Private keys as people write them down: PEM and JWK. */
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { KeyError } from './key_error.ts'

/** A private key from PEM text (PKCS #8, PKCS #1 or SEC 1). @see https://www.rfc-editor.org/rfc/rfc7468.html#section-10 */
export function readPem(pem: string, at: string): KeyObject {
  const labels = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label]) => label ?? '')
  const label = labels.find((found) => found.endsWith('PRIVATE KEY'))
  if (label === undefined) throw new KeyError(notPrivate(labels[0]), { at })
  if (label.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    throw new KeyError(
      'an encrypted private key, expected one without a passphrase; decrypt it with: openssl pkey -in FILE',
      { at },
    )
  }
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new KeyError(`a ${label} in PEM that OpenSSL cannot read (${reason(cause)})`, { at, cause })
  }
}

function notPrivate(label: string | undefined): string {
  const expected = 'expected a private key in PEM (PKCS #8); make one with: openssl genpkey -algorithm RSA'
  if (label === undefined) return `not PEM, ${expected}`
  return `not a private key but a ${label}, ${expected}`
}

/** A private key from a JWK. @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4 */
export function readJwk(jwk: Readonly<Record<string, unknown>>, at: string): KeyObject {
  if (jwk.kty === 'oct')
    throw new KeyError('a symmetric JWK (kty oct), expected the private key of a key pair', { at })
  if (Array.isArray(jwk.keys))
    throw new KeyError('a JWK set, expected one JWK; list each of its keys on its own', { at })
  if (jwk.use !== undefined && jwk.use !== 'sig') {
    throw new KeyError(`a JWK whose use is ${JSON.stringify(jwk.use)}, expected sig: this key is to sign`, {
      at,
    })
  }
  if (jwk.d === undefined)
    throw new KeyError('not a private key: this JWK has no member d, it is the public half', { at })
  try {
    return createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
  } catch (cause) {
    throw new KeyError(`a JWK that cannot be read (${reason(cause)})${advice(jwk)}`, { at, cause })
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6.3.2 */
function advice(jwk: Readonly<Record<string, unknown>>): string {
  const missing = ['n', 'e', 'p', 'q', 'dp', 'dq', 'qi'].filter((name) => jwk[name] === undefined)
  if (jwk.kty === 'RSA' && missing.length > 0) return `; it lacks ${missing.join(', ')}`
  return '; expected kty RSA, EC (P-256, P-384, P-521) or OKP (Ed25519) with all members of the private key'
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
