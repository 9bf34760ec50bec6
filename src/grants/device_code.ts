import type { ClientConfig, Context } from '../context.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type DeviceCode, findDeviceCode, pollDeviceCode, useDeviceCode } from '../tokens/device_code.ts'
import type { UserGrant } from '../tokens/user_grant.ts'
import { assertHome } from '../users/home.ts'
import type { Grant } from './grant.ts'
import { requiredParam } from './required.ts'
import { assertIssuable, userTokens } from './user_tokens.ts'

/**
 * Tokens for a device, once a person has allowed it somewhere else; until then it asks again and again.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.4
 */
export const deviceCode: Grant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  begins: 'device_authorization',
  async exchange(request, cx) {
    const { client, params } = request
    const text = requiredParam('device_code', params)
    assertOwn(await findDeviceCode(text, cx), client)
    const grant = decided(await pollDeviceCode(text, cx), cx)
    assertHome(grant, 'code.other_tenant', cx)
    const redeemed = { grant, scopes: grant.scopes, grant_type: deviceCode.grant_type }
    await assertIssuable(redeemed, request, cx)
    if (!(await useDeviceCode(text, cx))) throw used()
    return userTokens(redeemed, request, cx)
  },
}

function assertOwn(code: DeviceCode | undefined, { client_id }: ClientConfig): asserts code is DeviceCode {
  if (code === undefined) throw unknown()
  const { asked } = code
  if (asked.client_id === client_id) return
  throw new OAuthError(
    'device.other_client',
    `the device code was issued to client ${asked.client_id}, not to ${client_id}`,
  )
}

function unknown(): OAuthError {
  return new OAuthError(
    'device.unknown',
    'the device code is unknown here: mistyped, never issued, long expired, or issued before a restart',
  )
}

function used(): OAuthError {
  return new OAuthError('device.used', 'the device code was used before; ask for a new one')
}

/** What a person let the device have. @throws OAuthError where it is too late, or too soon */
function decided(code: DeviceCode | undefined, cx: Context): UserGrant {
  if (code === undefined) throw unknown()
  if (code.uses > 0) throw used()
  const late = cx.tenant.clock.seconds() - code.expires
  if (late >= 0)
    throw new OAuthError(
      'device.expired',
      `the device code expired ${late} s ago; ask for a new one, or set lifetimes.device_code`,
    )
  const { decision, hurried, interval, user_code } = code
  if (decision === 'denied') throw new OAuthError('device.denied', `the user denied the code ${user_code}`)
  if (decision !== undefined) return decision
  throw hurried
    ? new OAuthError(
        'device.too_fast',
        `nobody has decided about the code ${user_code} yet, and this came too soon; from now on wait ${interval} s between two requests`,
      )
    : new OAuthError('device.pending', `nobody has decided about the code ${user_code} yet; ask again`)
}
