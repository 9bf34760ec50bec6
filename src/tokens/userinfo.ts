import { type ClientConfig, type Context, facts, issuerOf } from '../context.ts'
import { NO_CLAIMS } from '../protocol/claims_request.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type Members, membersOf, overlay, stringify } from '../protocol/json.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { parseScope } from '../protocol/scope.ts'
import { claimsFor } from '../users/claims.ts'
import { userOf } from '../users/user.ts'
import { encryptTo } from './encryption.ts'
import { issueJwt } from './jwt.ts'
import type { LiveToken } from './verify.ts'

/**
 * What the token lets its client know of the user: the claims of its scopes and of the claims parameter. Of a client's
 * own token that is the `sub`.
 * @throws OAuthError scope.insufficient
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse
 */
export async function aboutSubject({ claims, grant }: LiveToken, cx: Context): Promise<Members> {
  const sub = membersOf({ sub: claims['sub'] })
  const user =
    grant === undefined ? cx.tenant.registry.subjects.get(String(claims['sub'])) : userOf(grant.login, cx)
  if (user === undefined) return sub
  const scopes = scopesOf(claims['scope'] ?? claims['scp']) ?? grant?.scopes ?? []
  // An access token for an API is none for this endpoint, unless it was asked for with openid, §5.3.1.
  if (!scopes.includes('openid'))
    throw new OAuthError(
      'scope.insufficient',
      `the access token has the scope ${scopes.join(' ') || '(none)'}, userinfo needs openid; ask for it when the user signs in`,
    )
  const release = { scopes, claims: grant?.claims ?? NO_CLAIMS, scopeClaims: true }
  return overlay(sub, claimsFor('userinfo', user, release, cx))
}

function scopesOf(claim: unknown): readonly string[] | undefined {
  return typeof claim === 'string' ? parseScope(claim) : undefined
}

/** The answer as the client registered it: JSON, signed, encrypted, or both. @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse */
export async function protectedFor(
  client: ClientConfig | undefined,
  plain: EndpointResponse,
  cx: Context,
): Promise<EndpointResponse> {
  const { userinfo_signed_response_alg: signing, userinfo_encrypted_response_alg: alg } = client ?? {}
  if (client === undefined || (signing === undefined && alg === undefined)) return plain
  const body = plain.body as Members
  const text = signing === undefined ? stringify(body) : await signed(body, { client, alg: signing }, cx)
  const { userinfo_encrypted_response_enc: enc } = client
  const cty = signing === undefined ? undefined : 'JWT'
  const wrapped = alg === undefined ? text : await encryptTo(client, text, { alg, enc, cty }, cx)
  return { ...plain, headers: { ...plain.headers, 'content-type': 'application/jwt' }, body: wrapped }
}

async function signed(
  body: Members,
  { client, alg }: { readonly client: ClientConfig; readonly alg: string },
  cx: Context,
): Promise<string> {
  const claims = overlay(membersOf({ iss: issuerOf(cx), aud: client.client_id }), body)
  return (await issueJwt({ claims, typ: 'JWT', alg, client, facts: facts(cx, { kind: 'userinfo' }) }, cx))
    .text
}
