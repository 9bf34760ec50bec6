import { describe, expect, it } from 'vitest'
import { ask } from '../support/control_calls.ts'
import { ADA, APP, startEntra } from '../support/entra_tenant.ts'
import { basic, post } from '../support/http.ts'
import { lastRequest, nextLogin, waiting } from '../support/next_login.ts'
import { isLoginPage, type Place, RelyingParty, SECRET, startCodeFlow } from '../support/relying_party.ts'

const form = (more: Parameters<typeof startCodeFlow>[0] = {}) =>
  startCodeFlow(more, { login: { mode: 'form' } })

describe('next-login: a login that comes to nothing', () => {
  it('deny: login is access_denied, as if the person chose Deny', async () => {
    await using op = await form()
    await nextLogin(op.idp, { deny: 'login' })
    const page = await op.rp.open()
    expect(op.rp.received(page)).toMatchObject({
      error: 'access_denied',
      error_description: 'a test said so: next-login: the user denies the login',
    })
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(await lastRequest(op.idp, 'authorization')).toMatchObject({
      reason: 'login.denied',
      directed: 'next-login: the user denies the login',
    })
    expect(isLoginPage(await op.rp.open())).toBe(true)
  })

  it('deny: consent is access_denied after the login, which stays', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', deny: 'consent' })
    expect(op.rp.received(await op.rp.open())).toMatchObject({ error: 'access_denied' })
    expect(await lastRequest(op.idp, 'authorization')).toMatchObject({ reason: 'consent.denied' })
    expect(op.rp.received(await op.rp.open({ prompt: 'none' }))).toHaveProperty('code')
  })

  it('deny: consent without a user waits for whoever signs in at the page', async () => {
    await using op = await startCodeFlow()
    await nextLogin(op.idp, { deny: 'consent' })
    const page = await op.rp.open()
    expect(isLoginPage(page)).toBe(true)
    expect(op.rp.received(await op.rp.pick(page))).toMatchObject({ error: 'access_denied' })
    expect(await lastRequest(op.idp, 'login')).toMatchObject({
      reason: 'consent.denied',
      directed: 'next-login: the user denies the consent',
    })
  })

  it.each([
    [{ type: 'code', mode: 'default' }, 'query'],
    [{ type: 'id_token token', mode: 'default' }, 'fragment'],
    [{ type: 'code', mode: 'form_post' }, 'form_post'],
  ] as const)('error comes as the answer of %o would, with state and iss', async (flow, place: Place) => {
    await using op = await form()
    const rp = new RelyingParty(op.idp.issuer, flow)
    const error = { error: 'temporarily_unavailable', error_description: 'try again in a minute' }
    await nextLogin(op.idp, error)
    expect(rp.received(await rp.open(), place)).toMatchObject(error)
    expect(await lastRequest(op.idp, 'authorization')).toMatchObject({
      outcome: 'refused',
      reason: 'login.directed',
      directed: 'next-login: the client gets temporarily_unavailable',
    })
  })

  it('error without a description says where it comes from', async () => {
    await using op = await form()
    await nextLogin(op.idp, { error: 'server_error' })
    expect(op.rp.received(await op.rp.open())).toMatchObject({
      error: 'server_error',
      error_description: 'a test said so: next-login: the client gets server_error',
    })
  })

  it('a user who was removed meanwhile signs in no more', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'bob' })
    expect((await ask('DELETE', `${op.idp.url}/_mock/users/bob`)).status).toBe(204)
    const answer = op.rp.received(await op.rp.open())
    expect(answer).toMatchObject({ error: 'access_denied' })
    expect(answer['error_description']).toContain('user bob is not declared in tenant default any more')
    expect(op.rp.browser.cookies.size).toBe(0)
  })

  it('a user whose status bars them is refused as at the page', async () => {
    const users = [{ username: 'eve', status: 'disabled' as const }]
    await using op = await startCodeFlow({}, { users })
    await nextLogin(op.idp, { user: 'eve' })
    await op.rp.open()
    expect(await lastRequest(op.idp, 'authorization')).toMatchObject({ reason: 'user.disabled' })
  })

  it('Entra answers with its own texts, and with those that the test wrote', async () => {
    await using entra = await startEntra()
    const { app, idp } = entra
    await nextLogin(idp, { deny: 'consent', user: ADA.username })
    expect(await app.authorize()).toMatchObject({
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: expect.stringMatching(/^AADSTS65004: /),
    })
    const error = { error: 'interaction_required', error_description: 'AADSTS50158: External challenge.' }
    await nextLogin(idp, error)
    expect(await app.authorize({ prompt: 'none' })).toMatchObject(error)
  })
})

describe('next-login: the password grant', () => {
  const grant_types = ['password', 'authorization_code'] as const
  const credentials = { grant_type: 'password', username: 'alice', scope: 'openid' }
  const token = ({ idp }: Awaited<ReturnType<typeof form>>) =>
    post(`${idp.issuer}/token`, credentials, basic('client', SECRET))

  it.each([
    [{ deny: 'login' }, 'invalid_grant', 'login.wrong_password'],
    [{ deny: 'consent' }, 'consent_required', 'consent.required'],
    [{ mfa: 'required' }, 'invalid_grant', 'user.mfa_required'],
    [{ error: 'temporarily_unavailable' }, 'temporarily_unavailable', 'login.directed'],
  ] as const)('is refused for %o with %s', async (login, error, reason) => {
    await using op = await form({ grant_types: [...grant_types] })
    await nextLogin(op.idp, login)
    const refused = await token(op)
    expect([refused.status, refused.body['error'], refused.headers.get('x-mock-reason')]).toEqual([
      400,
      error,
      reason,
    ])
    expect((await token(op)).status).toBe(200)
  })

  it('is 401 for a client that is told its credentials do not hold, as RFC 6749 has it', async () => {
    await using op = await form({ grant_types: [...grant_types] })
    await nextLogin(op.idp, { error: 'invalid_client' })
    const { status, headers, body } = await token(op)
    expect([status, body['error']]).toEqual([401, 'invalid_client'])
    expect(headers.get('www-authenticate')).toMatch(/^Basic /)
  })

  it('leaves a named user to the next page', async () => {
    await using op = await form({ grant_types: [...grant_types] })
    await nextLogin(op.idp, { user: 'bob', mfa: 'required' })
    expect((await token(op)).status).toBe(200)
    expect(await waiting(op.idp)).toHaveLength(1)
  })

  it('is not used up by wrong credentials', async () => {
    const users = [{ username: 'alice', password: 'wonderland' }]
    await using op = await startCodeFlow({ grant_types: [...grant_types] }, { users })
    await nextLogin(op.idp, { mfa: 'required' })
    expect((await token(op)).headers.get('x-mock-reason')).toBe('login.wrong_password')
    expect(await waiting(op.idp)).toHaveLength(1)
  })

  it('is refused in the words of Entra', async () => {
    await using entra = await startEntra()
    const password = { grant_type: 'password', username: ADA.username, password: ADA.password }
    const codes = [
      [{ mfa: 'required' }, 50076, 'basic_action'],
      [{ deny: 'login' }, 50126, undefined],
      [{ deny: 'consent' }, 65001, 'consent_required'],
    ] as const
    for (const [login, code, suberror] of codes) {
      await nextLogin(entra.idp, { ...login, client: APP[0] })
      const { status, body } = await entra.app.token({ ...password, scope: 'openid' })
      expect([status, body['error'], body['error_codes'], body['suberror']]).toEqual([
        400,
        'invalid_grant',
        [code],
        suberror,
      ])
    }
  })
})
