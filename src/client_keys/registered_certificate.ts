/** Whether a certificate is one that a client registered. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import type { ClientConfig, Context } from '../context.ts'
import { readCertificate } from '../keys/certificate.ts'
import { publicKeyOf, thumbprintOf } from '../keys/peer_certificate.ts'
import { oneOf, shown } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'
import { clientJwks } from './client_jwks.ts'

/** What a client registered, as far as a certificate can be compared with it. */
interface Registered {
  /** For messages. */
  readonly what: string
  isOf(der: Buffer): boolean
}

/**
 * What is expected instead of this certificate; undefined where the client registered it: in a file, as the first of
 * an `x5c`, or only its key.
 * @throws OAuthError of this reason where `jwks_uri` gives no keys
 * @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2.2
 */
export async function otherCertificate(
  der: Buffer,
  client: ClientConfig,
  { reason, cx }: { readonly reason: Reason; readonly cx: Context },
): Promise<string | undefined> {
  const registered = await registeredBy(client, reason, cx)
  if (registered.some(({ isOf }) => isOf(der))) return undefined
  const expected = oneOf(registered.map(({ what }) => what))
  return `it has the SHA-256 thumbprint ${thumbprintOf(der)}, expected ${expected}`
}

async function registeredBy(
  client: ClientConfig,
  reason: Reason,
  cx: Context,
): Promise<readonly Registered[]> {
  if (client.certificate !== undefined) return [certificate(readCertificate(client.certificate).der)]
  const { keys } = (await clientJwks(client, reason, cx)) ?? { keys: [] }
  return keys.map(ofJwk)
}

function ofJwk(jwk: JWK): Registered {
  const first: unknown = Array.isArray(jwk.x5c) ? jwk.x5c[0] : undefined
  return typeof first === 'string' ? certificate(Buffer.from(first, 'base64')) : key(jwk)
}

function certificate(registered: Buffer): Registered {
  return {
    what: thumbprintOf(registered),
    isOf: (der) => registered.equals(der),
  }
}

function key(jwk: JWK): Registered {
  return {
    what: typeof jwk.kid === 'string' ? `the key ${shown(jwk.kid)}` : 'a key without kid',
    isOf(der) {
      const own = publicKeyOf(der)
      return own !== undefined && isSameKey(jwk, own)
    },
  }
}

/** What is no key that OpenSSL reads is not the same. */
function isSameKey(jwk: JWK, own: KeyObject): boolean {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).equals(own)
  } catch {
    return false
  }
}
