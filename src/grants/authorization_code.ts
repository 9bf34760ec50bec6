import type { ClientConfig, Context } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import { first, type Params } from '../protocol/params.ts'
import { type Code, findCode, isUsedCode, useCode } from '../tokens/code.ts'
import { isRevoked, revokeGrant } from '../tokens/revoked_grant.ts'
import { assertHome } from '../users/home.ts'
import { verifyChallenge } from './code_verifier.ts'
import type { Grant } from './grant.ts'
import { assertOrigin } from './origin.ts'
import { requiredParam } from './required.ts'
import { assertIssuable, userTokens } from './user_tokens.ts'

/**
 * Tokens for a code. A request that is wrong does not use the code up: its client may correct itself.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3
 */
export const authorizationCode: Grant = {
  grant_type: 'authorization_code',
  async exchange(request, cx) {
    const { client, params } = request
    const text = requiredParam('code', params)
    const code = await findCode(text, cx)
    assertOwn(code, client)
    assertHome(code.grant, 'code.other_tenant', cx)
    assertRedirectUri(code, params)
    assertOrigin(code.for_script === true, request, cx)
    verifyChallenge(code.challenge, first(params, 'code_verifier'), cx)
    if (await isUsedCode(text, cx)) throw await used(code, cx)
    await assertLive(code, cx)
    const { nonce } = code
    const grant = limited(code, cx)
    const redeemed = { grant, scopes: grant.scopes, grant_type: 'authorization_code', nonce }
    await assertIssuable(redeemed, request, cx)
    if (!(await useCode(text, code, cx))) throw await used(code, cx)
    return userTokens(redeemed, request, cx)
  },
}

/** What a script holds can be stolen, so it does not live on by being used. */
function limited({ grant, for_script }: Code, { tenant: { dialect, clock } }: Context): Code['grant'] {
  if (for_script !== true || dialect.scripts === undefined) return grant
  return { ...grant, refresh_until: clock.seconds() + dialect.scripts.refreshTokens }
}

function assertOwn(code: Code | undefined, { client_id }: ClientConfig): asserts code is Code {
  if (code === undefined)
    throw new OAuthError(
      'code.unknown',
      'the code is unknown here: mistyped, never issued, long expired, or issued before a restart',
    )
  // MUST ensure that the code was issued to this client, §4.1.3.
  if (code.grant.client_id === client_id) return
  throw new OAuthError(
    'code.other_client',
    `the code was issued to client ${code.grant.client_id}, not to ${client_id}`,
  )
}

/** MUST be identical to the one of the authorization request, if that had one, §4.1.3. */
function assertRedirectUri({ redirect_uri, redirect_uri_sent }: Code, params: Params): void {
  const came = first(params, 'redirect_uri')
  if (came === redirect_uri || (came === undefined && !redirect_uri_sent)) return
  throw new OAuthError(
    'redirect_uri.mismatch',
    `redirect_uri is ${came === undefined ? 'missing' : shown(came)}, the code was sent to ${redirect_uri}; send that again`,
  )
}

/** MUST NOT be used more than once; a second use SHOULD revoke what the first was given, §4.1.2. */
async function used({ grant }: Code, cx: Context): Promise<OAuthError> {
  await revokeGrant(grant, cx)
  return new OAuthError(
    'code.used',
    'the code was used before; the tokens it was exchanged for are revoked now, sign in again',
  )
}

async function assertLiveGrant({ grant }: Code, cx: Context): Promise<void> {
  if (!(await isRevoked(grant, cx))) return
  throw new OAuthError(
    'code.used',
    'what the code stands for was revoked, or its user signed out; sign in again',
  )
}

function assertLive(code: Code, cx: Context): Promise<void> {
  const now = cx.tenant.clock.seconds()
  if (code.expires > now) return assertLiveGrant(code, cx)
  throw new OAuthError(
    'code.expired',
    `the code expired ${now - code.expires} s ago; redeem it at once, or set lifetimes.code`,
  )
}
