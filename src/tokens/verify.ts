import { createHash } from 'node:crypto'
import { compactVerify, decodeProtectedHeader } from 'jose'
import { type Context, issuerOf } from '../context.ts'
import { because, OAuthError } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { StoredToken } from './access_token.ts'

/** An access token of this tenant that is live now. */
export interface LiveToken {
  readonly claims: Readonly<Record<string, Json>>
  readonly client_id: string
  readonly format: 'jwt' | 'opaque'
  /** The id under which the store knows the token, or its revocation. */
  readonly id: string
}

/** Other JWTs that these keys sign are no access tokens. @see https://www.rfc-editor.org/rfc/rfc8725.html#section-3.11 */
const ACCESS_TOKEN_TYPES = new Set<unknown>([undefined, 'at+jwt', 'application/at+jwt', 'JWT'])

/**
 * Finds out whether an access token is this tenant's and live: known or rightly signed, not expired, not revoked.
 * @throws OAuthError token.invalid, token.expired or token.revoked, saying why
 * @see https://www.rfc-editor.org/rfc/rfc9068.html#section-4
 */
export async function verifyAccessToken(text: string, cx: Context): Promise<LiveToken> {
  return text.split('.').length === 3 ? await verifyJwt(text, cx) : await findOpaque(text, cx)
}

async function findOpaque(text: string, cx: Context): Promise<LiveToken> {
  const stored = (await cx.tenant.store.get('access_token', text)) as StoredToken | undefined
  if (stored === undefined) {
    throw new OAuthError(
      'token.invalid',
      'the opaque token is unknown here: expired, revoked, never issued, or issued before a restart',
    )
  }
  return { claims: stored.claims, client_id: stored.client_id, format: 'opaque', id: text }
}

async function verifyJwt(text: string, cx: Context): Promise<LiveToken> {
  const claims = await verifiedClaims(text, cx)
  const exp = claims['exp']
  if (typeof exp !== 'number') throw new OAuthError('token.invalid', 'the token has no exp')
  const now = cx.tenant.clock.seconds()
  if (exp <= now)
    throw new OAuthError('token.expired', `the token expired at ${exp}, it is ${now} now; get a new one`)
  if (!isOwnIssuer(claims['iss'], cx)) {
    throw new OAuthError(
      'token.invalid',
      `the token was issued by ${String(claims['iss'])}, this is ${issuerOf(cx)}`,
    )
  }
  const id = revocationId(text)
  if ((await cx.tenant.store.get('revoked_token', id)) !== undefined) {
    throw new OAuthError('token.revoked', 'the token was revoked')
  }
  return { claims, client_id: clientOf(claims), format: 'jwt', id }
}

async function verifiedClaims(text: string, cx: Context): Promise<Record<string, Json>> {
  try {
    const header = decodeProtectedHeader(text)
    if (!ACCESS_TOKEN_TYPES.has(header.typ)) throw new Error(`its typ is ${header.typ}, expected at+jwt`)
    const keys = (await cx.tenant.keys.all()).filter(({ alg }) => alg === header.alg)
    for (const key of keys) {
      const verified = await compactVerify(text, key.publicKey).catch(() => undefined)
      if (verified !== undefined)
        return JSON.parse(Buffer.from(verified.payload).toString('utf8')) as Record<string, Json>
    }
    throw new Error('no key of this provider made its signature')
  } catch (cause) {
    throw because(
      cause,
      'token.invalid',
      `the token is not one of this provider's: ${(cause as Error).message}`,
    )
  }
}

/** Tenants may share keys, so the signature alone does not tell whose token it is. */
function isOwnIssuer(iss: Json | undefined, cx: Context): boolean {
  if (typeof iss !== 'string') return false
  const issuers = cx.tenant.dialect.faces.map((face) => issuerOf(cx, face))
  if (issuers.includes(iss)) return true
  if (!URL.canParse(iss)) return false
  const { hostname, pathname } = new URL(iss)
  const anyHost = cx.bases.mode === 'request' || cx.tenant.config.hosts.includes(hostname)
  return anyHost && issuers.some((issuer) => new URL(issuer).pathname === pathname)
}

/** What is signed, not the text: the text of an ECDSA signature can be changed without breaking it. */
function revocationId(text: string): string {
  return createHash('sha256')
    .update(text.slice(0, text.lastIndexOf('.')))
    .digest('base64url')
}

/** Each provider has its own name for the client of a token. */
function clientOf(claims: Readonly<Record<string, Json>>): string {
  for (const name of ['client_id', 'azp', 'appid', 'clientId', 'sub']) {
    const value = claims[name]
    if (typeof value === 'string') return value
  }
  return ''
}
