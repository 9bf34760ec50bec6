import { describe, expect, it } from 'vitest'
import { CALLBACK, random, startJudged } from '../support/judged.ts'

const UNCHALLENGED = { code_challenge: undefined, code_challenge_method: undefined }

describe('RFC 9700 §2.1.1: who has to use PKCE', () => {
  it('a public client', async () => {
    await using idp = await startJudged()
    await idp.ask({ client_id: 'spa', nonce: random(), ...UNCHALLENGED })
    expect(idp.findings()).toMatchObject([{ id: 'pkce_missing', severity: 'error', client_id: 'spa' }])
  })

  it('a client that is configured for it', async () => {
    const web = { client_id: 'web', client_secret: 's3cret', require_pkce: true }
    await using idp = await startJudged({
      clients: [{ ...web, redirect_uris: ['https://shop.example.test/callback'] }],
    })
    expect((await idp.ask({ nonce: random(), ...UNCHALLENGED })).get('error')).toBe('invalid_request')
    expect(idp.ids()).toEqual(['pkce_missing'])
  })

  it('is said once, where strictness lets the request pass', async () => {
    await using idp = await startJudged({ strictness: { pkce: 'warn' } })
    expect((await idp.ask({ client_id: 'spa', ...UNCHALLENGED })).get('code')).toBeTruthy()
    expect(idp.ids()).toEqual(['check.pkce'])
  })

  it('a confidential client should, unless a nonce protects it', async () => {
    await using idp = await startJudged()
    await idp.ask({ nonce: random(), ...UNCHALLENGED })
    expect(idp.findings()).toMatchObject([{ id: 'pkce_left_to_nonce', severity: 'info' }])
    await idp.ask({ ...UNCHALLENGED })
    expect(idp.findings()).toMatchObject([{}, { id: 'pkce_not_used', severity: 'warning' }])
  })

  it.each([
    ['none', 'pkce_missing'],
    ['client_secret_basic', 'pkce_not_used'],
  ])('a client that registered itself with the method %s: %s', async (token_endpoint_auth_method, id) => {
    await using idp = await startJudged({ registration: { enabled: true } })
    const metadata = { redirect_uris: [CALLBACK], token_endpoint_auth_method }
    const headers = { 'content-type': 'application/json' }
    const sent = { method: 'POST', headers, body: JSON.stringify(metadata) }
    const { client_id } = await (await fetch(`${idp.issuer}/register`, sent)).json()
    await idp.ask({ client_id, ...UNCHALLENGED })
    expect(idp.ids()).toEqual([id])
  })

  it('nobody who asks for no code', async () => {
    await using idp = await startJudged()
    await idp.ask({ client_id: 'spa', response_type: 'id_token', nonce: random(), ...UNCHALLENGED })
    expect(idp.findings()).toEqual([])
  })
})

describe('RFC 7636: how PKCE is used', () => {
  it.each([
    ['is plain', 'plain'],
    ['is missing', undefined],
  ])('finds that the method %s', async (how, code_challenge_method) => {
    await using idp = await startJudged()
    await idp.ask({ code_challenge_method })
    const [found] = idp.findings()
    expect(found).toMatchObject({ id: 'pkce_plain', severity: 'warning' })
    expect(found?.text).toContain(how)
  })

  it.each([
    ['method', { code_challenge_method: 's256' }],
    ['length', { code_challenge: 'short' }],
  ])('finds a challenge of a %s that there is not', async (_, params) => {
    await using idp = await startJudged()
    await idp.ask(params)
    expect(idp.findings()).toMatchObject([{ id: 'pkce_unusable', severity: 'error' }])
  })

  it('finds a challenge and a verifier that come again', async () => {
    await using idp = await startJudged()
    for (const _ of [1, 2]) expect((await idp.redeem(await idp.code())).status).toBe(200)
    expect(idp.findings()).toMatchObject([
      { id: 'code_challenge_reused', severity: 'error', requests: [3] },
      { id: 'code_verifier_reused', severity: 'error', requests: [4] },
    ])
  })

  it('does not take for that a code that is sent again, and a page that is loaded again', async () => {
    await using idp = await startJudged()
    const same = { state: random() }
    await idp.code(same)
    const code = await idp.code(same)
    await idp.redeem(code, { redirect_uri: 'https://elsewhere.example.test/' })
    await idp.redeem(code)
    expect(idp.ids()).toEqual(['redirect_uri_mismatch'])
  })

  it('finds the example of the RFC as a verifier, and one of a single character', async () => {
    await using idp = await startJudged()
    const example = {
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    }
    const code = await idp.code({ code_challenge: example.code_challenge })
    expect((await idp.redeem(code, { code_verifier: example.code_verifier })).status).toBe(200)
    expect(idp.findings()).toMatchObject([{ id: 'code_verifier_weak', severity: 'warning' }])
    const plain = { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' }
    await idp.redeem(await idp.code(plain), { code_verifier: plain.code_challenge })
    expect(idp.findings()).toMatchObject([{ id: 'code_verifier_weak', count: 2 }, { id: 'pkce_plain' }])
  })

  it.each([
    ['another one', random()],
    ['none', undefined],
  ])('finds a verifier that does not fit: %s', async (_, code_verifier) => {
    await using idp = await startJudged()
    await idp.redeem(await idp.code(), { code_verifier })
    expect(idp.findings()).toMatchObject([{ id: 'pkce_mismatch', severity: 'error', client_id: 'web' }])
  })

  it('finds a verifier for a code without a challenge, which is what a downgrade looks like', async () => {
    await using idp = await startJudged()
    const code = await idp.code({ ...UNCHALLENGED, nonce: random() })
    await idp.redeem(code)
    expect(idp.findings()).toMatchObject([
      { id: 'pkce_left_to_nonce' },
      { id: 'pkce_downgrade', severity: 'error', requests: [2] },
    ])
  })

  it('knows the challenge of a code that a person at a page brought about, in a form or a redirect', async () => {
    await using idp = await startJudged({ login: { mode: 'picker' } })
    for (const response_mode of ['query', 'form_post']) {
      const code = await idp.signIn({ ...UNCHALLENGED, nonce: random(), response_mode })
      await idp.redeem(code)
    }
    expect(idp.findings()).toContainEqual(expect.objectContaining({ id: 'pkce_downgrade', count: 2 }))
    expect(idp.ids()).not.toContain('pkce_mismatch')
  })

  it('says nothing of a login as it should be', async () => {
    await using idp = await startJudged()
    expect((await idp.redeem(await idp.code())).status).toBe(200)
    const code = await idp.code({ client_id: 'spa' })
    expect((await idp.redeem(code, { client_id: 'spa' }, {})).status).toBe(200)
    expect(idp.findings()).toEqual([])
  })
})
