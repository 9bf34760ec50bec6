/** OpenID Connect conformance: the plans "basic" and "form post basic", in what only a flow with a code has. */
import { describe, expect, it } from 'vitest'
import { codeModules } from '../contract/oidcc_code.contract.ts'
import { requestObjectModules } from '../contract/oidcc_request_object.contract.ts'
import { decode } from '../support/http.ts'
import { BASIC, RelyingParty, startOp } from '../support/relying_party.ts'

describe.each(BASIC)('basic plan, response_type=$type, response_mode=$mode', (flow) => {
  codeModules(flow)
  requestObjectModules(flow)

  it('oidcc-idtoken-unsigned: sends an ID token of alg none and without signature to a client that registered none', async () => {
    await using idp = await startOp({ id_token_signed_response_alg: 'none', response_types: ['code'] })
    const rp = new RelyingParty(idp.issuer, flow)
    const { body } = await rp.redeem(await rp.authorize())
    const { header, claims } = decode(String(body['id_token']))
    expect(header).toEqual({ typ: 'JWT', alg: 'none' })
    expect(String(body['id_token']).endsWith('.')).toBe(true)
    expect(claims).toMatchObject({ iss: idp.issuer, aud: 'client', nonce: rp.sent['nonce'] })
  })
})
