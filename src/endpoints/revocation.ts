import { authenticateClient } from '../client_auth/authenticate.ts'
import { type Context, facts } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError } from '../protocol/errors.ts'
import { NO_STORE } from '../protocol/messages.ts'
import { revokeGrant } from '../tokens/revoked_grant.ts'
import type { UserGrant } from '../tokens/user_grant.ts'
import { type LiveToken, verifyAnyToken } from '../tokens/verify.ts'
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
    const { client } = await authenticateClient({ headers: request.headers, params }, cx)
    const text = required('token', params, request)
    // An invalid token is no error, for its revocation has what it wanted, §2.2.
    const live = await liveToken(() => verifyAnyToken(text, cx), cx)
    if (live !== undefined) {
      assertOwn(live, client.client_id)
      await revoke(live, cx)
    }
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

/** The request is refused if the token was not issued to the client that asks, §2.1. */
function assertOwn(live: LiveToken, client_id: string): void {
  if (live.client_id === client_id) return
  throw new OAuthError(
    'token.other_client',
    `the token was issued to client ${live.client_id}, not to ${client_id}; only its own client may revoke it`,
  )
}

/** With a refresh token goes all that was issued for its grant, §2.1. */
async function revoke({ format, id, claims, grant }: LiveToken, cx: Context): Promise<void> {
  const { tenant } = cx
  if (format === 'refresh') await revokeGrant(grant as UserGrant, cx)
  else if (format === 'opaque') await tenant.store.take('access_token', id)
  else await tenant.store.add('revoked_token', id, true, Number(claims['exp']))
}
