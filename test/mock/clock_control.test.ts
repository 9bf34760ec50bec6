import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { decode, requestToken } from '../support/http.ts'

const ORDERS = { client_id: 'orders', client_secret: 's3cret' }
const tenants = { one: { clients: [ORDERS] }, two: { clients: [ORDERS] } }
const YEAR = 365 * 86_400

async function start(config = {}) {
  const idp = await startIdp({ tenants, ...config })
  const call = (body?: unknown, query = '') =>
    ask(body === undefined ? 'GET' : 'POST', `${idp.url}/_mock/clock${query}`, body)
  return {
    idp,
    call,
    read: async (query = '') => Number((await call(undefined, query)).body['epoch']),
    issuedAt: async (tenant: string) =>
      Number(decode(await requestToken(idp.issuerOf(tenant), ['orders', 's3cret'])).claims['iat']),
    [Symbol.asyncDispose]: () => idp.stop(),
  }
}

describe('the clock by the control API', () => {
  it('tells the time of the machine until it is moved', async () => {
    await using at = await start()
    const before = Math.floor(Date.now() / 1000)
    const { body } = await at.call()
    expect(body).toEqual({ now: expect.any(String), epoch: expect.any(Number), frozen: false })
    expect(Number(body['epoch'])).toBeGreaterThanOrEqual(before)
    expect(Math.floor(Date.parse(String(body['now'])) / 1000)).toBe(body['epoch'])
  })

  it('is set to a moment, written either way, and stays there where it is frozen with it', async () => {
    await using at = await start()
    const epoch = Date.UTC(2038, 0, 19, 3, 14, 8) / 1000
    for (const set of ['2038-01-19T03:14:08Z', epoch, '2038-01-19T05:14:08+02:00']) {
      const { status, body } = await at.call({ set, freeze: true })
      expect([status, body]).toEqual([200, { now: '2038-01-19T03:14:08.000Z', epoch, frozen: true }])
      expect((await at.call({ reset: true })).body['frozen']).toBe(false)
    }
  })

  it('is advanced and set in one step, and back to that of the machine', async () => {
    await using at = await start()
    const { body } = await at.call({ set: '2030-01-01T00:00:00Z', advance: '61m', freeze: true })
    expect(body['now']).toBe('2030-01-01T01:01:00.000Z')
    expect((await at.call({ advance: -60 })).body['now']).toBe('2030-01-01T01:00:00.000Z')
    await at.call({ reset: true })
    expect(Math.abs((await at.read()) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('is frozen and released without harm as often as one likes', async () => {
    await using at = await start()
    for (const freeze of [false, true, true, false, false])
      expect((await at.call({ freeze })).body['frozen']).toBe(freeze)
    expect(Math.abs((await at.read()) - Date.now() / 1000)).toBeLessThan(60)
  })

  it.each([
    ['nothing', {}],
    ['another key', { forward: '1h' }],
    ['no duration', { advance: 'an hour' }],
    ['a duration that is no number', { advance: null }],
    ['infinitely much', { advance: 1e308 }],
    ['no time', { set: 'tomorrow' }],
    ['an empty time', { set: '' }],
    ['a day that is not there', { set: '2030-02-31T25:00:00Z' }],
    ['a time too early', { set: '1979-12-31T23:59:59Z' }],
    ['a time too late', { set: 9e12 }],
    ['an object', { set: {} }],
    ['a move beyond all years', { advance: 10_000 * YEAR }],
    ['a move before all years', { advance: -100 * YEAR }],
    ['text for a freeze', { freeze: 'yes' }],
    ['no reset', { reset: false }],
    ['a reset with a move', { reset: true, advance: '1h' }],
    ['a reset with a freeze that is too late', { reset: true, set: 5 }],
    ['a good part and a bad one', { freeze: true, advance: 'soon' }],
    ['a good move and a bad freeze', { advance: '1h', freeze: 1 }],
  ])('refuses %s with 422 and what it takes, and changes nothing', async (_what, body) => {
    await using at = await start()
    await at.call({ set: '2030-01-01T00:00:00Z', freeze: true })
    const refused = await at.call(body)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json'])
    expect(String(refused.body['detail'])).not.toBe('')
    expect((await at.call()).body).toMatchObject({ now: '2030-01-01T00:00:00.000Z', frozen: true })
  })
})

describe('the clock of the server and those of its tenants', () => {
  it('move together, and a tenant by itself', async () => {
    await using at = await start()
    const now = await at.read()
    await at.call({ advance: '1h' })
    await at.call({ advance: '1d' }, '?tenant=two')
    const [one, two] = [(await at.issuedAt('one')) - now, (await at.issuedAt('two')) - now]
    expect([Math.round(one / 60), Math.round(two / 60)]).toEqual([60, 60 + 24 * 60])
    await at.call({ reset: true })
    expect(Math.round(((await at.issuedAt('two')) - now) / 60)).toBe(24 * 60)
    await at.call({ reset: true }, '?tenant=two')
    expect(Math.round(((await at.issuedAt('two')) - now) / 60)).toBe(0)
  })

  it('stand still together; one that is frozen by itself is not moved with the others', async () => {
    await using at = await start()
    await at.call({ freeze: true }, '?tenant=one')
    const stood = await at.issuedAt('one')
    await at.call({ advance: '1h' })
    expect(await at.issuedAt('one')).toBe(stood)
    expect((await at.issuedAt('two')) - stood).toBeGreaterThanOrEqual(3600)
    await at.call({ freeze: true })
    for (const tenant of ['one', 'two'])
      expect((await at.call(undefined, `?tenant=${tenant}`)).body['frozen']).toBe(true)
    const two = await at.issuedAt('two')
    await at.call({ advance: '1m' }, '?tenant=two')
    expect(await at.issuedAt('two')).toBe(two + 60)
    expect(await at.issuedAt('two')).toBe(two + 60)
  })

  it('are one for the tenants of a cloud, whichever of them is named', async () => {
    const entra = { dialect: 'entra' as const }
    await using at = await start({ tenants: { one: entra, two: entra, other: {} } })
    const other = await at.read('?tenant=other')
    await at.call({ advance: '1h' }, '?tenant=two')
    expect((await at.read('?tenant=one')) - other).toBeGreaterThanOrEqual(3600)
    expect((await at.read('?tenant=other')) - other).toBeLessThan(3600)
  })

  it('bring nothing back, also where the clock of the server goes back beneath that of a tenant', async () => {
    await using at = await start()
    const credentials = ['orders', 's3cret'] as const
    const { box, twin } = { box: await at.idp.sandbox(), twin: at.idp }
    for (const idp of [box, twin]) await idp.nextLogin({ user: 'alice' })
    await at.idp.clients.patch('orders', { access_token: { format: 'opaque' } })
    const token = await requestToken(at.idp.issuer, credentials)
    const active = async () => {
      const form = new URLSearchParams({ token, client_id: 'orders', client_secret: 's3cret' })
      const response = await fetch(`${at.idp.issuer}/introspect`, { method: 'POST', body: form })
      return ((await response.json()) as { active: boolean }).active
    }
    expect(await active()).toBe(true)
    await at.call({ advance: '59m' }, '?tenant=one')
    await at.call({ advance: '59m' })
    await at.call({ reset: true })
    expect(await active()).toBe(false)
    await at.call({ reset: true }, '?tenant=one')
    expect(await active()).toBe(false)
  })
})
