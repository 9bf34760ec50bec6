import { hash } from 'node:crypto'
import { type ClientConfig, type Context, facts, issuerOf } from '../context.ts'
import { type Members, membersOf, overlay } from '../protocol/json.ts'
import { claimsFor } from '../users/claims.ts'
import { localSubject, subjectFor } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import { encryptTo } from './encryption.ts'
import { issueJwt, type TokenDraft } from './jwt.ts'
import type { UserGrant } from './user_grant.ts'

export interface IdTokenRequest {
  readonly client: ClientConfig
  readonly grant: UserGrant
  readonly nonce?: string | undefined
  /** What came along with it, to be bound to it by a hash. */
  readonly code?: string | undefined
  readonly access_token?: string | undefined
  /** Whether no access token will ever carry the claims to the client. */
  readonly alone?: boolean
}

/**
 * Who signed in, signed for the client, and encrypted where it registered that.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export async function issueIdToken(request: IdTokenRequest, cx: Context): Promise<string> {
  const { client } = request
  const { text } = await issueJwt(planIdToken(request, cx), cx)
  const { id_token_encrypted_response_alg: alg, id_token_encrypted_response_enc: enc } = client
  return alg === undefined ? text : encryptTo(client, text, { alg, enc, cty: 'JWT' }, cx)
}

/** Decides everything about an ID token but its signature. */
export function planIdToken(request: IdTokenRequest, cx: Context): TokenDraft {
  const { client, grant } = request
  const { login } = grant
  const alg = idTokenAlg(client, cx)
  const user = userOf(login, cx)
  const { clock, config, dialect, id } = cx.tenant
  const iat = clock.seconds()
  const lifetime = client.id_token.lifetime ?? config.lifetimes.id_token ?? dialect.lifetimes.id_token
  const sub = subjectFor(user, client, cx)
  const scopeClaims = client.id_token.scope_claims || request.alone === true
  const own = claimsFor('id_token', user, { scopes: grant.scopes, claims: grant.claims, scopeClaims }, cx)
  const hasAuthTime = client.require_auth_time || Object.hasOwn(grant.claims.id_token, 'auth_time')
  const standard: Members = membersOf({
    iss: issuerOf(cx),
    sub,
    aud: client.client_id,
    azp: client.client_id,
    exp: iat + lifetime,
    iat,
    auth_time: hasAuthTime ? login.auth_time : undefined,
    nonce: request.nonce,
    acr: login.acr,
    amr: login.amr,
    at_hash: request.access_token && halfHash(request.access_token, alg),
    c_hash: request.code && halfHash(request.code, alg),
    sid: login.sid,
  })
  const known = {
    kind: 'id_token',
    iat,
    exp: iat + lifetime,
    sub,
    client,
    local_sub: localSubject(user, id),
    user,
    login,
    scopes: grant.scopes,
    wanted: grant.claims.id_token,
    configured: [own],
  }
  return {
    claims: overlay(standard, own),
    typ: 'JWT',
    alg,
    client,
    facts: facts(cx, { ...known, nonce: request.nonce }),
  }
}

/** RS256 unless the client registered another. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
export function idTokenAlg(client: ClientConfig, { tenant: { keys } }: Context): string {
  const [first = 'RS256'] = keys.algs()
  return client.id_token_signed_response_alg ?? (keys.algs().includes('RS256') ? 'RS256' : first)
}

/** The left half of the hash that the ID token's algorithm uses. @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken */
function halfHash(text: string, alg: string): string {
  const size = alg === 'EdDSA' ? '512' : (/(256|384|512)$/.exec(alg)?.[1] ?? '256')
  const digest = hash(`sha${size}`, text, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
