/** Devices that a person lets in at a page: what they ask, and what the person decided. */
import type { ClientConfig, Context } from '../context.ts'
import { deviceDonePage } from '../pages/device_done_page.ts'
import { OAuthError } from '../protocol/errors.ts'
import type { EndpointResponse } from '../protocol/messages.ts'
import type { Session } from '../sessions/session.ts'
import { type DeviceCode, decideDeviceCode } from '../tokens/device_code.ts'
import { clientOf } from './decide.ts'
import { grantOf } from './issue.ts'
import { replying } from './reply.ts'
import { type AuthorizationRequest, type DeviceRequest, isOfDevice } from './request.ts'
import { clientView, frameOf } from './shown.ts'

/** What a device asks for, as a person is asked for it. */
export function deviceRequest(
  device_code: string,
  { asked, user_code }: Pick<DeviceCode, 'asked' | 'user_code'>,
): DeviceRequest {
  return { ...asked, prompt: [], device_code, user_code }
}

/**
 * The device gets what it asked for. It is another machine than the browser, and outlives the session there.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.3
 */
export async function allowDevice(
  request: DeviceRequest,
  { session, client }: { readonly session: Session; readonly client: ClientConfig },
  cx: Context,
): Promise<EndpointResponse> {
  const { sid: _browser, ...login } = session.login
  cx.exchange.user = login.username
  const grant = grantOf(request, { login }, cx)
  if (!(await decideDeviceCode(request.device_code, grant, cx))) throw tooLate()
  return deviceDonePage({ ...frameOf(cx), client: clientView(client), allowed: true })
}

async function denyDevice(request: DeviceRequest, error: OAuthError, cx: Context): Promise<EndpointResponse> {
  cx.exchange.reason = error.reason
  cx.exchange.description = error.description
  if (!(await decideDeviceCode(request.device_code, 'denied', cx))) throw tooLate()
  const client = clientView(await clientOf(request, cx))
  const page = deviceDonePage({ ...frameOf(cx), client, allowed: false })
  return { ...page, headers: { ...page.headers, 'x-mock-reason': error.reason } }
}

function tooLate(): OAuthError {
  return new OAuthError(
    'device.user_code',
    'the code was decided about already, or has expired meanwhile; start again on the device',
  )
}

/** Answers, and tells whoever asked where the user refuses: the client in a redirect, a device when it asks again. */
export async function answering(
  request: AuthorizationRequest | DeviceRequest,
  cx: Context,
  answer: () => Promise<EndpointResponse>,
): Promise<EndpointResponse> {
  if (!isOfDevice(request)) return replying(request, cx, answer)
  try {
    return await answer()
  } catch (error) {
    if (error instanceof OAuthError && error.error === 'access_denied') return denyDevice(request, error, cx)
    throw error
  }
}
