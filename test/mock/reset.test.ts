import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { ask } from '../support/control_calls.ts'
import { basic, get, post, requestToken } from '../support/http.ts'

const REDIRECT = 'https://app.test/cb'
const WEB = basic('web', 's3cret')
const OPAQUE = basic('opaque', 's3cret')
const web = {
  client_id: 'web',
  client_secret: 's3cret',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}
const CONFIG = {
  clients: [web, { ...web, client_id: 'opaque', access_token: { format: 'opaque' } }],
  users: [{ username: 'alice' }],
} as unknown as ConfigInput

const authorize = (issuer: string, more: Record<string, string> = {}) =>
  authorizeUrl(issuer, { client_id: 'web', redirect_uri: REDIRECT, scope: 'openid offline_access', ...more })

describe('what was issued before a reset', () => {
  it('is unknown after it: codes, refresh tokens, opaque tokens, logins, pages that wait', async () => {
    await using idp = await startIdp(CONFIG)
    const { issuer } = idp
    const browser = new Browser(issuer)
    const code = async () => answerAt(await signIn(browser, authorize(issuer))).get('code') ?? ''
    const { body } = await redeem(issuer, { code: await code(), redirect_uri: REDIRECT }, WEB)
    const opaque = await requestToken(issuer, ['opaque', 's3cret'])
    const [unused, page] = [await code(), await new Browser(issuer).open(authorize(issuer))]
    await idp.reset()
    expect((await redeem(issuer, { code: unused, redirect_uri: REDIRECT }, WEB)).body['error']).toBe(
      'invalid_grant',
    )
    const form = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) }
    expect((await post(`${issuer}/token`, form, WEB)).body['error']).toBe('invalid_grant')
    expect((await post(`${issuer}/introspect`, { token: opaque }, OPAQUE)).body['active']).toBe(false)
    expect(answerAt(await browser.open(authorize(issuer, { prompt: 'none' }))).get('error')).toBe(
      'login_required',
    )
    expect((await browser.submit(page, { user: 'alice' })).status).toBe(400)
  })

  it('is still valid where it is a JWT and its key stays: it says so itself, and nobody remembers a revocation', async () => {
    await using idp = await startIdp(CONFIG)
    const [token, revoked] = [
      await requestToken(idp.issuer, ['web', 's3cret']),
      await requestToken(idp.issuer, ['web', 's3cret']),
    ]
    await post(`${idp.issuer}/revoke`, { token: revoked }, WEB)
    const active = async (each: string) =>
      (await post(`${idp.issuer}/introspect`, { token: each }, WEB)).body['active']
    expect([await active(token), await active(revoked)]).toEqual([true, false])
    await idp.reset()
    expect([await active(token), await active(revoked)]).toEqual([true, true])
  })

  it('is not valid where it is a JWT of a key that the reset takes away', async () => {
    await using idp = await startIdp(CONFIG)
    await idp.keys.rotate()
    const token = await requestToken(idp.issuer, ['web', 's3cret'])
    await idp.reset()
    expect((await post(`${idp.issuer}/introspect`, { token }, WEB)).body['active']).toBe(false)
  })
})

describe('what a reset is for', () => {
  const tenants = { one: CONFIG, two: CONFIG } as unknown as NonNullable<ConfigInput['tenants']>

  it('is all configured tenants and the clock of the server, or the tenant that is named', async () => {
    await using idp = await startIdp({ tenants })
    const mock = (path: string) => `${idp.url}/_mock${path}`
    const change = async () => {
      for (const tenant of ['one', 'two']) await ask('PUT', mock(`/users/late?tenant=${tenant}`), {})
      await ask('POST', mock('/clock'), { advance: '1d' })
    }
    const count = async (tenant: string) =>
      ((await get(mock(`/users?tenant=${tenant}`))).body['items'] as unknown[]).length
    const ahead = async (tenant: string) => {
      const { body } = await get(mock(`/clock?tenant=${tenant}`))
      return Math.round((Number(body['epoch']) - Date.now() / 1000) / 3600) + 0
    }
    await change()
    expect((await ask('POST', mock('/reset?tenant=two'))).status).toBe(204)
    expect([await count('one'), await count('two'), await ahead('one'), await ahead('two')]).toEqual([
      2, 1, 24, 24,
    ])
    await ask('POST', mock('/reset'))
    expect([await count('one'), await count('two'), await ahead('one'), await ahead('two')]).toEqual([
      1, 1, 0, 0,
    ])
    const unknown = await ask('POST', mock('/reset?tenant=three'))
    expect([unknown.status, unknown.body['detail']]).toEqual([404, expect.stringContaining('three')])
  })

  it('is the whole cloud where a tenant of one is named: they share what they remember', async () => {
    const entra = { dialect: 'entra', users: [{ username: 'ada' }] }
    await using idp = await startIdp({ tenants: { one: entra, two: entra } } as ConfigInput)
    const mock = (path: string) => `${idp.url}/_mock${path}`
    await ask('POST', mock('/clock?tenant=one'), { advance: '1d' })
    await ask('PUT', mock('/users/late?tenant=one'), {})
    await ask('POST', mock('/reset?tenant=two'))
    expect((await get(mock('/users?tenant=one'))).body['items']).toHaveLength(1)
    const { body } = await get(mock('/clock?tenant=one'))
    expect(Math.abs(Number(body['epoch']) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('lets a request that is in flight have its answer', async () => {
    await using idp = await startIdp(CONFIG)
    const asked = Array.from({ length: 50 }, (_, n) => {
      const form = { grant_type: 'client_credentials' }
      return n % 10 === 5 ? idp.reset() : post(`${idp.issuer}/token`, form, n % 2 === 0 ? WEB : OPAQUE)
    })
    const statuses = (await Promise.all(asked)).map((answer) => answer?.status)
    expect(new Set(statuses)).toEqual(new Set([200, undefined]))
  })
})
