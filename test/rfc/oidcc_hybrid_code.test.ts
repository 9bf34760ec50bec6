/** OpenID Connect conformance: the plans "hybrid" and "form post hybrid", in what is done with the code. */
import { describe, expect, it } from 'vitest'
import { codeModules } from '../contract/oidcc_code.contract.ts'
import { decode } from '../support/http.ts'
import { HYBRID, RelyingParty, startOp } from '../support/relying_party.ts'

describe.each(HYBRID)('hybrid plan, response_type=$type, response_mode=$mode', (flow) => {
  codeModules(flow)

  it('oidcc-server: tells the same iss, sub, aud, nonce, acr, auth_time and sid in every ID token of a login', async () => {
    await using idp = await startOp()
    const { front, back } = await new RelyingParty(idp.issuer, flow).login()
    if (!flow.type.includes('id_token')) return expect(front).toBeUndefined()
    const { iss, sub, aud, nonce, acr, auth_time, sid } = front as NonNullable<typeof front>
    expect(back).toMatchObject({ iss, sub, aud, nonce, acr, auth_time, sid })
  })

  it('oidcc-server: gives another access token for the code than came with it, for the same user', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { answer, tokens, id } = await rp.login()
    expect(tokens?.['access_token']).not.toBe(answer['access_token'])
    expect((await rp.userinfo(tokens?.['access_token'])).body['sub']).toBe(id.sub)
  })

  it('redeems the code for its own client only: invalid_grant for another, and the code is still good', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const answer = await rp.authorize()
    const other = await new RelyingParty(idp.issuer, flow, 'client2').redeem(answer)
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await rp.redeem(answer)).status).toBe(200)
  })

  it('has the sub of a pairwise client in both ID tokens and UserInfo, and it is not the public one', async () => {
    await using idp = await startOp({ subject_type: 'pairwise' })
    const rp = new RelyingParty(idp.issuer, flow)
    const { front, back, access_token } = await rp.login()
    const own = (await rp.userinfo(access_token)).body['sub']
    expect([front?.sub ?? own, back?.sub]).toEqual([own, own])
    const { id } = await new RelyingParty(idp.issuer, flow, 'client2').login()
    expect(own).not.toBe(id.sub)
  })
})

describe.each(HYBRID.filter(({ type }) => type === 'code token'))(
  'hybrid plan, response_type=$type, response_mode=$mode',
  (flow) => {
    it('oidcc-idtoken-unsigned: sends an ID token of alg none to a client that registered it, as none comes through the browser', async () => {
      await using idp = await startOp({
        id_token_signed_response_alg: 'none',
        response_types: ['code', 'code token'],
      })
      const rp = new RelyingParty(idp.issuer, flow)
      const { body } = await rp.redeem(await rp.authorize())
      const { header, claims } = decode(String(body['id_token']))
      expect([header, String(body['id_token']).endsWith('.')]).toEqual([{ typ: 'JWT', alg: 'none' }, true])
      expect(claims).toMatchObject({ iss: idp.issuer, aud: 'client', nonce: rp.sent['nonce'] })
    })
  },
)
