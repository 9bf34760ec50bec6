/** The tokens of a grant that a user made, alike for every way of redeeming it. */
import type { Context } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { every, type Params } from '../protocol/params.ts'
import { issueAccessToken, planAccessToken } from '../tokens/access_token.ts'
import { assertIdTokenIssuable, issueIdToken } from '../tokens/id_token.ts'
import { issueRefreshToken } from '../tokens/refresh_token.ts'
import type { AccessTokenRequest } from '../tokens/request.ts'
import { targetParams, type UserGrant } from '../tokens/user_grant.ts'
import { homeOf } from '../users/home.ts'
import { barredBy, removedSince, unassignedTo, unproved } from '../users/status.ts'
import { userOf } from '../users/user.ts'
import type { Granted, GrantRequest } from './grant.ts'

export interface Redeemed {
  readonly grant: UserGrant
  /** Of the access token: the grant's, or a part of it. */
  readonly scopes: readonly string[]
  readonly grant_type: string
  readonly nonce?: string | undefined
  /** The refresh token to answer with; absent: a new one, where the client may have one. */
  readonly refresh_token?: string | undefined
  /** Whether it comes without ID token and refresh token. */
  readonly alone?: boolean
}

/** @see https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse */
export async function userTokens(redeemed: Redeemed, request: GrantRequest, here: Context): Promise<Granted> {
  const { client } = request
  const { grant, nonce } = redeemed
  const cx = homeOf(grant.login, here)
  cx.exchange.user = grant.login.username
  const access_token = await issueAccessToken(tokenRequest(redeemed, request, cx), cx)
  if (redeemed.alone === true) return { access_token }
  const id_token = grant.scopes.includes('openid')
    ? await issueIdToken({ client, grant, nonce, access_token: access_token.text }, cx)
    : undefined
  const refreshes = client.grant_types.includes('refresh_token')
  const refresh_token =
    redeemed.refresh_token ??
    (refreshes ? await issueRefreshToken(held(grant, request), client, cx) : undefined)
  return { access_token, id_token, refresh_token }
}

/** Nothing else proves that a refresh token is in the hands of its public client, RFC 8705 §4. */
function held(grant: UserGrant, { isPublic, confirmation }: GrantRequest): UserGrant {
  return isPublic && confirmation ? { ...grant, certificate: confirmation['x5t#S256'] } : grant
}

/**
 * Whether there is anything left that would be refused, before something is used up for it.
 * @throws OAuthError resource.unknown, resource.conflict, client.no_encryption_key
 */
export async function assertIssuable(
  redeemed: Redeemed,
  request: GrantRequest,
  here: Context,
): Promise<void> {
  const cx = homeOf(redeemed.grant.login, here)
  // What is relaxed is noted when the token is issued, not twice.
  planAccessToken(tokenRequest(redeemed, request, cx), { ...cx, exchange: { ...cx.exchange, notes: [] } })
  const { alone = false, grant } = redeemed
  if (grant.scopes.includes('openid') && !alone) await assertIdTokenIssuable(request.client, cx)
}

function tokenRequest(
  { grant, scopes, grant_type }: Redeemed,
  { client, proof, params, confirmation }: GrantRequest,
  cx: Context,
): AccessTokenRequest {
  assertFit({ login: grant.login, grant_type }, client, cx)
  // As with scopes: some providers grant more where nobody is asked.
  if (cx.tenant.dialect.refreshScope === 'granted' || client.consent) assertGranted(params, grant)
  return { client, proof, confirmation, grant_type, grant, scopes, params: targetsFor(params, grant) }
}

/** Whom a person at a page made these tokens for has just proved all that it takes. */
const AT_A_PAGE = ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code']

/** @throws OAuthError user.* */
function assertFit(
  { login, grant_type }: Pick<UserGrant, 'login'> & Pick<Redeemed, 'grant_type'>,
  client: GrantRequest['client'],
  cx: Context,
): void {
  const user = userOf(login, cx)
  const missing = AT_A_PAGE.includes(grant_type) ? undefined : unproved(user, login)
  const refusal = removedSince(login, cx) ?? barredBy(user) ?? unassignedTo(client, user, cx) ?? missing
  if (refusal !== undefined) throw refusal
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
