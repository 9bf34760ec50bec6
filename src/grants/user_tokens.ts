/** The tokens of a grant that a user made, alike for every way of redeeming it. */
import type { Context } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { every, type Params } from '../protocol/params.ts'
import { issueAccessToken, planAccessToken } from '../tokens/access_token.ts'
import { assertIdTokenIssuable, issueIdToken } from '../tokens/id_token.ts'
import { issueRefreshToken } from '../tokens/refresh_token.ts'
import type { AccessTokenRequest } from '../tokens/request.ts'
import { targetParams, type UserGrant } from '../tokens/user_grant.ts'
import type { Granted, GrantRequest } from './grant.ts'

export interface Redeemed {
  readonly grant: UserGrant
  /** Of the access token: the grant's, or a part of it. */
  readonly scopes: readonly string[]
  readonly grant_type: string
  readonly nonce?: string | undefined
  /** The refresh token to answer with; absent: a new one, where the client may have one. */
  readonly refresh_token?: string | undefined
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse */
export async function userTokens(redeemed: Redeemed, request: GrantRequest, cx: Context): Promise<Granted> {
  const { client } = request
  const { grant, nonce } = redeemed
  cx.exchange.user = grant.login.username
  const access_token = await issueAccessToken(tokenRequest(redeemed, request, cx), cx)
  const id_token = grant.scopes.includes('openid')
    ? await issueIdToken({ client, grant, nonce, access_token: access_token.text }, cx)
    : undefined
  const refreshes = client.grant_types.includes('refresh_token')
  const refresh_token =
    redeemed.refresh_token ?? (refreshes ? await issueRefreshToken(grant, client, cx) : undefined)
  return { access_token, id_token, refresh_token }
}

/**
 * Whether there is anything left that would be refused, before something is used up for it.
 * @throws OAuthError resource.unknown, resource.conflict, client.no_encryption_key
 */
export async function assertIssuable(redeemed: Redeemed, request: GrantRequest, cx: Context): Promise<void> {
  // What is relaxed is noted when the token is issued, not twice.
  planAccessToken(tokenRequest(redeemed, request, cx), { ...cx, exchange: { ...cx.exchange, notes: [] } })
  if (redeemed.grant.scopes.includes('openid')) await assertIdTokenIssuable(request.client, cx)
}

function tokenRequest(
  { grant, scopes, grant_type }: Redeemed,
  { client, proof, params }: GrantRequest,
  cx: Context,
): AccessTokenRequest {
  // As with scopes: some providers grant more where nobody is asked.
  if (cx.tenant.dialect.refreshScope === 'granted' || client.consent) assertGranted(params, grant)
  return { client, proof, grant_type, grant, scopes, params: targetsFor(params, grant) }
}

/** A token request may name some of the granted resources, and no others. @see https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2 */
function assertGranted(params: Params, { targets: { resource = [], audience = [] } }: UserGrant): void {
  const granted = [...resource, ...audience]
  const foreign = [...every(params, 'resource'), ...every(params, 'audience')].find(
    (each) => !granted.includes(each),
  )
  if (foreign === undefined || granted.length === 0) return
  throw new OAuthError(
    'resource.unknown',
    `${shown(foreign)} is not what the user granted, which is ${oneOf(granted)}; ask for it at the authorization endpoint`,
    { detail: { resource: foreign } },
  )
}

/** Those of the request, else those of the grant. */
function targetsFor(params: Params, grant: UserGrant): Params {
  const asks = params.has('resource') || params.has('audience')
  return asks ? params : new Map([...targetParams(grant), ...params])
}
