import { hash } from 'node:crypto'
import { type ClientConfig, type Context, facts, issuerOf } from '../context.ts'
import { usualAlg } from '../keys/keys.ts'
import { type Json, type Members, membersOf, overlay } from '../protocol/json.ts'
import { claimsFor } from '../users/claims.ts'
import { groupIds } from '../users/groups.ts'
import { rolesAt } from '../users/roles.ts'
import { localSubject, subjectFor } from '../users/subject.ts'
import { userOf } from '../users/user.ts'
import { encryptTo } from './encryption.ts'
import { issueJwt, type TokenDraft } from './jwt.ts'
import { issuersOf } from './token_facts.ts'
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
  const { text } = await issueJwt(planIdToken(request, cx), cx)
  return encrypted(text, request.client, cx)
}

async function encrypted(text: string, client: ClientConfig, cx: Context): Promise<string> {
  const { id_token_encrypted_response_alg: alg, id_token_encrypted_response_enc: enc } = client
  return alg === undefined ? text : encryptTo(client, text, { alg, enc, cty: 'JWT' }, cx)
}

/**
 * Whether the client has the key for an ID token that it registered: tried, because the key may be far away.
 * @throws OAuthError client.no_encryption_key
 */
export async function assertIdTokenIssuable(client: ClientConfig, cx: Context): Promise<void> {
  await encrypted('', client, cx)
}

/** Decides everything about an ID token but its signature. */
export function planIdToken(request: IdTokenRequest, cx: Context): TokenDraft {
  const { client, grant } = request
  const { login, scopes, claims } = grant
  const known = userOf(login, cx)
  const user = { ...known, roles: rolesAt(client, known, cx) }
  const scopeClaims = client.id_token.scope_claims || request.alone === true
  const own = claimsFor('id_token', user, { scopes, claims, scopeClaims }, cx)
  const alg = idTokenAlg(client, cx)
  const iat = cx.tenant.clock.seconds()
  const [lifetime, lifetimeFrom] = lifetimeOf(client, cx)
  const sub = subjectFor(user, client, cx)
  const exp = iat + lifetime
  const standard: Members = [
    ...membersOf({ iss: issuerOf(cx) }, `issuer of tenant ${cx.tenant.name}`),
    ...membersOf({ sub }, `user ${user.username}`),
    ...membersOf({ aud: client.client_id, azp: client.client_id }, 'client'),
    ...membersOf({ exp }, lifetimeFrom),
    ...membersOf({ iat }, 'clock'),
    ...membersOf({ ...loginClaims(grant, client), nonce: request.nonce }, 'login'),
    ...membersOf(hashes(request, alg), 'what comes along'),
    ...membersOf({ sid: login.sid }, 'session'),
  ]
  const told = {
    kind: 'id_token',
    iat,
    exp,
    sub,
    local_sub: localSubject(user, cx.tenant.seed),
    group_ids: () => groupIds(user, cx.tenant.seed),
    issuers: issuersOf(cx),
    client,
    user,
    login,
    scopes,
    wanted: claims.id_token,
    configured: [own],
  }
  return {
    claims: overlay(standard, own),
    typ: 'JWT',
    alg,
    client,
    facts: facts(cx, { ...told, nonce: request.nonce }),
  }
}

/** auth_time is REQUIRED where the client registered or asked for it. @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
function loginClaims(
  { login, claims }: UserGrant,
  { require_auth_time }: ClientConfig,
): Record<string, Json | undefined> {
  const isAsked = require_auth_time || Object.hasOwn(claims.id_token, 'auth_time')
  return { auth_time: isAsked ? login.auth_time : undefined, acr: login.acr, amr: login.amr }
}

function hashes({ access_token, code }: IdTokenRequest, alg: string): Record<string, Json | undefined> {
  return {
    at_hash: access_token && halfHash(access_token, alg),
    c_hash: code && halfHash(code, alg),
  }
}

function lifetimeOf(client: ClientConfig, { tenant }: Context): readonly [number, string] {
  const { lifetime } = client.id_token
  if (lifetime !== undefined) return [lifetime, `id_token.lifetime of client ${client.client_id}`]
  const { config, dialect } = tenant
  const { id_token } = config.lifetimes
  return id_token === undefined
    ? [dialect.lifetimes.id_token, `default of dialect ${dialect.name}`]
    : [id_token, 'lifetimes.id_token']
}

/** RS256 unless the client registered another. @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
export function idTokenAlg(client: ClientConfig, { tenant: { keys } }: Context): string {
  return client.id_token_signed_response_alg ?? usualAlg(keys)
}

/** The left half of the hash that the ID token's algorithm uses. @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken */
function halfHash(text: string, alg: string): string {
  const size = alg === 'EdDSA' ? '512' : (/(256|384|512)$/.exec(alg)?.[1] ?? '256')
  const digest = hash(`sha${size}`, text, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
