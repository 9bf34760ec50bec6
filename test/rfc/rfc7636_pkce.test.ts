import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { redeem } from '../support/browser.ts'
import { REDIRECT_URI, startCodeFlow } from '../support/relying_party.ts'

/** The example of RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const S256 = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

const s256 = (verifier: string) => createHash('sha256').update(verifier, 'ascii').digest('base64url')
const invalidGrant = (description: string) => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: expect.stringContaining(description) },
})

const APP = { clients: [{ client_id: 'client', redirect_uris: [REDIRECT_URI] }] }

describe('RFC 7636 §4.6 Server Verifies code_verifier before Returning the Tokens', () => {
  it('takes the verifier of an S256 challenge: the example of appendix B', async () => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize(S256)
    expect((await op.rp.redeem(answer, { code_verifier: VERIFIER })).status).toBe(200)
  })

  it.each(['a'.repeat(43), '~._-'.repeat(32)])(
    'takes verifiers of 43 to 128 characters: %s',
    async (code_verifier) => {
      await using op = await startCodeFlow()
      const answer = await op.rp.authorize({ ...S256, code_challenge: s256(code_verifier) })
      expect((await op.rp.redeem(answer, { code_verifier })).status).toBe(200)
    },
  )

  it.each(['a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(43)}+`])(
    'refuses a verifier of other lengths or characters, though its hash fits: %s',
    async (code_verifier) => {
      await using op = await startCodeFlow()
      const answer = await op.rp.authorize({ ...S256, code_challenge: s256(code_verifier) })
      expect(await op.rp.redeem(answer, { code_verifier })).toMatchObject(
        invalidGrant('expected 43 to 128 characters'),
      )
    },
  )

  it.each([
    ['by name', { code_challenge_method: 'plain' }],
    ['by default', { code_challenge_method: undefined }],
  ])('takes the verifier of a plain challenge, %s', async (_what, method) => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize({ code_challenge: VERIFIER, ...method })
    const wrong = await op.rp.redeem(answer, { code_verifier: VERIFIER.toLowerCase() })
    expect(wrong).toMatchObject(invalidGrant('does not match code_challenge (plain)'))
    expect((await op.rp.redeem(answer, { code_verifier: VERIFIER })).status).toBe(200)
  })

  it.each([
    ['another one', 'x'.repeat(43)],
    ['the challenge itself', CHALLENGE],
    ['one that differs in letter case', VERIFIER.toUpperCase()],
    ['one with a character more', `${VERIFIER}k`],
  ])(
    'refuses %s with invalid_grant; a failed attempt does not use the code up',
    async (_what, code_verifier) => {
      await using op = await startCodeFlow()
      const answer = await op.rp.authorize(S256)
      expect(await op.rp.redeem(answer, { code_verifier })).toMatchObject(
        invalidGrant('does not match code_challenge (S256)'),
      )
      expect((await op.rp.redeem(answer, { code_verifier: VERIFIER })).status).toBe(200)
    },
  )

  it('refuses a code with a challenge to who sends no verifier', async () => {
    await using op = await startCodeFlow()
    expect(await op.rp.redeem(await op.rp.authorize(S256))).toMatchObject(
      invalidGrant('code_verifier is missing'),
    )
  })

  it('refuses a verifier where the request had no challenge, so that nobody can take it out, RFC 9700 §4.8.2', async () => {
    await using op = await startCodeFlow()
    const answer = await op.rp.authorize()
    expect(await op.rp.redeem(answer, { code_verifier: VERIFIER })).toMatchObject(
      invalidGrant('code_verifier came, but the authorization request had no code_challenge'),
    )
    expect((await op.rp.redeem(answer)).status).toBe(200)
  })

  it('does not take the verifier of another login', async () => {
    await using op = await startCodeFlow()
    const other = 'y'.repeat(43)
    await op.rp.authorize({ ...S256, code_challenge: s256(other) })
    const answer = await op.rp.authorize(S256)
    expect(await op.rp.redeem(answer, { code_verifier: other })).toMatchObject(invalidGrant('does not match'))
  })
})

describe('RFC 7636 §4.4.1 Error Response', () => {
  it.each([
    ['too short', 'a'.repeat(42)],
    ['too long', 'a'.repeat(129)],
    ['with padding', `${CHALLENGE}=`],
    ['in base64 that is not base64url', 'a+/'.repeat(15)],
    ['with a character outside ASCII', 'ä'.repeat(43)],
  ])('refuses a challenge that is %s with invalid_request', async (_what, code_challenge) => {
    await using op = await startCodeFlow()
    const answer = op.rp.received(await op.rp.open({ ...S256, code_challenge }))
    expect(answer).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('43 to 128'),
    })
  })

  it.each(['s256', 'S512', 'none'])(
    'refuses the method %s with invalid_request',
    async (code_challenge_method) => {
      await using op = await startCodeFlow()
      const answer = op.rp.received(await op.rp.open({ ...S256, code_challenge_method }))
      expect(answer).toMatchObject({
        error: 'invalid_request',
        error_description: `code_challenge_method is ${code_challenge_method}, expected S256 or plain`,
      })
    },
  )

  it('refuses a method without a challenge', async () => {
    await using op = await startCodeFlow()
    const answer = op.rp.received(await op.rp.open({ code_challenge_method: 'S256' }))
    expect(answer['error']).toBe('invalid_request')
  })
})

describe('RFC 7636 §4.4.1 and RFC 9700 §2.1.1: who must use PKCE', () => {
  it('a client without credentials must, and can then redeem its code without any', async () => {
    await using op = await startCodeFlow({}, { ...APP, users: [{ username: 'alice' }] })
    const answer = op.rp.received(await op.rp.open())
    expect(answer).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^code_challenge is missing, client client must use PKCE/),
    })
    const { code = '' } = await op.rp.authorize(S256)
    const form = { code, redirect_uri: REDIRECT_URI, client_id: 'client' }
    expect(await redeem(op.idp.issuer, form)).toMatchObject(invalidGrant('code_verifier is missing'))
    expect((await redeem(op.idp.issuer, { ...form, code_verifier: VERIFIER })).status).toBe(200)
  })

  it('a client with a secret may go without, unless it registered require_pkce', async () => {
    await using free = await startCodeFlow()
    expect(await free.rp.authorize()).toHaveProperty('code')
    await using bound = await startCodeFlow({ require_pkce: true })
    expect(bound.rp.received(await bound.rp.open())['error']).toBe('invalid_request')
    expect(await bound.rp.authorize(S256)).toHaveProperty('code')
  })

  it('a public client may go without where it registered require_pkce: false', async () => {
    const [app] = APP.clients
    await using op = await startCodeFlow(
      {},
      { clients: [{ ...app!, require_pkce: false }], users: [{ username: 'alice' }] },
    )
    const { code = '' } = await op.rp.authorize()
    const { status } = await redeem(op.idp.issuer, { code, redirect_uri: REDIRECT_URI, client_id: 'client' })
    expect(status).toBe(200)
  })
})

describe('strictness of pkce', () => {
  it.each(['warn', 'lax'] as const)(
    '%s takes a verifier that does not match, and none at all',
    async (pkce) => {
      await using op = await startCodeFlow({ require_pkce: true }, { strictness: { pkce } })
      const more = [{ code_verifier: 'x'.repeat(43) }, {}] as Record<string, string>[]
      for (const each of more)
        expect((await op.rp.redeem(await op.rp.authorize(S256), each)).status).toBe(200)
      expect((await op.rp.redeem(await op.rp.authorize(), { code_verifier: VERIFIER })).status).toBe(200)
    },
  )
})
