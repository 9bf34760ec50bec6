import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectIdp, startIdp } from '../../src/index.ts'
import { decode, requestToken } from '../support/http.ts'

const ORDERS = ['orders', 's3cret'] as const
const CONFIG = { clients: [{ client_id: 'orders', client_secret: 's3cret' }] }
const MOMENT = Date.UTC(2031, 4, 1, 12)

afterEach(() => {
  vi.useRealTimers()
})

/** Seconds at which a token is issued. */
const issuedAt = async (issuer: string) => Number(decode(await requestToken(issuer, ORDERS)).claims['iat'])

describe('followTimers', () => {
  it.each([
    ['Date alone', { toFake: ['Date' as const] }],
    ['all timers', {}],
  ])('is the time of the fake timers: %s', async (_what, fake) => {
    await using idp = await startIdp({ ...CONFIG, followTimers: true })
    await using box = await idp.sandbox()
    vi.useFakeTimers({ now: MOMENT, ...fake })
    for (const { issuer } of [idp, box]) expect(await issuedAt(issuer)).toBe(MOMENT / 1000)
    vi.setSystemTime(MOMENT + 90_000)
    for (const { issuer } of [idp, box]) expect(await issuedAt(issuer)).toBe(MOMENT / 1000 + 90)
    vi.advanceTimersByTime(10_000)
    expect(decode(await box.token({ client: 'orders' })).claims['iat']).toBe(MOMENT / 1000 + 100)
    vi.useRealTimers()
    expect(Math.abs((await issuedAt(idp.issuer)) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('can still be moved and frozen', async () => {
    await using idp = await startIdp({ ...CONFIG, followTimers: true })
    vi.useFakeTimers({ now: MOMENT, toFake: ['Date'] })
    await idp.clock.advance('1h')
    expect(await issuedAt(idp.issuer)).toBe(MOMENT / 1000 + 3600)
    await idp.clock.freeze()
    vi.setSystemTime(MOMENT + 90_000)
    expect(await issuedAt(idp.issuer)).toBe(MOMENT / 1000 + 3600)
    await idp.clock.reset()
    expect(await issuedAt(idp.issuer)).toBe(MOMENT / 1000 + 90)
  })
})

describe('without followTimers', () => {
  it('fake timers move nothing, also where they were there before the provider', async () => {
    const now = Date.now() / 1000
    vi.useFakeTimers({ now: MOMENT })
    await using idp = await startIdp(CONFIG)
    await using far = await connectIdp(idp.url)
    await using box = await far.sandbox()
    for (const { issuer } of [idp, box]) expect(Math.abs((await issuedAt(issuer)) - now)).toBeLessThan(60)
    vi.useRealTimers()
    expect(Math.abs((await issuedAt(idp.issuer)) - now)).toBeLessThan(60)
  })
})
