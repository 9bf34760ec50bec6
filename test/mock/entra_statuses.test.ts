import { describe, expect, it } from 'vitest'
import { ADA, APP, ORDERS, signIn, startEntra, v1Of } from '../support/entra_tenant.ts'

const READ = `${ORDERS.identifier}/read openid profile offline_access`
const PASSWORD = { grant_type: 'password', username: ADA.username, password: ADA.password }

type Status = 'disabled' | 'locked' | 'password_expired' | 'blocked'
const BARRED = [
  ['disabled', 50057, undefined],
  ['locked', 50053, undefined],
  ['password_expired', 50055, 'user_password_expired'],
  ['blocked', 53003, 'message_only'],
] as const
const UNPROVED = [
  ['mfa_required', 50076],
  ['mfa_enrolment_required', 50079],
] as const

/** What the answer has among these, and nothing for what it has not. */
const outcome = ({ body }: { readonly body: Record<string, unknown> }) => [
  body['error'],
  body['error_codes'],
  body['suberror'],
]

const OBO = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** An API of this application asks for the next one in the name of a user, of whom it has a token. */
async function onBehalfOf(status: Status | 'mfa_required' | 'mfa_enrolment_required') {
  await using entra = await startEntra({ user: { status }, client: { grant_types: [OBO] } })
  const assertion = await entra.idp.token({
    client: APP[0],
    user: ADA.username,
    audience: APP[0],
    scope: 'x',
  })
  return await entra.app.token({
    grant_type: OBO,
    requested_token_use: 'on_behalf_of',
    assertion,
    scope: READ,
  })
}

describe('Entra: users whose status bars them', () => {
  it.each(BARRED)('%s: password grant %i, suberror %s', async (status: Status, code, suberror) => {
    await using entra = await startEntra({ user: { status } })
    const answer = await entra.app.token({ ...PASSWORD, scope: READ })
    expect([answer.status, ...outcome(answer)]).toEqual([400, 'invalid_grant', [code], suberror])
    const wrong = await entra.app.token({ ...PASSWORD, password: 'no', scope: READ })
    expect(outcome(wrong)).toEqual(['invalid_grant', [50126], undefined])
  })

  it.each(BARRED)('%s: login page, %i', async (status: Status, code, suberror) => {
    await using entra = await startEntra({ user: { status } })
    const answer = await entra.app.authorize({}, ADA.username)
    expect(answer).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringMatching(`^AADSTS${code}: `),
    })
    expect(answer['suberror']).toBe(suberror)
    // Somebody else may still sign in: the login page comes again.
    expect((await entra.app.browser.open(entra.app.request())).html).toContain('Sign in</h1>')
    expect(await entra.app.authorize({ prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  it.each(BARRED)('%s: on behalf of, %i', async (status: Status, code, suberror) => {
    expect(outcome(await onBehalfOf(status))).toEqual(['invalid_grant', [code], suberror])
  })
})

describe('Entra: users who must prove more', () => {
  it.each(UNPROVED)(
    '%s: the password grant is refused with %i and the claims to ask for',
    async (status, code) => {
      await using entra = await startEntra({ user: { status } })
      const answer = await entra.app.token({ ...PASSWORD, scope: READ })
      expect(outcome(answer)).toEqual(['invalid_grant', [code], 'basic_action'])
      expect(JSON.parse(String(answer.body['claims']))).toEqual({
        access_token: { capolids: { essential: true, values: [expect.any(String)] } },
      })
      const v1 = await (await v1Of(entra)).token({ ...PASSWORD, resource: ORDERS.identifier })
      expect(outcome(v1)).toEqual(['interaction_required', [code], 'basic_action'])
    },
  )

  it.each(UNPROVED)(
    '%s: a refresh is refused until a page was shown with those claims',
    async (status, code) => {
      await using entra = await startEntra({ user: { status } })
      const { app } = entra
      const { body } = await signIn(app, { scope: READ })
      const refused = await app.refresh(body['refresh_token'])
      expect(outcome(refused)).toEqual(['invalid_grant', [code], 'basic_action'])
      const silent = await app.authorize({ prompt: 'none', scope: READ })
      expect(silent).toMatchObject({ error: 'interaction_required', suberror: 'basic_action' })
      expect(silent['error_description']).toMatch(`AADSTS${code}: `)
      const claims = String(refused.body['claims'])
      expect((await app.browser.open(app.request({ claims, scope: READ }))).html).toContain('Sign in</h1>')
      const proved = await signIn(app, { claims, scope: READ })
      expect((await app.refresh(proved.body['refresh_token'])).status).toBe(200)
      expect(await app.authorize({ prompt: 'none', scope: READ, claims })).toHaveProperty('code')
    },
  )

  it.each(UNPROVED)('%s: on behalf of, %i with the claims to ask for', async (status, code) => {
    const answer = await onBehalfOf(status)
    expect(outcome(answer)).toEqual(['invalid_grant', [code], 'basic_action'])
    expect(answer.body['claims']).toContain('capolids')
  })

  it('have mfa in the amr of v1', async () => {
    await using entra = await startEntra({ user: { status: 'mfa_required' } })
    const { id } = await signIn(await v1Of(entra), { resource: ORDERS.identifier })
    expect(id['amr']).toEqual(['pwd', 'mfa'])
  })
})

describe('Entra: an application that only lets in whom it knows', () => {
  const client = { entra: { app_role_assignment_required: true } }
  const config = { resources: [{ identifier: `api://${APP[0]}`, roles: ['Reader'] }, ORDERS] }

  it('refuses a user without a role of its own, with 50105', async () => {
    const resources = [...config.resources, { identifier: 'api://other', roles: ['Other'] }]
    await using entra = await startEntra({ client, user: { roles: ['Other'] }, config: { resources } })
    const answer = await entra.app.token({ ...PASSWORD, scope: 'openid' })
    expect(outcome(answer)).toEqual(['invalid_grant', [50105], undefined])
    const { error, error_description } = await entra.app.authorize({}, ADA.username)
    expect([error, error_description?.split(':')[0]]).toEqual(['interaction_required', 'AADSTS50105'])
  })

  it('lets in a user who has one', async () => {
    await using entra = await startEntra({ client, user: { roles: ['Reader'] }, config })
    expect((await signIn(entra.app)).id['roles']).toEqual(['Reader'])
  })
})

describe('Entra: a user who is not there', () => {
  it('is told apart from a wrong password: 50034', async () => {
    await using entra = await startEntra()
    const answer = await entra.app.token({ ...PASSWORD, username: 'nobody@contoso.example', scope: READ })
    expect(outcome(answer)).toEqual(['invalid_grant', [50034], undefined])
  })
})

describe('users whose status bars them, in the standard dialect', () => {
  const standard = (status: Status | 'mfa_required') =>
    startEntra({ user: { status }, config: { dialect: 'standard', id: 'one', resources: [] } })

  it.each(BARRED)('%s: invalid_grant, access_denied and login_required say why', async (status: Status) => {
    await using op = await standard(status)
    const { body } = await op.app.token(PASSWORD)
    expect(body).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining(ADA.username),
    })
    const refused = await op.app.authorize({}, ADA.username)
    expect(refused).toMatchObject({ error: 'access_denied', error_description: body['error_description'] })
    expect(await op.app.authorize({ prompt: 'none' })).toMatchObject({ error: 'login_required' })
  })

  it('who need a second factor show it at the login page, and nowhere else', async () => {
    await using op = await standard('mfa_required')
    expect((await op.app.token(PASSWORD)).body).toMatchObject({ error: 'invalid_grant' })
    const { body, id } = await signIn(op.app, { scope: 'openid offline_access' })
    expect(id['amr']).toEqual(['user', 'mfa'])
    expect((await op.app.refresh(body['refresh_token'])).status).toBe(200)
    expect(await op.app.authorize({ prompt: 'none' })).toHaveProperty('code')
  })
})
