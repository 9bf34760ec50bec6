/** JWTs that come back: whether this tenant made them. */

import { compactVerify, decodeProtectedHeader } from 'jose'
import { verifiesWithSecret } from '../client_keys/verify.ts'
import { type ClientConfig, type Context, issuerOf, type Tenant } from '../context.ts'
import { secretAlgs } from '../keys/sign.ts'
import { because } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { Reason } from '../protocol/reasons.ts'
import { urlOf } from '../protocol/url.ts'

type Claims = Readonly<Record<string, Json>>

/** Access tokens and logout tokens have types of their own. @see https://www.rfc-editor.org/rfc/rfc8725.html#section-3.11 */
const ID_TOKEN_TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT'])

interface Expected {
  /** The parameter that it came in. */
  readonly name: string
  readonly reason: Reason
  /** Whose secret can have signed it; without it only the provider's keys. */
  readonly client?: ClientConfig | undefined
}

/**
 * The claims of an ID token of this tenant. It may have expired: a hint says who, not that it is so now.
 * @throws OAuthError of the expected reason, saying why
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export async function verifyOwnJwt(
  text: string,
  { name, reason, client }: Expected,
  cx: Context,
): Promise<Claims> {
  try {
    if (text.split('.').length === 5)
      throw new Error('it is encrypted; send the signed JWT that is inside it')
    const claims = await ownClaims(text, { types: ID_TOKEN_TYPES, client }, cx)
    if (isOwnIssuer(claims['iss'], cx)) return claims
    throw new Error(`it was issued by ${String(claims['iss'])}, this is ${issuerOf(cx)}`)
  } catch (cause) {
    throw because(
      cause,
      reason,
      `${name} is not an ID token of this provider: ${(cause as Error).message}; send one as it was issued, or leave ${name} out`,
    )
  }
}

/**
 * The claims of a JWT that the tenant's keys, or the client's secret, signed.
 * @throws Error saying why it is not one
 * @see https://www.rfc-editor.org/rfc/rfc7519.html#section-7.2
 */
export async function ownClaims(
  text: string,
  { types, client }: { readonly types: ReadonlySet<unknown>; readonly client?: ClientConfig | undefined },
  cx: Context,
): Promise<Claims> {
  const { alg, typ } = decodeProtectedHeader(text)
  if (!types.has(typ))
    throw new Error(`its typ is ${typ}, expected ${[...types].filter(Boolean).join(' or ')}`)
  if (!(await isOwn(text, { alg, client }, cx))) throw new Error(unverified(alg, client))
  const claims: unknown = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString('utf8'))
  if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as Claims
  throw new Error('its payload is not a JSON object')
}

async function isOwn(
  text: string,
  { alg, client }: { readonly alg: string | undefined; readonly client: ClientConfig | undefined },
  cx: Context,
): Promise<boolean> {
  if (client !== undefined && secretAlgs.includes(alg ?? '')) return verifiesWithSecret(text, client)
  // The key decides about the algorithm: one of ours verifies only what it signs itself.
  const keys = (await cx.tenant.keys.all()).filter((key) => key.alg === alg)
  for (const { publicKey } of keys) {
    if (await compactVerify(text, publicKey).catch(() => undefined)) return true
  }
  return false
}

function unverified(alg: string | undefined, client: ClientConfig | undefined): string {
  if (alg === 'none') return 'it is not signed (alg none), so anybody can have made it'
  if (!secretAlgs.includes(alg ?? '')) return 'no key of this provider made its signature'
  return client === undefined
    ? `${alg} signs with the secret of a client, and no client is known here`
    : `the secret of client ${client.client_id} did not make its ${alg} signature`
}

/** Tenants may share keys, so the signature alone does not tell whose token it is. */
export function isOwnIssuer(iss: unknown, cx: Context): boolean {
  if (typeof iss !== 'string') return false
  return cx.tenant.homes === undefined ? isIssuer(iss, cx) : homeIssuing(iss, cx) !== undefined
}

/** At an address of several tenants the one that an issuer is. */
export function homeIssuing(iss: unknown, cx: Context): Tenant | undefined {
  const { homes } = cx.tenant
  if (typeof iss !== 'string' || homes === undefined) return undefined
  return [...homes.values()].find((tenant) => isIssuer(iss, { ...cx, tenant, mount: tenant.path }))
}

function isIssuer(iss: string, cx: Context): boolean {
  const issuers = cx.tenant.dialect.faces.map((face) => issuerOf(cx, face))
  if (issuers.includes(iss)) return true
  const url = urlOf(iss)
  if (url === undefined) return false
  const { hostname, pathname } = url
  // Where the host chose the tenant, other hosts are other tenants.
  const byHost = cx.mount === '' && cx.tenant.path !== ''
  const anyHost = (cx.bases.mode === 'request' && !byHost) || cx.tenant.config.hosts.includes(hostname)
  return anyHost && issuers.some((issuer) => new URL(issuer).pathname === pathname)
}
