import { type ClientConfig, type Context, enforce } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { parseScope } from '../protocol/scope.ts'
import { findRefreshToken, type RefreshToken, useRefreshToken } from '../tokens/refresh_token.ts'
import { isRevoked, revokeGrant } from '../tokens/revoked_grant.ts'
import { userScope } from '../tokens/scope.ts'
import type { UserGrant } from '../tokens/user_grant.ts'
import { assertHome } from '../users/home.ts'
import type { Grant, GrantRequest } from './grant.ts'
import { assertOrigin } from './origin.ts'
import { requiredParam } from './required.ts'
import { assertIssuable, userTokens } from './user_tokens.ts'

/**
 * New tokens for a refresh token, which is replaced unless the client is configured otherwise. The ID token has no nonce.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-6
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens
 */
export const refreshToken: Grant = {
  grant_type: 'refresh_token',
  async exchange(request, cx) {
    const { client, params } = request
    const text = requiredParam('refresh_token', params)
    const found = await findRefreshToken(text, cx)
    assertOwn(found, client)
    assertHome(found.grant, 'refresh_token.other_tenant', cx)
    assertCertificate(found.grant, request, cx)
    assertOrigin(found.grant.refresh_until !== undefined, request, cx)
    const scopes = narrowed(params, { client, grant: found.grant }, cx)
    await assertLive(found, cx)
    const { rotate } = client.refresh_token
    const kept = rotate === false ? text : undefined
    const redeemed = { grant: found.grant, scopes, grant_type: 'refresh_token', refresh_token: kept }
    await assertIssuable(redeemed, request, cx)
    if (rotate ?? cx.tenant.dialect.refreshTokens === 'used once') await assertFirstUse(text, found, cx)
    return userTokens(redeemed, request, cx)
  },
}

function assertOwn(
  found: RefreshToken | undefined,
  { client_id }: ClientConfig,
): asserts found is RefreshToken {
  if (found === undefined)
    throw new OAuthError(
      'refresh_token.unknown',
      'the refresh token is unknown here: mistyped, never issued, long expired, or issued before a restart',
    )
  // MUST be bound to the client that it was issued to, §6 and §10.4.
  if (found.grant.client_id === client_id) return
  throw new OAuthError(
    'refresh_token.other_client',
    `the refresh token was issued to client ${found.grant.client_id}, not to ${client_id}`,
  )
}

/** @see https://www.rfc-editor.org/rfc/rfc8705.html#section-4 */
function assertCertificate({ certificate }: UserGrant, { confirmation }: GrantRequest, cx: Context): void {
  const came = confirmation?.['x5t#S256']
  if (certificate === undefined || certificate === came) return
  const error = new OAuthError(
    'refresh_token.other_certificate',
    `the refresh token is bound to the certificate with the SHA-256 thumbprint ${certificate}, ${came ?? 'none'} came; connect with that, or sign in again`,
  )
  enforce('client_certificate', error, cx)
}

/** MUST NOT include any scope that the user did not grant, §6; some providers grant more where nobody is asked. */
function narrowed(
  params: Params,
  { client, grant: { scopes } }: { readonly client: ClientConfig; readonly grant: UserGrant },
  cx: Context,
): readonly string[] {
  const asked = first(params, 'scope')
  const tokens = parseScope(asked)
  if (asked === undefined || tokens.length === 0) return scopes
  const foreign = tokens.find((scope) => !scopes.includes(scope))
  if (foreign === undefined) return tokens
  if (cx.tenant.dialect.refreshScope === 'allowed' && !client.consent) return userScope(asked, client, cx)
  throw new OAuthError(
    'scope.invalid',
    `scope ${shown(foreign)} was not granted; granted: ${oneOf(scopes)}. Ask for it at the authorization endpoint`,
    {
      detail: { scope: asked },
    },
  )
}

async function assertLive({ grant, expires }: RefreshToken, cx: Context): Promise<void> {
  const now = cx.tenant.clock.seconds()
  if (expires <= now && expires === grant.refresh_until)
    throw new OAuthError(
      'refresh_token.final',
      `the login of a script ended ${now - expires} s ago, and no use of its refresh tokens prolongs it; sign in again`,
    )
  if (expires <= now)
    throw new OAuthError(
      'refresh_token.unknown',
      `the refresh token expired ${now - expires} s ago; sign in again, or set lifetimes.refresh_token`,
    )
  if (!(await isRevoked(grant, cx))) return
  throw new OAuthError(
    'refresh_token.revoked',
    'the refresh token was revoked, or its user signed out; sign in again, or ask for offline_access',
  )
}

/** A second use means that two hold the token: nobody can tell who stole it. @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2 */
async function assertFirstUse(text: string, found: RefreshToken, cx: Context): Promise<void> {
  if (await useRefreshToken(text, found, cx)) return
  const reused = new OAuthError(
    'refresh_token.reused',
    'the refresh token was used before and has a successor; all tokens of this login are revoked now. Keep the newest refresh token, and refresh once at a time',
  )
  try {
    enforce('refresh_token_reuse', reused, cx)
  } catch (refusal) {
    await revokeGrant(found.grant, cx)
    throw refusal
  }
}
