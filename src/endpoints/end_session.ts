import type { Context } from '../context.ts'
import type { Logout } from '../logout/logout.ts'
import { logoutRequest } from '../logout/request.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import { relativePath } from '../protocol/relative.ts'
import { seeOther } from '../response_modes/response_mode.ts'
import { addInteraction } from '../sessions/interaction.ts'
import { sessionsOf } from '../sessions/session.ts'
import { noteOf, signedOut } from './end_session_confirmation.ts'
import type { Endpoint } from './endpoint.ts'
import { parameters } from './parameters.ts'

/**
 * Where a client sends a browser whose user wants to sign out.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export const endSession: Endpoint = {
  name: 'end_session',
  methods: ['GET', 'POST'],
  metadata: { member: 'end_session_endpoint', channel: 'front' },
  async answer(request, cx) {
    const { logout, asks } = await logoutRequest(parameters(request, cx), await sessionsOf(request, cx), cx)
    if (asks) return ask(logout, cx)
    const response = await signedOut(logout, cx, noteOf(logout))
    return withReason(response, logout)
  },
}

/** Sends the browser to the page that asks. The location is relative, so that it holds behind any proxy. */
async function ask(logout: Logout, cx: Context): Promise<EndpointResponse> {
  const { end_session = '', end_session_confirmation = '' } = cx.face.endpoints
  const interaction = await addInteraction(logout, cx)
  const response = seeOther(
    `${relativePath(end_session, end_session_confirmation)}?interaction=${interaction}`,
  )
  return withReason(response, logout)
}

function withReason(response: EndpointResponse, { problem }: Logout): EndpointResponse {
  if (problem === undefined) return response
  return { ...response, headers: { ...response.headers, 'x-mock-reason': problem.reason } }
}
