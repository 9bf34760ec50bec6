import type { ClientConfig, Context } from '../context.ts'
import { NO_CLAIMS, parseClaims } from '../protocol/claims_request.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { resolveAudience } from '../tokens/audience.ts'
import { verifyOwnJwt } from '../tokens/own_jwt.ts'
import {
  assertAcr,
  assertMaxAge,
  assertNonce,
  assertScope,
  assertServed,
  targetsOf,
  wantedAcr,
} from './checks.ts'
import { challengeOf } from './code_challenge.ts'
import { parsePrompt } from './prompt.ts'
import { assertResponseMode } from './reply.ts'
import type { AuthorizationRequest, Reply } from './request.ts'
import { responseTypes } from './response_type.ts'

/**
 * Every check that may be answered at the redirect URI, in order.
 * @throws OAuthError for the client to hear
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation
 */
export async function validate(
  params: Params,
  { reply, client }: { readonly reply: Reply; readonly client: ClientConfig },
  cx: Context,
): Promise<AuthorizationRequest> {
  const types = responseTypes(first(params, 'response_type'), client, cx)
  assertResponseMode(params, reply.redirect_uri)
  assertServed(params)
  const scopes = assertScope(params, { client, types }, cx)
  const isOpenId = scopes.includes('openid')
  const claims = isOpenId ? parseClaims(first(params, 'claims')) : NO_CLAIMS
  assertAcr(claims, cx)
  resolveAudience(params, scopes, client, cx)
  return {
    ...reply,
    response_types: types,
    scopes,
    nonce: assertNonce(params, types, cx),
    challenge: types.includes('code') ? challengeOf(params, client, cx) : undefined,
    prompt: parsePrompt(first(params, 'prompt')),
    max_age: assertMaxAge(params, client),
    login_hint: first(params, 'login_hint'),
    hinted_sub: await hintedSubject(first(params, 'id_token_hint'), client, cx),
    acr_values: wantedAcr(params, claims, client),
    claims,
    targets: targetsOf(params),
    redirect_uri_sent: params.has('redirect_uri'),
  }
}

/** Whom an ID token of ours names; an expired one still does. */
async function hintedSubject(
  hint: string | undefined,
  client: ClientConfig,
  cx: Context,
): Promise<string | undefined> {
  if (hint === undefined) return undefined
  const { sub } = await verifyOwnJwt(hint, { client, name: 'id_token_hint', reason: 'param.invalid' }, cx)
  if (typeof sub === 'string') return sub
  throw new OAuthError('param.invalid', `id_token_hint has the sub ${shown(sub)}, expected text`)
}
