/** Modules of the conformance plans about a whole login whose ID token or access token comes through the browser. */
import { expect, it } from 'vitest'
import { post } from '../support/http.ts'
import {
  type Flow,
  halfHash,
  isLoginPage,
  REDIRECT_URI,
  RelyingParty,
  startOp,
} from '../support/relying_party.ts'

const YEAR = 365 * 24 * 3600

/** Shannon's estimate of the bits in this very text, as the plans make it. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const bits = [...counts.values()].map((count) => -Math.log2(count / text.length) * count)
  return bits.reduce((sum, each) => sum + each, 0)
}

export function loginModules(flow: Flow): void {
  const asks = (word: string) => flow.type.split(' ').includes(word)
  const hasToken = asks('token')

  it('oidcc-server: answers with what response_type names, state and iss, and nothing else', async () => {
    await using idp = await startOp()
    const answer = await new RelyingParty(idp.issuer, flow).authorize()
    const ofToken = ['access_token', 'token_type', 'expires_in', 'scope']
    const expected = [
      ...(asks('code') ? ['code'] : []),
      ...(hasToken ? ofToken : []),
      ...(asks('id_token') ? ['id_token'] : []),
    ]
    expect(Object.keys(answer).sort()).toEqual([...expected, 'state', 'iss'].sort())
    if (asks('code')) expect(entropy(answer['code'] ?? '')).toBeGreaterThan(128)
    if (!hasToken) return
    expect(answer).toMatchObject({
      token_type: 'Bearer',
      scope: 'openid',
      expires_in: expect.stringMatching(/^\d+$/),
    })
    expect(Number(answer['expires_in'])).toBeGreaterThan(0)
    expect(Number(answer['expires_in'])).toBeLessThan(YEAR)
  })

  it('oidcc-server: has at_hash of the token and c_hash of the code that an ID token came with, and no other', async () => {
    await using idp = await startOp()
    const { answer, front, back, tokens } = await new RelyingParty(idp.issuer, flow).login()
    const { code, access_token } = answer
    const hashes = { at_hash: access_token && halfHash(access_token), c_hash: code && halfHash(code) }
    if (asks('id_token')) expect({ at_hash: front?.['at_hash'], c_hash: front?.['c_hash'] }).toEqual(hashes)
    if (asks('code')) expect(back?.['at_hash']).toBe(halfHash(tokens?.['access_token']))
    if (back?.['c_hash'] !== undefined) expect(back['c_hash']).toBe(halfHash(code))
  })

  it('oidcc-server: has iss, sub, aud, exp, iat, auth_time, nonce and azp in every ID token, and no claim unasked', async () => {
    await using idp = await startOp()
    const { front, back } = await new RelyingParty(idp.issuer, flow).login()
    const came = [front, back].filter((claims) => claims !== undefined)
    expect(came).toHaveLength(Number(asks('id_token')) + Number(asks('code')))
    for (const claims of came) {
      expect(claims).toMatchObject({ aud: 'client', azp: 'client', sub: expect.stringMatching(/^.{1,255}$/) })
      const { exp = 0, iat = 0, auth_time } = claims
      expect([exp - iat, iat - Number(auth_time)]).toEqual([
        3600,
        expect.toSatisfy((age) => age >= 0 && age < 60),
      ])
    }
  })

  it('oidcc-idtoken-signature: signs RS256 and names the key by kid where the client registered no algorithm', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { answer, tokens } = await rp.login()
    for (const id_token of [answer['id_token'], tokens?.['id_token']].filter(Boolean)) {
      const { protectedHeader } = await rp.verified(id_token)
      expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.stringMatching(/./) })
    }
  })

  it('oidcc-response-type-missing: tells invalid_request and the state in the query, or the form that was asked for', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const page = await rp.open({ response_type: undefined })
    const answer = rp.received(page, flow.mode === 'form_post' ? 'form_post' : 'query')
    expect(answer).toMatchObject({ error: 'invalid_request', state: rp.sent['state'] })
  })

  if (asks('id_token'))
    it('oidcc-ensure-request-without-nonce-fails: invalid_request by the way of the answer, and no code or token', async () => {
      await using idp = await startOp()
      const rp = new RelyingParty(idp.issuer, flow)
      const answer = rp.received(await rp.open({ nonce: undefined }))
      expect(answer['error']).toBe('invalid_request')
      expect(Object.keys(answer).sort()).toEqual(['error', 'error_description', 'iss', 'state'])
    })
  else
    it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: no nonce is needed where no ID token comes through the browser, and none is made up', async () => {
      await using idp = await startOp()
      const { back } = await new RelyingParty(idp.issuer, flow).login({ nonce: undefined })
      expect(back).not.toHaveProperty('nonce')
    })

  it('oidcc-alternate-happy-flow: takes scopes and parameters in any order', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { origin, pathname, searchParams } = new URL(rp.url({ scope: 'email openid' }))
    const turned = new URLSearchParams([...searchParams].reverse())
    const answer = rp.received(await rp.pick(await rp.browser.open(`${origin}${pathname}?${turned}`)))
    expect(answer).not.toHaveProperty('error')
    if (hasToken) expect(answer['scope']).toBe('email openid')
  })

  it('oidcc-ensure-registered-redirect-uri: shows a page with the fixed phrase and goes to neither address', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const page = await rp.open({ redirect_uri: `${REDIRECT_URI}/Xa3` })
    expect(page).toMatchObject({
      status: 400,
      html: expect.stringContaining('The redirect URI is not registered'),
    })
    expect(page.left).toBeUndefined()
    expect(page.html).not.toContain('<form')
    expect(isLoginPage(page)).toBe(false)
  })

  if (flow.type !== 'id_token') userinfoModules(flow)
}

function userinfoModules(flow: Flow): void {
  it('oidcc-userinfo-get: 200 and JSON with the sub of the ID token', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, flow)
    const { answer, tokens, id } = await rp.login()
    for (const token of [answer['access_token'], tokens?.['access_token']].filter(Boolean)) {
      const { status, headers, body } = await rp.userinfo(token)
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      // An implicit login with a token and no ID token has no sub to compare with.
      expect({ status, body }).toEqual({ status: 200, body: { sub: id.sub } })
    }
  })

  it('oidcc-userinfo-post-header: the same by POST', async () => {
    await using idp = await startOp()
    const { access_token, id } = await new RelyingParty(idp.issuer, flow).login()
    const header = { authorization: `Bearer ${String(access_token)}` }
    const { status, body } = await post(`${idp.issuer}/userinfo`, {}, header)
    expect({ status, body }).toEqual({ status: 200, body: { sub: id.sub } })
  })

  it('oidcc-userinfo-post-body: the same with the token in the form', async () => {
    await using idp = await startOp()
    const { access_token, id } = await new RelyingParty(idp.issuer, flow).login()
    const { status, body } = await post(`${idp.issuer}/userinfo`, { access_token: String(access_token) })
    expect({ status, body }).toEqual({ status: 200, body: { sub: id.sub } })
  })
}
