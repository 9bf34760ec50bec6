import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { type Certificate, certify } from './certificate.ts'
import { once } from './once.ts'

/** Public members only. A type and not an interface, so that it is also a plain object of strings. */
export type PublicJwk = {
  readonly kty: string
  readonly use: 'sig'
  readonly alg: string
  readonly kid: string
  readonly n?: string
  readonly e?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly x5c?: readonly string[]
  readonly x5t?: string
  readonly 'x5t#S256'?: string
}

/** A key pair with the one algorithm it signs with. */
export interface SigningKey {
  readonly kid: string
  /** Whether the configuration chose the `kid`; else it is the thumbprint. */
  readonly kidGiven: boolean
  readonly alg: string
  /** @see https://www.rfc-editor.org/rfc/rfc7638.html#section-3 */
  readonly thumbprint: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: PublicJwk
  /** Its self-signed certificate, made on the first call. */
  certificate(): Promise<Certificate>
}

/** A signing key out of its private half; `kid` only where the configuration gives one. */
export async function signingKey(privateKey: KeyObject, alg: string, kid?: string): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey)
  const whole = publicKey.export({ format: 'jwk' })
  const { kty = '', n, e, crv, x, y } = whole
  const own = await calculateJwkThumbprint(whole)
  // Named one by one, so that no private member can ever come along.
  const jwk: PublicJwk = {
    kty,
    use: 'sig',
    alg,
    kid: kid ?? own,
    ...(n !== undefined && { n }),
    ...(e !== undefined && { e }),
    ...(crv !== undefined && { crv }),
    ...(x !== undefined && { x }),
    ...(y !== undefined && { y }),
  }
  const certificate = once(() => certify({ alg, thumbprint: own, privateKey, publicKey }))
  return {
    kid: jwk.kid,
    kidGiven: kid !== undefined,
    alg,
    thumbprint: own,
    privateKey,
    publicKey,
    jwk,
    certificate: certificate.get,
  }
}
