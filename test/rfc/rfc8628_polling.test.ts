import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import { BOX, Browser, begin, DEVICE_CODE, decide, poll, startDevices, typeCode } from '../support/device.ts'
import { resolved } from '../support/logged.ts'
import { makeTenant, serve } from '../support/serve.ts'

type Idp = Pick<Awaited<ReturnType<typeof startDevices>>, 'issuer'>

/** Status, error and reason of the next poll. */
async function polled({ issuer }: Idp, device_code: unknown) {
  const { status, headers, body } = await poll(issuer, device_code)
  return [status, body['error'], headers.get('x-mock-reason')]
}

const PENDING = [400, 'authorization_pending', 'device.pending']
const TOO_FAST = [400, 'slow_down', 'device.too_fast']
const GRANTED = [200, undefined, null]

describe('RFC 8628 §3.5 Device Access Token Response', () => {
  it('says authorization_pending until somebody has decided', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    for (let asked = 0; asked < 3; asked += 1) {
      expect(await polled(idp, body['device_code'])).toEqual(PENDING)
      await idp.clock.advance('5s')
    }
    await decide(body)
    expect(await polled(idp, body['device_code'])).toEqual(GRANTED)
  })

  it('says slow_down to a device that asks too soon, which then has to wait five seconds more each time', async () => {
    const config = await resolved({ clients: [{ client_id: 'tv', grant_types: [DEVICE_CODE] }] })
    const clock = createClock(() => 1_800_000_000_000)
    await using provider = await serve(config, [makeTenant(config.tenants[0]!, { clock })])
    const { device_code } = (await begin(provider.url)).body
    const next = async (seconds: number) => {
      clock.advance(seconds)
      return polled({ issuer: provider.url }, device_code)
    }
    expect(await next(0)).toEqual(PENDING)
    expect(await next(4)).toEqual(TOO_FAST)
    expect(await next(9)).toEqual(TOO_FAST)
    expect(await next(15)).toEqual(PENDING)
    expect(await next(14)).toEqual(TOO_FAST)
    expect(await next(20)).toEqual(PENDING)
    // Timers go off a little early.
    expect(await next(19.6)).toEqual(PENDING)
    // A clock that was set back says nothing of the device.
    expect(await next(-60)).toEqual(PENDING)
  })

  it('keeps nobody waiting who was allowed meanwhile', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    expect(await polled(idp, body['device_code'])).toEqual(PENDING)
    await decide(body)
    expect(await polled(idp, body['device_code'])).toEqual(GRANTED)
  })

  it.each(['deny', 'deny at the login'])('says access_denied where the user chose %s', async (where) => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const page = await decide(body, where === 'deny' ? { action: 'deny' } : { user: '', action: 'deny' })
    expect(page.html).toContain('Device not connected')
    for (let asked = 0; asked < 2; asked += 1)
      expect(await polled(idp, body['device_code'])).toEqual([400, 'access_denied', 'device.denied'])
  })

  it('leaves the code to somebody else where a user signed in who may not', async () => {
    const users = [{ username: 'alice', status: 'disabled' as const }, { username: 'bob' }]
    await using idp = await startDevices({ users })
    const { body } = await begin(idp.issuer)
    const refused = await typeCode(new Browser(idp.issuer), body['verification_uri'], body['user_code'])
    expect([refused.status, refused.headers.get('x-mock-reason')]).toEqual([400, 'user.disabled'])
    expect(await polled(idp, body['device_code'])).toEqual(PENDING)
    await decide(body, { user: 'bob' })
    expect(await polled(idp, body['device_code'])).toEqual(GRANTED)
  })

  it('says expired_token when nobody came in time, also where they came just before', async () => {
    await using idp = await startDevices()
    const [late, slow] = [await begin(idp.issuer), await begin(idp.issuer)].map(({ body }) => body)
    await decide(slow ?? {})
    await idp.clock.advance('500s')
    expect(await polled(idp, late?.['device_code'])).toEqual(PENDING)
    await idp.clock.advance('100s')
    for (const each of [late, slow])
      expect(await polled(idp, each?.['device_code'])).toEqual([400, 'expired_token', 'device.expired'])
    await idp.clock.advance('10m')
    expect(await polled(idp, late?.['device_code'])).toEqual([400, 'invalid_grant', 'device.unknown'])
  })

  it('refuses a code that was never issued, and one that was used, with invalid_grant', async () => {
    await using idp = await startDevices()
    expect(await polled(idp, 'never-issued')).toEqual([400, 'invalid_grant', 'device.unknown'])
    const { body } = await begin(idp.issuer)
    await decide(body)
    expect(await polled(idp, body['device_code'])).toEqual(GRANTED)
    expect(await polled(idp, body['device_code'])).toEqual([400, 'invalid_grant', 'device.used'])
  })

  it('refuses the code of another client with invalid_grant, and does not count that as a poll', async () => {
    await using idp = await startDevices()
    const { body } = await begin(idp.issuer)
    const foreign = () => poll(idp.issuer, body['device_code'], {}, BOX)
    expect(await polled(idp, body['device_code'])).toEqual(PENDING)
    expect((await foreign()).body['error']).toBe('invalid_grant')
    await idp.clock.advance('5s')
    await foreign()
    expect(await polled(idp, body['device_code'])).toEqual(PENDING)
    await decide(body)
    expect((await foreign()).headers.get('x-mock-reason')).toBe('device.other_client')
    expect(await polled(idp, body['device_code'])).toEqual(GRANTED)
  })
})
