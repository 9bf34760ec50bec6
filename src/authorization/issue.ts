import type { ClientConfig, Context } from '../context.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { joinSession, type Session } from '../sessions/session.ts'
import { type AccessToken, issueAccessToken } from '../tokens/access_token.ts'
import { issueCode } from '../tokens/code.ts'
import { issueIdToken } from '../tokens/id_token.ts'
import { targetParams, type UserGrant } from '../tokens/user_grant.ts'
import { homeOf } from '../users/home.ts'
import { isForScripts } from './redirect_uri.ts'
import { respond } from './reply.ts'
import type { AuthorizationRequest, SignInRequest } from './request.ts'

/**
 * The successful response: a code, tokens, or with `none` nothing but the state.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#HybridAuthResponse
 */
export async function issue(
  request: AuthorizationRequest,
  { session, client }: { readonly session: Session; readonly client: ClientConfig },
  here: Context,
): Promise<EndpointResponse> {
  const cx = homeOf(session.login, here)
  const grant = grantOf(request, session, cx)
  cx.exchange.user = session.login.username
  await joinSession(session.sid, client.client_id, cx)
  const asks = (type: string) => request.response_types.includes(type)
  const for_script = isForScripts(request.redirect_uri, client, cx)
  const code = asks('code') ? await issueCode({ ...codeOf(request, grant), for_script }, cx) : undefined
  const token = asks('token') ? await issueFrontToken(grant, client, cx) : undefined
  const access_token = token?.text
  const { nonce } = request
  const id_token = asks('id_token')
    ? await issueIdToken(
        { client, grant, nonce, code, access_token, alone: !asks('token') && !asks('code') },
        cx,
      )
    : undefined
  const params = { code, access_token, ...aboutToken(token), id_token }
  return respond(request, { params, login: session.login }, cx)
}

/** What a person lets the client have. */
export function grantOf(
  request: SignInRequest,
  { login }: Pick<Session, 'login'>,
  { tenant }: Context,
): UserGrant {
  const { client_id, scopes, targets } = request
  const claims = withAuthTime(request)
  const offline = scopes.includes('offline_access')
  const flow = tenant.policy
  return { id: tenant.random.token(32), client_id, login, scopes, targets, claims, offline, flow }
}

/** With max_age the ID token MUST have auth_time, as if it were asked for as essential. @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest */
function withAuthTime({ claims, max_age }: SignInRequest): UserGrant['claims'] {
  if (max_age === undefined) return claims
  return { ...claims, id_token: { ...claims.id_token, auth_time: { essential: true } } }
}

function codeOf(request: AuthorizationRequest, grant: UserGrant): Parameters<typeof issueCode>[0] {
  const { redirect_uri, redirect_uri_sent, nonce, challenge } = request
  return { grant, redirect_uri, redirect_uri_sent, nonce, challenge }
}

/** An access token that goes through the browser. @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.2.2 */
function issueFrontToken(grant: UserGrant, client: ClientConfig, cx: Context): Promise<AccessToken> {
  const request = { client, proof: 'none', grant_type: 'implicit', grant, scopes: grant.scopes } as const
  // The certificate of the browser is not that of the client. https://www.rfc-editor.org/rfc/rfc8705.html#section-6.4
  return issueAccessToken({ ...request, confirmation: undefined, params: targetParams(grant) }, cx)
}

function aboutToken(token: AccessToken | undefined): Readonly<Record<string, string | undefined>> {
  if (token === undefined) return {}
  const scope = token.scopes.length === 0 ? undefined : token.scopes.join(' ')
  return { token_type: 'Bearer', expires_in: String(token.expires_in), scope }
}
