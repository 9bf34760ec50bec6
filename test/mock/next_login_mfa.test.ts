import { describe, expect, it } from 'vitest'
import { answerAt, idClaims, type Page } from '../support/browser.ts'
import { ADA, APP, signIn, startEntra, v1Of } from '../support/entra_tenant.ts'
import { basic, post } from '../support/http.ts'
import { lastRequest, nextLogin } from '../support/next_login.ts'
import { isLoginPage, SECRET, startCodeFlow } from '../support/relying_party.ts'

const form = () => startCodeFlow({}, { login: { mode: 'form', acr_values: ['1', '2', '3'] } })
type Started = Awaited<ReturnType<typeof form>>

async function claimsAt({ rp }: Started, page: Page) {
  return idClaims((await rp.redeem(rp.received(page))).body)
}

const asksForFactor = ({ html }: Page) => html.includes('data-testid="confirm"')

describe('next-login: a second factor', () => {
  it('mfa: done gives the login mfa in amr, and the stronger acr', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', mfa: 'done' })
    expect(await claimsAt(op, await op.rp.open())).toMatchObject({ amr: ['pwd', 'mfa'], acr: '2' })
  })

  it.each([
    ['3', '3'],
    ['1 3', '3'],
    ['1', '2'],
  ])('mfa: done for acr_values=%s is acr %s', async (acr_values, acr) => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', mfa: 'done' })
    expect(await claimsAt(op, await op.rp.open({ acr_values }))).toMatchObject({ acr })
  })

  it('mfa: done keeps an essential acr as it was asked for', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', mfa: 'done' })
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['1'] } } })
    expect(await claimsAt(op, await op.rp.open({ claims }))).toMatchObject({ acr: '1', amr: ['pwd', 'mfa'] })
  })

  it('mfa: done without a user is for whoever signs in at the page', async () => {
    await using op = await startCodeFlow()
    await nextLogin(op.idp, { mfa: 'done' })
    const claims = await claimsAt(op, await op.rp.pick(await op.rp.open()))
    expect(claims).toMatchObject({ amr: ['user', 'mfa'], acr: '2' })
  })

  it.each([{}, { prompt: 'none' }])('mfa: done steps a session up, with %j', async (params) => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice' })
    const before = await claimsAt(op, await op.rp.open())
    expect(before).toMatchObject({ amr: ['pwd'], acr: '1' })
    await nextLogin(op.idp, { mfa: 'done' })
    const after = await claimsAt(op, await op.rp.open(params))
    expect(after).toMatchObject({ sid: before['sid'], amr: ['pwd', 'mfa'], acr: '2' })
  })

  it('mfa: required asks for it at a page, and goes on with mfa in amr', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', mfa: 'required' })
    const page = await op.rp.open()
    expect(asksForFactor(page)).toBe(true)
    expect(page.html).toContain('Alice Pleasance Liddell')
    expect(page.html).not.toContain('<script')
    expect(op.rp.browser.cookies.size).toBe(0)
    const next = await op.rp.browser.submit(page, { action: 'confirm' })
    expect(await claimsAt(op, next)).toMatchObject({ amr: ['pwd', 'mfa'], acr: '2' })
    expect(await lastRequest(op.idp, 'login')).toMatchObject({
      user: 'alice',
      directed: 'next-login: alice signs in, a second factor is required',
    })
    expect((await op.rp.browser.submit(page, { action: 'confirm' })).status).toBe(400)
  })

  it('mfa: required goes on with who showed the first factor, whoever signed in meanwhile', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', mfa: 'required' })
    const page = await op.rp.open()
    const sent = op.rp.sent
    await nextLogin(op.idp, { user: 'bob' })
    const { sid } = await claimsAt(op, await op.rp.open())
    op.rp.sent = sent
    const claims = await claimsAt(
      op,
      await op.rp.browser.submit(page, { action: 'confirm', username: 'bob' }),
    )
    expect(claims).toMatchObject({ amr: ['pwd', 'mfa'] })
    expect(claims['sid']).not.toBe(sid)
    expect(await lastRequest(op.idp, 'login')).toMatchObject({ user: 'alice' })
  })

  it('mfa: required bars no less whom the status bars', async () => {
    const users = [{ username: 'alice', status: 'disabled' as const }]
    await using op = await startCodeFlow({}, { users, login: { mode: 'form' } })
    await nextLogin(op.idp, { user: 'alice', mfa: 'required' })
    const page = await op.rp.browser.submit(await op.rp.open(), { action: 'confirm' })
    expect(op.rp.received(page)).toMatchObject({ error: 'access_denied' })
  })

  it('mfa: required without a user comes behind the password', async () => {
    await using op = await startCodeFlow()
    await nextLogin(op.idp, { mfa: 'required' })
    const first = await op.rp.open()
    expect(isLoginPage(first)).toBe(true)
    const second = await op.rp.pick(first)
    expect(asksForFactor(second)).toBe(true)
    const claims = await claimsAt(op, await op.rp.browser.submit(second, { action: 'confirm' }))
    expect(claims['amr']).toEqual(['user', 'mfa'])
  })

  it('mfa: required also asks whoever has a session, and in login.mode auto', async () => {
    await using op = await startCodeFlow({}, { login: { mode: 'auto', acr_values: ['1'] } })
    await op.rp.open()
    await nextLogin(op.idp, { mfa: 'required' })
    const page = await op.rp.open()
    expect(asksForFactor(page)).toBe(true)
    const claims = await claimsAt(op, await op.rp.browser.submit(page, { action: 'confirm' }))
    expect(claims).toMatchObject({ amr: ['mfa'], acr: '1' })
  })

  it('a person who denies the second factor does not sign in', async () => {
    await using op = await form()
    await nextLogin(op.idp, { user: 'alice', mfa: 'required' })
    const page = await op.rp.browser.submit(await op.rp.open(), { action: 'deny' })
    expect(op.rp.received(page)).toMatchObject({ error: 'access_denied' })
    expect(op.rp.browser.cookies.size).toBe(0)
  })

  it.each([{ user: 'alice' }, {}])(
    'mfa: required is interaction_required where prompt=none, %j',
    async (who) => {
      await using op = await form()
      await nextLogin(op.idp, { user: 'alice' })
      await op.rp.open()
      await nextLogin(op.idp, { ...who, mfa: 'required' })
      const answer = op.rp.received(await op.rp.open({ prompt: 'none' }))
      expect(answer).toMatchObject({ error: 'interaction_required' })
      expect(answer['error_description']).toContain('user alice needs a second factor')
    },
  )

  it('mfa: done is in the tokens of the password grant', async () => {
    await using op = await startCodeFlow({ grant_types: ['password', 'authorization_code'] })
    await nextLogin(op.idp, { mfa: 'done' })
    const sent = { grant_type: 'password', username: 'alice', scope: 'openid' }
    const { body } = await post(`${op.idp.issuer}/token`, sent, basic('client', SECRET))
    expect(idClaims(body)).toMatchObject({ amr: ['pwd', 'mfa'], acr: '2' })
  })
})

describe('next-login: a second factor at Entra', () => {
  it('mfa: required silently is AADSTS50076 with the claims to ask for', async () => {
    await using entra = await startEntra()
    await signIn(entra.app)
    await nextLogin(entra.idp, { mfa: 'required', client: APP[0] })
    const answer = await entra.app.authorize({ prompt: 'none' })
    expect(answer).toMatchObject({ error: 'interaction_required', suberror: 'basic_action' })
    expect(answer['error_description']).toMatch(/^AADSTS50076: /)
    expect(answer['claims']).toContain('capolids')
  })

  it('mfa: done is pwd and mfa in the tokens of v1', async () => {
    await using entra = await startEntra()
    await nextLogin(entra.idp, { user: ADA.email, mfa: 'done' })
    expect((await signIn(await v1Of(entra))).id['amr']).toEqual(['pwd', 'mfa'])
    await nextLogin(entra.idp, { user: ADA.username })
    expect((await signIn(await v1Of(entra))).id['amr']).toEqual(['pwd'])
  })

  it('a user whose status asks for more passes where the test did it for them', async () => {
    await using entra = await startEntra({ user: { status: 'mfa_required' } })
    const { app, idp } = entra
    await signIn(app)
    expect(await app.authorize({ prompt: 'none' })).toMatchObject({ error: 'interaction_required' })
    await nextLogin(idp, { mfa: 'done' })
    expect(await app.authorize({ prompt: 'none' })).toHaveProperty('code')
    const page = await app.browser.open(app.request({ prompt: 'none' }))
    expect(answerAt(page).get('error')).toBeNull()
  })
})
