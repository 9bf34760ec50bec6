/** Finds the key that a client can decrypt with: one of its public keys, or one derived from its secret. */
import { createHash } from 'node:crypto'
import { type CryptoKey, importJWK, type JWK } from 'jose'
import type { ClientConfig, Context } from '../context.ts'
import { readCertificate } from '../keys/certificate.ts'
import { OAuthError } from '../protocol/errors.ts'
import { clientJwks } from './client_jwks.ts'

export interface EncryptionKey {
  readonly key: CryptoKey | Uint8Array
  /** The client's own name for the key. */
  readonly kid?: string
}

const NO_KEY = 'client.no_encryption_key'

/** How long a key is that comes out of a secret; of `dir` it is the content encryption's own. */
const WRAPPING_BITS: Readonly<Record<string, number>> = {
  A128KW: 128,
  A192KW: 192,
  A256KW: 256,
  A128GCMKW: 128,
  A192GCMKW: 192,
  A256GCMKW: 256,
}
const DIRECT_BITS: Readonly<Record<string, number>> = {
  'A128CBC-HS256': 256,
  'A192CBC-HS384': 384,
  'A256CBC-HS512': 512,
  A128GCM: 128,
  A192GCM: 192,
  A256GCM: 256,
}

const RSA_KEYS = 'an RSA key of 2048 bits or more'
const ECDH_KEYS = 'an EC key on P-256, P-384 or P-521, or an X25519 key'
const ECDH_CURVES: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'X25519']

/**
 * The key of a client for this `alg`.
 * @throws OAuthError client.no_encryption_key
 * @see https://openid.net/specs/openid-connect-core-1_0.html#Encryption
 */
export async function encryptionKey(
  client: ClientConfig,
  { alg, enc }: { readonly alg: string; readonly enc: string },
  cx: Context,
): Promise<EncryptionKey> {
  const bits = alg === 'dir' ? DIRECT_BITS[enc] : WRAPPING_BITS[alg]
  return bits === undefined ? await publicKey(client, alg, cx) : { key: secretKey(client, alg, bits) }
}

/** The left-most bits of the smallest SHA-2 hash of the secret that is long enough, OpenID Connect Core §10.2. */
function secretKey({ client_id, secrets }: ClientConfig, alg: string, bits: number): Uint8Array {
  const [secret] = secrets
  if (secret === undefined) {
    throw new OAuthError(
      NO_KEY,
      `client ${client_id} has no secret to derive a key for ${alg} from; register client_secret, or an alg for a key pair`,
      { detail: { client_id } },
    )
  }
  const hash = bits <= 256 ? 'sha256' : `sha${bits}`
  return createHash(hash)
    .update(secret, 'utf8')
    .digest()
    .subarray(0, bits / 8)
}

async function publicKey(client: ClientConfig, alg: string, cx: Context): Promise<EncryptionKey> {
  const keys = await publicKeys(client, cx)
  // A key that says it is for encryption goes before one that says nothing.
  const fitting = keys.filter((key) => fits(key, alg)).sort((one, other) => rank(one) - rank(other))
  for (const { kid, kty = '', n, e, crv, x, y } of fitting) {
    const key = await importJWK(pick({ kty, n, e, crv, x, y }), alg).catch(() => undefined)
    if (key !== undefined) return typeof kid === 'string' ? { key, kid } : { key }
  }
  throw new OAuthError(
    NO_KEY,
    `no key of client ${client.client_id} fits ${alg}, expected ${alg.startsWith('RSA') ? RSA_KEYS : ECDH_KEYS} that is not for signatures only; registered: ${described(keys)}; add one to its jwks with use enc`,
    { detail: { client_id: client.client_id } },
  )
}

async function publicKeys(client: ClientConfig, cx: Context): Promise<readonly JWK[]> {
  if (client.certificate !== undefined)
    return [readCertificate(client.certificate).publicKey.export({ format: 'jwk' }) as JWK]
  return (await clientJwks(client, NO_KEY, cx))?.keys ?? []
}

function fits({ kty, crv, use, alg: own, key_ops }: JWK, alg: string): boolean {
  const typeFits = alg.startsWith('RSA') ? kty === 'RSA' : ECDH_CURVES.includes(crv)
  const signs = Array.isArray(key_ops) && key_ops.some((operation) => ['sign', 'verify'].includes(operation))
  return typeFits && use !== 'sig' && !signs && (own === undefined || own === alg)
}

function rank({ use }: JWK): number {
  return use === 'enc' ? 0 : 1
}

/** Public members only, whatever the client registered, and nothing that restricts their use further. */
function pick(members: Readonly<Record<string, string | undefined>>): JWK {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function described(keys: readonly JWK[]): string {
  const each = keys.map(({ kid = '(no kid)', kty, crv, use, alg }) => {
    const about = [kty, crv, use, alg].filter((word) => word !== undefined)
    return `${kid} (${about.join(' ')})`
  })
  return each.length === 0 ? 'none' : each.join(', ')
}
