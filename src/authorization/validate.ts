import type { ClientConfig, Context } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { homeIssuing, verifyOwnJwt } from '../tokens/own_jwt.ts'
import { askedOf } from './asked.ts'
import { assertNonce, assertServed } from './checks.ts'
import { challengeOf } from './code_challenge.ts'
import { parsePrompt } from './prompt.ts'
import { isForScripts } from './redirect_uri.ts'
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
  const asked = askedOf(params, { client, types }, cx)
  const require_pkce = client.require_pkce || isForScripts(reply.redirect_uri, client, cx)
  return {
    ...reply,
    ...asked,
    response_types: types,
    nonce: assertNonce(params, types, cx),
    challenge: types.includes('code') ? challengeOf(params, { ...client, require_pkce }, cx) : undefined,
    prompt: parsePrompt(first(params, 'prompt')),
    ...(await hinted(first(params, 'id_token_hint'), client, cx)),
    redirect_uri_sent: params.has('redirect_uri'),
  }
}

/** Whom an ID token of ours names; an expired one still does. */
async function hinted(
  hint: string | undefined,
  client: ClientConfig,
  cx: Context,
): Promise<Pick<AuthorizationRequest, 'hinted_sub' | 'hinted_home'>> {
  if (hint === undefined) return {}
  const expected = { client, name: 'id_token_hint', reason: 'param.invalid' } as const
  const { sub, iss } = await verifyOwnJwt(hint, expected, cx)
  if (typeof sub === 'string') return { hinted_sub: sub, hinted_home: homeIssuing(iss, cx)?.name }
  throw new OAuthError('param.invalid', `id_token_hint has the sub ${shown(sub)}, expected text`)
}
