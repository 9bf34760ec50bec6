/** Modules of the conformance plans about what is asked for: scopes, claims, and parameters that only advise. */
import { expect, it } from 'vitest'
import { ADDRESS, EMAIL, type Flow, PHONE, PROFILE, RelyingParty, startOp } from '../support/relying_party.ts'

const SCOPES = [
  ['profile', 'openid profile', PROFILE],
  ['email', 'openid email', EMAIL],
  ['address', 'openid address', ADDRESS],
  ['phone', 'openid phone', PHONE],
  ['all', 'openid profile email address phone', { ...PROFILE, ...EMAIL, ...ADDRESS, ...PHONE }],
] as const

/** Parameters that change nothing for the client, whatever they say. */
const ADVICE = [
  ['oidcc-display-page', { display: 'page' }],
  ['oidcc-display-popup', { display: 'popup' }],
  ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
  ['oidcc-login-hint', { login_hint: 'buffy@localhost' }],
  ['oidcc-ui-locales', { ui_locales: 'se' }],
  ['oidcc-claims-locales', { claims_locales: 'se' }],
] as const

export function claimsModules(flow: Flow): void {
  const alone = flow.type === 'id_token'
  const where = alone ? 'the ID token, as nothing else carries them' : 'UserInfo, and none in an ID token'

  it.each(SCOPES)(`oidcc-scope-%s: all claims of "%s" in ${where}`, async (_name, scope, claims) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { id, access_token } = await rp.login({ scope }, alone ? Object.keys(claims) : [])
    if (alone) return expect(id).toMatchObject(claims)
    const { body } = await rp.userinfo(access_token)
    expect(body).toEqual({ sub: id.sub, ...claims })
  })

  it(`oidcc-claims-essential: the one claim asked for in ${alone ? 'the ID token' : 'UserInfo'}, and only there`, async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const claims = JSON.stringify({ [alone ? 'id_token' : 'userinfo']: { name: { essential: true } } })
    const { id, access_token } = await rp.login({ claims }, alone ? ['name'] : [])
    if (alone) return expect(id['name']).toBe(PROFILE.name)
    expect((await rp.userinfo(access_token)).body).toEqual({ sub: id.sub, name: PROFILE.name })
  })

  it.each(ADVICE)('%s: succeeds with %o', async (_module, params) => {
    await using idp = await startOp()
    const { id } = await new RelyingParty(idp.issuer, flow).login(params)
    expect(id.sub).toMatch(/./)
  })

  it.each([
    ['all of acr_values_supported', '1 2', '1'],
    ['the second of them alone', '2', '2'],
    ['one that is not supported', 'urn:example:gold', '1'],
  ])('oidcc-ensure-request-with-acr-values-succeeds: %s (%s)', async (_what, acr_values, acr) => {
    await using idp = await startOp()
    const { front, back } = await new RelyingParty(idp.issuer, flow).login({ acr_values })
    for (const claims of [front, back].filter((each) => each !== undefined)) expect(claims['acr']).toBe(acr)
  })
}
