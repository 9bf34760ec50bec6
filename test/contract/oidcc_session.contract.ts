/** Modules of the conformance plans about a second request of a browser whose user has signed in, or has not. */
import { expect, it } from 'vitest'
import { type Flow, isLoginPage, RelyingParty, startOp } from '../support/relying_party.ts'

const NOT_LOGGED_IN = /^(login|interaction|account_selection|consent)_required$/

export function sessionModules(flow: Flow): void {
  it('oidcc-prompt-login: shows the login page again, and auth_time is later', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const first = await rp.login()
    await idp.clock.advance('1s')
    const page = await rp.open({ prompt: 'login' })
    expect(isLoginPage(page)).toBe(true)
    const second = (await rp.taken(rp.received(await rp.pick(page)))).id
    expect(second['auth_time']).toBeGreaterThan(Number(first.id['auth_time']))
    expect(second.sub).toBe(first.id.sub)
  })

  it('oidcc-prompt-none-not-logged-in: login_required and a state of 128 characters unharmed, no page and no code', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const answer = rp.received(await rp.open({ prompt: 'none' }))
    expect(answer['error']).toMatch(NOT_LOGGED_IN)
    expect(answer['state']).toHaveLength(128)
    expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
  })

  it('oidcc-prompt-none-logged-in: succeeds without a page; the same sub and auth_time', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const first = await rp.login()
    await idp.clock.advance('1s')
    const second = (await rp.taken(rp.received(await rp.open({ prompt: 'none' })))).id
    expect([second.sub, second['auth_time']]).toEqual([first.id.sub, first.id['auth_time']])
  })

  it('oidcc-max-age-1: shows the login page again after 2 s, and auth_time is there, later and recent', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const first = await rp.login()
    await idp.clock.advance('2s')
    const page = await rp.open({ max_age: '1' })
    expect(isLoginPage(page)).toBe(true)
    const second = (await rp.taken(rp.received(await rp.pick(page)))).id
    expect(second['auth_time']).toBeGreaterThan(Number(first.id['auth_time']))
    expect(Number(second.iat) - Number(second['auth_time'])).toBeLessThan(60)
  })

  it('oidcc-max-age-10000: has the same auth_time in both ID tokens, without a second login', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const first = await rp.login({ max_age: '15000' })
    await idp.clock.advance('9990s')
    const second = (await rp.taken(rp.received(await rp.open({ max_age: '10000' })))).id
    expect(first.id['auth_time']).toEqual(expect.any(Number))
    expect([second.sub, second['auth_time']]).toEqual([first.id.sub, first.id['auth_time']])
  })

  it('oidcc-max-age-10000: shows the login page again once the login is older than that', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    await rp.login({ max_age: '15000' })
    await idp.clock.advance('10001s')
    expect(isLoginPage(await rp.open({ max_age: '10000' }))).toBe(true)
  })

  it('oidcc-id-token-hint: prompt=none with the first ID token succeeds without a page; the same sub and auth_time', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { answer, tokens, id } = await rp.login()
    const id_token_hint = String(answer['id_token'] ?? tokens?.['id_token'])
    const second = (await rp.taken(rp.received(await rp.open({ prompt: 'none', id_token_hint })))).id
    expect([second.sub, second['auth_time']]).toEqual([id.sub, id['auth_time']])
  })

  it('oidcc-id-token-hint: another user signed in gives login_required, not an answer about somebody else', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { answer, tokens } = await rp.login()
    const id_token_hint = String(answer['id_token'] ?? tokens?.['id_token'])
    const other = new RelyingParty(idp.issuer, flow)
    await other.pick(await other.open(), 'bob')
    const refused = other.received(await other.open({ prompt: 'none', id_token_hint }))
    expect(refused['error']).toBe('login_required')
    const page = await other.open({ id_token_hint })
    expect(isLoginPage(page)).toBe(true)
    expect(other.received(await other.pick(page, 'bob'))['error']).toBe('login_required')
  })
}
