/** The public side of the keys: the JWK Set document. */
import type { KeySet } from './keys.ts'
import type { PublicJwk, SigningKey } from './signing_key.ts'

/** How a dialect shows keys: with a certificate or without, named by themselves or by their certificate. */
export interface KeyFace {
  readonly certificate: boolean
  readonly kid: 'own' | 'x5t'
}

/** The `kid` under which a key is shown; one that the configuration chose stays. */
export async function kidOf(key: SigningKey, face: KeyFace): Promise<string> {
  return face.kid === 'own' || key.kidGiven ? key.kid : (await key.certificate()).x5t
}

/** The public members of a key, with its certificate where the dialect shows one. */
export async function publicJwk(key: SigningKey, face: KeyFace): Promise<PublicJwk> {
  const jwk = { ...key.jwk, kid: await kidOf(key, face) }
  if (!face.certificate) return jwk
  const { x5c, x5t, 'x5t#S256': x5tS256 } = await key.certificate()
  return { ...jwk, x5c, x5t, 'x5t#S256': x5tS256 }
}

/** The JWK Set of the active and published keys. @see https://www.rfc-editor.org/rfc/rfc7517.html#section-5 */
export async function jwks(keys: KeySet, face: KeyFace): Promise<{ readonly keys: readonly PublicJwk[] }> {
  const published = await keys.published()
  return { keys: await Promise.all(published.map((key) => publicJwk(key, face))) }
}
