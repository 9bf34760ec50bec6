/** Modules of the conformance plans about what is done with a code. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { redeem } from '../support/browser.ts'
import { type Flow, REDIRECT_URI, RelyingParty, SECRET, startOp } from '../support/relying_party.ts'

const YEAR = 365 * 24 * 3600

const REFUSED = { status: 400, body: { error: 'invalid_grant' } }

export function codeModules(flow: Flow): void {
  it('oidcc-server: redeems the code for 200, an ID token and an access token with a sane expires_in', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { status, headers, body } = await rp.redeem(await rp.authorize())
    expect({ status, store: headers.get('cache-control') }).toEqual({ status: 200, store: 'no-store' })
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body).toMatchObject({
      token_type: 'Bearer',
      access_token: expect.stringMatching(/^[\w.~+/-]{32,}$/),
    })
    expect(body['expires_in']).toSatisfy(
      (seconds) => Number.isInteger(seconds) && seconds > 0 && seconds < YEAR,
    )
    await rp.verified(body['id_token'])
    expect((await rp.userinfo(body['access_token'])).status).toBe(200)
  })

  it('oidcc-server-client-secret-post: the same for a client that sends its secret in the form', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow, 'client_secret_post')
    const { code = '' } = await rp.authorize()
    const me = { client_id: 'client_secret_post', client_secret: SECRET }
    const { status, body } = await redeem(idp.issuer, { code, redirect_uri: REDIRECT_URI, ...me })
    expect(status).toBe(200)
    await rp.verified(body['id_token'])
  })

  it('oidcc-codereuse: 400 invalid_grant for a code that was redeemed just now', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const answer = await rp.authorize()
    expect((await rp.redeem(answer)).status).toBe(200)
    expect(await rp.redeem(answer)).toMatchObject(REFUSED)
  })

  it('oidcc-codereuse-30seconds: 400 invalid_grant after 30 s, and the access token of the first exchange is dead', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const answer = await rp.authorize()
    const { body } = await rp.redeem(answer)
    await idp.clock.advance('30s')
    expect((await rp.userinfo(body['access_token'])).status).toBe(200)
    expect(await rp.redeem(answer)).toMatchObject(REFUSED)
    expect((await rp.userinfo(body['access_token'])).status).toBe(401)
  })

  it.each([
    ['client', 'the scope again', { scope: 'openid offline_access' }],
    ['client2', 'no scope', {}],
  ])(
    'oidcc-refresh-token: offline_access with prompt=consent gives %s a refresh token, which works with %s',
    async (client_id, _what, scope) => {
      await using idp = await startOp()
      const rp = new RelyingParty(idp.issuer, flow, client_id)
      const { tokens, id } = await rp.login({ scope: 'openid offline_access', prompt: 'consent' })
      expect(tokens?.['refresh_token']).toMatch(/^[\w.~+/-]{32,}$/)
      await idp.clock.advance('1s')
      const { status, headers, body } = await rp.refresh(
        tokens?.['refresh_token'],
        scope as Record<string, string>,
      )
      expect({ status, store: headers.get('cache-control') }).toEqual({ status: 200, store: 'no-store' })
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) })
      expect(body['refresh_token']).toMatch(/^[\w.~+/-]{32,}$/)
      expect((await rp.userinfo(body['access_token'])).body['sub']).toBe(id.sub)
      // A refreshed ID token has no nonce.
      rp.sent = { ...rp.sent, nonce: undefined }
      const { payload } = await rp.verified(body['id_token'])
      const { iss, sub, aud, azp, auth_time } = id
      expect(payload).toMatchObject({ iss, sub, aud, azp, auth_time })
      expect(payload.iat).toBeGreaterThan(Number(id.iat))
    },
  )

  it("oidcc-refresh-token: 400 invalid_grant for the other client's refresh token", async () => {
    await using idp = await startOp()
    const other = new RelyingParty(idp.issuer, flow, 'client2')
    const { tokens } = await other.login({ scope: 'openid offline_access' })
    const rp = new RelyingParty(idp.issuer, flow)
    expect(await rp.refresh(tokens?.['refresh_token'])).toMatchObject(REFUSED)
  })

  it('oidcc-ensure-request-with-valid-pkce-succeeds: the code is redeemed with the verifier, and not with another', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const code_verifier = 'a'.repeat(43)
    const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
    const answer = await rp.authorize({ code_challenge, code_challenge_method: 'S256' })
    expect(await rp.redeem(answer, { code_verifier: 'b'.repeat(43) })).toMatchObject(REFUSED)
    expect((await rp.redeem(answer, { code_verifier })).status).toBe(200)
  })
}
