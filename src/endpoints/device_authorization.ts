import { askedOf } from '../authorization/asked.ts'
import { authenticateClient } from '../client_auth/authenticate.ts'
import { type Context, endpointUrl, facts } from '../context.ts'
import { deviceCode } from '../grants/device_code.ts'
import { bend } from '../hooks.ts'
import { membersOf } from '../protocol/json.ts'
import { type EndpointResponse, json, NO_STORE } from '../protocol/messages.ts'
import { type IssuedDeviceCode, issueDeviceCode } from '../tokens/device_code.ts'
import type { Endpoint } from './endpoint.ts'
import { parameters } from './parameters.ts'
import { assertGrant } from './token.ts'

/** What a device may ask for: what a code could be redeemed for. */
const TYPES = ['code']

/**
 * Gives a device the code that it waits with, and the one that it shows to a person.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.1
 */
export const deviceAuthorization: Endpoint = {
  name: 'device_authorization',
  methods: ['POST'],
  cors: true,
  metadata: { member: 'device_authorization_endpoint', channel: 'back' },
  async answer(request, cx) {
    const params = parameters(request, cx)
    const { client } = await authenticateClient({ ...request, params }, cx)
    assertGrant(deviceCode.grant_type, client, cx)
    return written(await issueDeviceCode(askedOf(params, { client, types: TYPES }, cx), cx), cx)
  },
}

/** @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.2 */
function written(
  { device_code, user_code, expires_in, interval }: IssuedDeviceCode,
  cx: Context,
): EndpointResponse {
  const verification_uri = endpointUrl(cx.bases.front, cx.face.endpoints.device ?? '', cx)
  const body = membersOf({
    device_code,
    user_code,
    verification_uri,
    verification_uri_complete: `${verification_uri}?user_code=${user_code}`,
    expires_in,
    interval,
  })
  return bend('response', cx.tenant.hooks, json(200, body, NO_STORE), {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts: facts(cx),
  })
}
