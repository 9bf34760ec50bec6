/** The one place where a private key of ours signs. */
import { type KeyObject, sign as signOnThreadPool } from 'node:crypto'
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
