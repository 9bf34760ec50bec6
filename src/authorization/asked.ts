import type { ClientConfig, Context } from '../context.ts'
import { NO_CLAIMS, parseClaims } from '../protocol/claims_request.ts'
import { first, type Params } from '../protocol/params.ts'
import { resolveAudience } from '../tokens/audience.ts'
import { assertAcr, assertMaxAge, assertScope, targetsOf, wantedAcr } from './checks.ts'
import type { SignInRequest } from './request.ts'

/**
 * What is asked of a person, checked, whatever endpoint it came to.
 * @throws OAuthError for the client to hear
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export function askedOf(
  params: Params,
  { client, types }: { readonly client: ClientConfig; readonly types: readonly string[] },
  cx: Context,
): Omit<SignInRequest, 'prompt' | 'hinted_sub' | 'hinted_home'> {
  const scopes = assertScope(params, { client, types }, cx)
  const claims = scopes.includes('openid') ? parseClaims(first(params, 'claims')) : NO_CLAIMS
  assertAcr(claims, cx)
  resolveAudience(params, scopes, client, cx)
  return {
    client_id: client.client_id,
    scopes,
    claims,
    targets: targetsOf(params),
    max_age: assertMaxAge(params, client),
    login_hint: first(params, 'login_hint'),
    acr_values: wantedAcr(params, claims, client),
  }
}
