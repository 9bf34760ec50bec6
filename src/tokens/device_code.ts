import type { Context } from '../context.ts'
import type { ClaimsRequest } from '../protocol/claims_request.ts'
import type { UserGrant } from './user_grant.ts'

/** What a device asks for: checked when it came, shown when a person decides. */
export interface DeviceAsked {
  readonly client_id: string
  readonly scopes: readonly string[]
  readonly claims: ClaimsRequest
  readonly targets: UserGrant['targets']
  /** Seconds. */
  readonly max_age?: number | undefined
  readonly login_hint?: string | undefined
  readonly acr_values: readonly string[]
}

/**
 * A device that waits for a person somewhere else. It is JSON, so that any store can keep it.
 * @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.2
 */
export interface DeviceCode {
  readonly asked: DeviceAsked
  readonly user_code: string
  /** Seconds. */
  readonly expires: number
  /** Seconds between two polls. */
  readonly interval: number
  /** When the device last asked, in milliseconds. */
  readonly polled?: number | undefined
  /** Whether that was before the interval was over. */
  readonly hurried: boolean
  readonly decision?: UserGrant | 'denied' | undefined
  /** How many tried to redeem it: the first one does. */
  readonly uses: number
}

/** Remembered for longer than it is good for, so that a late device is told why. */
const REMEMBERED = 600

const INTERVAL = 5

/** Timers go off early, and no two requests take the same time. */
const EARLY_MS = 500

export interface IssuedDeviceCode {
  readonly device_code: string
  readonly user_code: string
  readonly expires_in: number
  readonly interval: number
}

/** Makes the two codes: a long one for the device, and a short one for a person to type. */
export async function issueDeviceCode(asked: DeviceAsked, { tenant }: Context): Promise<IssuedDeviceCode> {
  const { store, clock, random, config, dialect } = tenant
  const device_code = random.token(43)
  const expires_in = config.lifetimes.device_code ?? dialect.lifetimes.device_code
  const expires = clock.seconds() + expires_in
  const { alphabet, groups } = dialect.userCode
  const make = () => groups.map((length) => random.of(alphabet, length)).join('-')
  let user_code = make()
  while (!(await store.add('user_code', plain(user_code), device_code, expires))) user_code = make()
  const record: DeviceCode = { asked, user_code, expires, interval: INTERVAL, hurried: false, uses: 0 }
  await store.add('device_code', device_code, record, expires + REMEMBERED)
  return { device_code, user_code, expires_in, interval: INTERVAL }
}

/** A user code without what people add and leave out. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-6.1 */
function plain(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}

/** The code's record, also when it was decided about, used or has expired. */
export async function findDeviceCode(text: string, { tenant }: Context): Promise<DeviceCode | undefined> {
  return (await tenant.store.get('device_code', text)) as DeviceCode | undefined
}

/** The device code that a user code stands for, while nobody has decided about it. */
export async function findUserCode(
  typed: string,
  cx: Context,
): Promise<{ readonly device_code: string; readonly code: DeviceCode } | undefined> {
  const device_code = (await cx.tenant.store.get('user_code', plain(typed))) as string | undefined
  const code = device_code === undefined ? undefined : await findDeviceCode(device_code, cx)
  return device_code === undefined || code?.decision !== undefined || code === undefined
    ? undefined
    : { device_code, code }
}

/** Keeps what a person decided. Only the first decision counts: says whether this was it, and in time. */
export async function decideDeviceCode(
  device_code: string,
  decision: UserGrant | 'denied',
  { tenant }: Context,
): Promise<boolean> {
  const { store } = tenant
  const code = (await store.get('device_code', device_code)) as DeviceCode | undefined
  // Whoever takes the user code decides.
  const isFirst = code !== undefined && (await store.take('user_code', plain(code.user_code))) === device_code
  if (isFirst) await store.update<DeviceCode>('device_code', device_code, (each) => ({ ...each, decision }))
  return isFirst
}

/** Notes that the device asked. One that is too fast has to wait five seconds more each time. @see https://www.rfc-editor.org/rfc/rfc8628.html#section-3.5 */
export function pollDeviceCode(text: string, { tenant }: Context): Promise<DeviceCode | undefined> {
  const { clock } = tenant
  const now = clock.now()
  return tenant.store.update<DeviceCode>('device_code', text, (code) => {
    const { polled, interval, decision } = code
    const isEarly = polled !== undefined && polled <= now && now - polled < interval * 1000 - EARLY_MS
    // Where time stands still no wait would be long enough.
    const hurried = isEarly && decision === undefined && !clock.frozen
    return { ...code, polled: now, hurried, interval: hurried ? interval + INTERVAL : interval }
  })
}

/** Uses a code up: of any number of callers exactly one is told that it was the first. */
export async function useDeviceCode(text: string, { tenant }: Context): Promise<boolean> {
  const code = await tenant.store.update<DeviceCode>('device_code', text, (each) => ({
    ...each,
    uses: each.uses + 1,
  }))
  return code?.uses === 1
}
