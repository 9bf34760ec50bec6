import type { ClientConfig, Context } from '../context.ts'
import { type Json, type Members, membersOf, objectOf, overlay } from '../protocol/json.ts'
import { first } from '../protocol/params.ts'
import { parseScope } from '../protocol/scope.ts'
import type { Login } from '../users/login.ts'
import { userOf } from '../users/user.ts'
import { resolveAudience } from './audience.ts'
import { bendClaims, issueJwt, noteIssued, type TokenDraft } from './jwt.ts'
import type { AccessTokenRequest } from './request.ts'
import { grantScope, scopeFor } from './scope.ts'
import { type Settings, settingsFor } from './settings.ts'
import { tokenFacts } from './token_facts.ts'
import { rememberGrant } from './token_grant.ts'
import type { UserGrant } from './user_grant.ts'

export interface AccessToken {
  readonly text: string
  readonly scopes: readonly string[]
  readonly expires_in: number
  readonly facts: Readonly<Record<string, unknown>>
  readonly claims: Members
}

/** An opaque token's content, as the store keeps it. */
export interface StoredToken {
  readonly claims: Readonly<Record<string, Json>>
  readonly client_id: string
  readonly grant?: UserGrant | undefined
}

/**
 * Issues an access token to a client, on its own behalf or a user's.
 * @see https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2
 */
export async function issueAccessToken(request: AccessTokenRequest, cx: Context): Promise<AccessToken> {
  const plan = planAccessToken(request, cx)
  const { draft, settings } = plan
  const common = { scopes: plan.scopes, expires_in: settings.lifetime, facts: draft.facts }
  const expires = cx.tenant.clock.seconds() + settings.lifetime
  if (settings.format === 'jwt') {
    const signed = await issueJwt(draft, cx)
    if (request.grant !== undefined) await rememberGrant(signed.text, { grant: request.grant, expires }, cx)
    return { ...common, ...signed }
  }
  const claims = bendClaims(draft, cx)
  const text = opaqueText(cx)
  const stored: StoredToken = {
    claims: objectOf(claims),
    client_id: request.client.client_id,
    grant: request.grant,
  }
  await cx.tenant.store.add('access_token', text, stored, expires)
  noteIssued({ typ: 'opaque', header: [], claims }, cx)
  return { ...common, text, claims }
}

function opaqueText({ tenant }: Context): string {
  const { alphabet, length } = tenant.dialect.accessToken.opaque
  return alphabet === 'base64url' ? tenant.random.token(length) : tenant.random.alphanumeric(length)
}

export interface AccessTokenPlan {
  readonly draft: TokenDraft
  readonly scopes: readonly string[]
  readonly settings: Settings
}

/** Decides everything about a token but its signature: `explain` shows just this. */
export function planAccessToken(request: AccessTokenRequest, cx: Context): AccessTokenPlan {
  const { client, params, over } = request
  const granted =
    over?.scope === undefined
      ? (request.scopes ?? grantScope(first(params, 'scope'), client, cx))
      : parseScope(over.scope)
  const audience = resolveAudience(params, granted, holderOf(request, cx), cx)
  const scopes = scopeFor(audience.resources, granted, cx)
  const settings = settingsFor(request, audience, cx)
  const known = { ...tokenFacts(request, { audience, scopes, settings }, cx) }
  const claims = overlay(standardClaims(known), ...(known['configured'] as readonly Members[]))
  return { scopes, settings, draft: { claims, typ: 'at+jwt', alg: settings.alg, facts: known } }
}

/** The client, with the roles of the user whom the token is about: their owners can be its audience. */
function holderOf({ client, grant }: AccessTokenRequest, cx: Context): ClientConfig {
  if (grant === undefined || cx.tenant.dialect.defaultAudience !== 'role owners') return client
  return { ...client, roles: userOf(grant.login, cx).roles }
}

function loginClaims(login: Login | undefined): Record<string, Json | undefined> {
  return login === undefined ? {} : { auth_time: login.auth_time, acr: login.acr, amr: login.amr }
}

/** @see https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2 */
function standardClaims(known: Readonly<Record<string, unknown>>): Members {
  const origins = known['origins'] as Readonly<Record<string, string>>
  const aud = known['aud'] as readonly string[]
  const roles = known['roles'] as readonly string[]
  const client = known['client'] as { client_id: string }
  return [
    ...membersOf({ iss: known['issuer'] as string }, origins['issuer']),
    ...membersOf({ sub: known['sub'] as string }, origins['sub']),
    ...membersOf({ aud: aud.length === 1 ? (aud[0] as string) : aud }, origins['aud']),
    ...membersOf({ client_id: client.client_id }, 'client'),
    ...membersOf({ iat: known['iat'] as number }, 'clock'),
    ...membersOf({ exp: known['exp'] as number }, origins['exp']),
    ...membersOf({ jti: known['jti'] as string }, 'random'),
    ...membersOf({ scope: known['scope'] as string | undefined }, origins['scope']),
    // RFC 9068 §2.2.1: how the user signed in.
    ...membersOf(loginClaims(known['login'] as Login | undefined), 'login'),
    // RFC 9068 §2.2.3.1: roles as RFC 7643 has them.
    ...membersOf({ roles: roles.length === 0 ? undefined : roles }, origins['roles']),
  ]
}
