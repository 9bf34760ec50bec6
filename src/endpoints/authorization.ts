import { begin } from '../authorization/begin.ts'
import { meantSession } from '../authorization/decide.ts'
import { proceed } from '../authorization/proceed.ts'
import { replying } from '../authorization/reply.ts'

import { validate } from '../authorization/validate.ts'
import { isAhead } from '../sessions/interaction.ts'
import { sessionsOf } from '../sessions/session.ts'
import { takeDirected } from '../users/directed.ts'
import type { Endpoint } from './endpoint.ts'
import { assertSingle, receivedParameters } from './parameters.ts'

/**
 * Where a browser brings a person who wants to sign in at a client.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint
 */
export const authorization: Endpoint = {
  name: 'authorization',
  methods: ['GET', 'POST'],
  metadata: { member: 'authorization_endpoint', channel: 'front' },
  async answer(request, cx) {
    const received = receivedParameters(request, cx)
    const { reply, client, params, objection } = await begin(received, cx)
    return replying(reply, cx, async () => {
      if (objection !== undefined) throw objection
      assertSingle(received, cx)
      const asked = await validate(params, { reply, client }, cx)
      // Before anything else is awaited: two requests at once each have what was said for them.
      const directed = isAhead(request) ? undefined : takeDirected(client.client_id, cx)
      const session = meantSession(await sessionsOf(request, cx), { request: asked, client }, cx)
      return proceed({ request: asked, directed }, session, cx)
    })
  },
}
