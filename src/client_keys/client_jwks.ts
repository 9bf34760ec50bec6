import type { JSONWebKeySet } from 'jose'
import type { ClientConfig, Context } from '../context.ts'
import { OutboundError } from '../outbound.ts'
import { because } from '../protocol/errors.ts'
import type { Reason } from '../protocol/reasons.ts'

/**
 * The JWK Set of a client; undefined where it registered none. What is behind `jwks_uri` is fetched at each use, so
 * that a client that rotates its keys is understood at once.
 * @throws OAuthError of this reason where `jwks_uri` gives no keys
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys
 */
export async function clientJwks(
  { jwks, jwks_uri }: Pick<ClientConfig, 'jwks' | 'jwks_uri'>,
  reason: Reason,
  cx: Context,
): Promise<JSONWebKeySet | undefined> {
  if (jwks !== undefined) return jwks as unknown as JSONWebKeySet
  if (jwks_uri === undefined) return undefined
  try {
    const fetched = JSON.parse(await cx.tenant.outbound.fetchText(jwks_uri)) as Partial<JSONWebKeySet> | null
    if (!Array.isArray(fetched?.keys)) throw new OutboundError(`${jwks_uri}: no keys member; expected a JWKS`)
    return { keys: fetched.keys.filter((key) => typeof key === 'object' && key !== null) }
  } catch (cause) {
    throw because(cause, reason, `jwks_uri gave no keys: ${(cause as Error).message}`)
  }
}
