/** The one place where something signs: a private key of ours, or a secret that we share with a client. */
import { createHmac, type KeyObject, sign as signOnThreadPool } from 'node:crypto'
import { algorithmNamed, fits } from './algorithms.ts'

/**
 * Signs on the thread pool, never on the event loop; the result is the signature as JWS spells it.
 * @see https://www.rfc-editor.org/rfc/rfc7515.html#section-5.1
 */
export function sign(alg: string, privateKey: KeyObject, data: string | Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const algorithm = algorithmNamed(alg)
    // OpenSSL would sign with whatever key it is given.
    if (!fits(algorithm, privateKey))
      throw new TypeError(`a key of type ${privateKey.asymmetricKeyType} cannot sign ${alg}`)
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    signOnThreadPool(algorithm.hash, bytes, { key: privateKey, ...algorithm.signing }, (error, signature) => {
      if (error) reject(error)
      else resolve(signature)
    })
  })
}

const HMAC: ReadonlyMap<string, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
])

/** Every `alg` whose key is a client secret. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.2 */
export const secretAlgs: readonly string[] = [...HMAC.keys()]

/**
 * The HMAC by the UTF-8 octets of a secret. Lenient: a secret shorter than the hash signs too, RFC 7518 §3.2 wants a
 * longer one; secrets in tests are short, and a client library that minds says so.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Signing
 */
export function signWithSecret(alg: string, secret: string, data: string): Buffer {
  const hash = HMAC.get(alg)
  if (hash === undefined) throw new TypeError(`a secret cannot sign ${alg}, only ${secretAlgs.join(', ')}`)
  return createHmac(hash, Buffer.from(secret, 'utf8')).update(data).digest()
}
