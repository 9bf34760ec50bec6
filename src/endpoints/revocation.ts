import { authenticateClient } from '../client_auth/authenticate.ts'
import { type Context, facts } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError } from '../protocol/errors.ts'
import { NO_STORE } from '../protocol/messages.ts'
import { findRefreshToken, type RefreshToken } from '../tokens/refresh_token.ts'
import { revokeGrant } from '../tokens/revoked_grant.ts'
import { type LiveToken, verifyAccessToken } from '../tokens/verify.ts'
import type { Endpoint } from './endpoint.ts'
import { liveToken } from './live_token.ts'
import { parameters, required } from './parameters.ts'

/**
 * Ends a token before its time.
 * @see https://www.rfc-editor.org/rfc/rfc7009.html#section-2
 */
export const revocation: Endpoint = {
  name: 'revocation',
  methods: ['POST'],
  cors: true,
  metadata: { member: 'revocation_endpoint', channel: 'back' },
  async answer(request, cx) {
    const params = parameters(request, cx)
    const { client } = await authenticateClient({ ...request, params }, cx)
    const text = required('token', params, request)
    await revoke(text, client.client_id, cx)
    return bend(
      'response',
      cx.tenant.hooks,
      { status: 200, headers: NO_STORE, body: null },
      {
        endpoint: cx.endpoint,
        face: cx.face.name,
        facts: facts(cx),
      },
    )
  },
}

async function revoke(text: string, client_id: string, cx: Context): Promise<void> {
  const refresh = await findRefreshToken(text, cx)
  if (refresh !== undefined) return revokeRefreshToken(refresh, client_id, cx)
  // An invalid token is no error, for its revocation has what it wanted, §2.2.
  const live = await liveToken(() => verifyAccessToken(text, cx), cx)
  if (live === undefined) return
  assertOwn(live.client_id, client_id)
  await revokeAccessToken(live, cx)
}

/** The request is refused if the token was not issued to the client that asks, §2.1. */
function assertOwn(owner: string, client_id: string): void {
  if (owner === client_id) return
  throw new OAuthError(
    'token.other_client',
    `the token was issued to client ${owner}, not to ${client_id}; only its own client may revoke it`,
  )
}

/** With a refresh token goes all that was issued for its grant, §2.1; also by one that has a successor already. */
async function revokeRefreshToken({ grant }: RefreshToken, client_id: string, cx: Context): Promise<void> {
  assertOwn(grant.client_id, client_id)
  await revokeGrant(grant, cx)
}

async function revokeAccessToken({ format, id, claims }: LiveToken, { tenant }: Context): Promise<void> {
  if (format === 'opaque') await tenant.store.take('access_token', id)
  else await tenant.store.add('revoked_token', id, true, Number(claims['exp']))
}
