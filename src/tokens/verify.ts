import { type Context, findClient, issuerOf } from '../context.ts'
import { because, OAuthError } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import { isRemoved } from '../users/home.ts'
import type { StoredToken } from './access_token.ts'
import { isOwnIssuer, ownClaims } from './own_jwt.ts'
import { findRefreshToken, isUsed, type RefreshToken } from './refresh_token.ts'
import { isRevoked } from './revoked_grant.ts'
import { grantOf, signedId } from './token_grant.ts'
import type { UserGrant } from './user_grant.ts'

/** An access token of this tenant that is live now. */
export interface LiveToken {
  readonly claims: Readonly<Record<string, Json>>
  readonly client_id: string
  readonly format: 'jwt' | 'opaque' | 'refresh'
  /** The id under which the store knows the token, or its revocation. */
  readonly id: string
  /** What a user let the client have, where the token was issued for that. */
  readonly grant?: UserGrant | undefined
}

/** Other JWTs that these keys sign are no access tokens. @see https://www.rfc-editor.org/rfc/rfc8725.html#section-3.11 */
const ACCESS_TOKEN_TYPES: ReadonlySet<unknown> = new Set([undefined, 'at+jwt', 'application/at+jwt', 'JWT'])

/**
 * Finds out whether an access token is this tenant's and live: known or rightly signed, not expired, not revoked.
 * @throws OAuthError token.invalid, token.expired or token.revoked, saying why
 * @see https://www.rfc-editor.org/rfc/rfc9068.html#section-4
 */
export async function verifyAccessToken(text: string, cx: Context): Promise<LiveToken> {
  const live = text.split('.').length === 3 ? await verifyJwt(text, cx) : await findOpaque(text, cx)
  if (live.grant !== undefined && (await isRevoked(live.grant, cx)))
    throw new OAuthError('token.revoked', 'what the token was issued for was revoked, or its user signed out')
  assertUserThere(live.grant, cx)
  await assertClientThere(live, cx)
  return live
}

function assertUserThere(grant: UserGrant | undefined, cx: Context): void {
  if (grant === undefined || !isRemoved(grant.login, cx)) return
  const { username } = grant.login
  throw new OAuthError('token.revoked', `user ${username} of the token is not declared any more`)
}

/** What a client had that is deleted is invalid at once. @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
async function assertClientThere({ client_id, grant }: LiveToken, cx: Context): Promise<void> {
  const { tenant, face } = cx
  const registers = tenant.config.registration.enabled && face.endpoints.registration !== undefined
  // What a client got for itself may say another name, or be that of a machine: of these nobody can tell that one is gone.
  const isTold = grant !== undefined || registers
  if (!isTold && (await tenant.store.get('removed_client', client_id)) === undefined) return
  if ((await findClient(client_id, cx)) !== undefined) return
  throw new OAuthError('token.revoked', 'the client of the token is not registered any more')
}

/**
 * The same for a refresh token, which is live while it can be used.
 * @see https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2
 */
export async function verifyAnyToken(text: string, cx: Context): Promise<LiveToken> {
  const refresh = await findRefreshToken(text, cx)
  return refresh === undefined ? verifyAccessToken(text, cx) : liveRefreshToken(text, refresh, cx)
}

async function liveRefreshToken(
  text: string,
  { grant, expires }: RefreshToken,
  cx: Context,
): Promise<LiveToken> {
  if (expires <= cx.tenant.clock.seconds()) throw new OAuthError('token.expired', 'the refresh token expired')
  if (await isUsed(text, cx))
    throw new OAuthError('token.revoked', 'the refresh token was rotated; it has a successor')
  if (await isRevoked(grant, cx)) throw new OAuthError('token.revoked', 'the refresh token was revoked')
  assertUserThere(grant, cx)
  const { client_id, scopes } = grant
  const claims = {
    iss: issuerOf(cx),
    client_id,
    exp: expires,
    scope: scopes.join(' '),
    username: grant.login.username,
    ...(grant.certificate !== undefined && { cnf: { 'x5t#S256': grant.certificate } }),
  }
  return { claims, client_id, format: 'refresh', id: text, grant }
}

async function findOpaque(text: string, cx: Context): Promise<LiveToken> {
  const stored = (await cx.tenant.store.get('access_token', text)) as StoredToken | undefined
  if (stored === undefined) {
    throw new OAuthError(
      'token.invalid',
      'the opaque token is unknown here: expired, revoked, never issued, or issued before a restart',
    )
  }
  return { ...stored, format: 'opaque', id: text }
}

async function verifyJwt(text: string, cx: Context): Promise<LiveToken> {
  const claims = await verifiedClaims(text, cx)
  const exp = claims['exp']
  // Some providers' access tokens have the typ of ID tokens; these claims tell the two apart.
  const has = (name: string) => Object.hasOwn(claims, name)
  const { marks } = cx.tenant.dialect.accessToken
  if (['nonce', 'at_hash', 'c_hash'].some(has) || (marks.length > 0 && !marks.some(has)))
    throw new OAuthError(
      'token.invalid',
      'the token is an ID token, which is for the client alone; send the access token',
    )
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
  const id = signedId(text)
  if ((await cx.tenant.store.get('revoked_token', id)) !== undefined) {
    throw new OAuthError('token.revoked', 'the token was revoked')
  }
  const grant = await grantOf(id, cx)
  return { claims, client_id: grant?.client_id ?? clientOf(claims), format: 'jwt', id, grant }
}

async function verifiedClaims(text: string, cx: Context): Promise<Readonly<Record<string, Json>>> {
  try {
    return await ownClaims(text, { types: ACCESS_TOKEN_TYPES }, cx)
  } catch (cause) {
    throw because(
      cause,
      'token.invalid',
      `the token is not one of this provider's: ${(cause as Error).message}`,
    )
  }
}

/** Each provider has its own name for the client of a token. */
function clientOf(claims: Readonly<Record<string, Json>>): string {
  for (const name of ['client_id', 'azp', 'appid', 'clientId', 'sub']) {
    const value = claims[name]
    if (typeof value === 'string') return value
  }
  return ''
}
