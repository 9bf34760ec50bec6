/** Client assertions, right and wrong ones. */
import { randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A header parameter that no provider understands; in crit it MUST make an assertion fail, RFC 7515 §4.1.11. */
export const UNKNOWN_EXTENSION = 'urn:example:unknown'

export interface ClientKey {
  readonly alg: string
  readonly privateKey: CryptoKey
  /** The public half, to be registered. */
  readonly jwk: JWK & { readonly kty: string }
}

export async function makeKey(alg = 'ES256', kid?: string): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }) }
  return { alg, privateKey, jwk: jwk as ClientKey['jwk'] }
}

interface AssertionOf {
  readonly client: string
  readonly aud: string | string[]
  readonly key: CryptoKey | Uint8Array
  readonly alg?: string
  /** Laid over the usual ones; undefined leaves a claim out. */
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
}

const now = () => Math.floor(Date.now() / 1000)

/** Signs an assertion as RFC 7523 §3 has it, changed as asked. */
export async function assertion({
  client,
  aud,
  key,
  alg = 'ES256',
  claims,
  header,
}: AssertionOf): Promise<string> {
  const usual = { iss: client, sub: client, aud, jti: randomUUID(), iat: now(), exp: now() + 60 }
  const defined = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined)
  return await new SignJWT(Object.fromEntries(defined))
    .setProtectedHeader({ alg, ...header })
    .sign(key, { crit: { [UNKNOWN_EXTENSION]: true } })
}

/** The parameters that carry an assertion. */
export function assertionForm(client_assertion: string): Record<string, string> {
  return { grant_type: 'client_credentials', client_assertion_type: ASSERTION_TYPE, client_assertion }
}
