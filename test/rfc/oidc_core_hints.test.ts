import { describe, expect, it } from 'vitest'
import { isLoginPage, RelyingParty, startCodeFlow } from '../support/relying_party.ts'

const subIs = (how: object) => JSON.stringify({ id_token: { sub: how } })

type Started = Awaited<ReturnType<typeof startCodeFlow>>

/** The sub of a user, found in a browser of its own. */
async function subOf({ idp, rp }: Started, user: string): Promise<string> {
  const other = new RelyingParty(idp.issuer, rp.flow)
  return String((await other.taken(other.received(await other.pick(await other.open(), user)))).id.sub)
}

describe('OpenID Connect Core §3.1.2.1 id_token_hint', () => {
  it('still says who is meant when it has expired', async () => {
    await using op = await startCodeFlow()
    const { tokens, id } = await op.rp.login()
    await op.idp.clock.advance('2h')
    const hint = { id_token_hint: String(tokens?.['id_token']) }
    expect((await op.rp.login({ ...hint, prompt: 'none' })).id.sub).toBe(id.sub)
  })

  it('may have been issued to another client', async () => {
    await using op = await startCodeFlow()
    const other = new RelyingParty(op.idp.issuer, op.rp.flow, 'client2')
    const { tokens } = await other.login()
    const page = await op.rp.open({ id_token_hint: String(tokens?.['id_token']) })
    expect(op.rp.received(await op.rp.pick(page))).toHaveProperty('code')
  })

  it('of another user asks for a login, and an answer about somebody else is never given', async () => {
    await using op = await startCodeFlow()
    const { tokens, id } = await op.rp.login()
    const hint = { id_token_hint: String(tokens?.['id_token']) }
    await op.rp.pick(await op.rp.open({ prompt: 'login' }), 'bob')
    expect(op.rp.received(await op.rp.open({ ...hint, prompt: 'none' }))).toMatchObject({
      error: 'login_required',
      error_description: expect.stringContaining(`id_token_hint means, whose sub is ${id.sub}`),
    })
    const page = await op.rp.open(hint)
    expect(isLoginPage(page)).toBe(true)
    expect(op.rp.received(await op.rp.pick(page, 'bob'))['error']).toBe('login_required')
    const again = op.rp.received(await op.rp.pick(await op.rp.open(hint)))
    expect((await op.rp.taken(again)).id.sub).toBe(id.sub)
  })

  it.each([
    ['an access token', (tokens: Record<string, unknown>) => tokens['access_token']],
    [
      'an ID token with alg none',
      (tokens: Record<string, unknown>) => `eyJhbGciOiJub25lIn0.${String(tokens['id_token']).split('.')[1]}.`,
    ],
    [
      'an ID token that was changed',
      (tokens: Record<string, unknown>) =>
        String(tokens['id_token']).replace(/\.[^.]+\./, '.eyJzdWIiOiJhIn0.'),
    ],
    ['no JWT', () => 'alice'],
  ])('is refused with invalid_request where it is %s', async (_what, hintOf) => {
    await using op = await startCodeFlow()
    const { tokens } = await op.rp.login()
    const answer = op.rp.received(await op.rp.open({ id_token_hint: String(hintOf(tokens ?? {})) }))
    expect(answer).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^id_token_hint is not an ID token of this provider: /),
    })
  })

  it('is refused where another provider issued it', async () => {
    await using other = await startCodeFlow({}, { keys: [{ alg: 'RS256' }] })
    await using op = await startCodeFlow()
    const { tokens } = await other.rp.login()
    const answer = op.rp.received(await op.rp.open({ id_token_hint: String(tokens?.['id_token']) }))
    expect(answer['error']).toBe('invalid_request')
  })
})

describe('OpenID Connect Core §5.5.1 sub asked for with a value', () => {
  it('is answered for that user without a page, by value or among values', async () => {
    await using op = await startCodeFlow()
    const { id } = await op.rp.login()
    for (const how of [{ value: id.sub }, { values: ['x', id.sub] }, { value: id.sub, essential: true }])
      expect((await op.rp.login({ claims: subIs(how), prompt: 'none' })).id.sub).toBe(id.sub)
  })

  it('asks for a login of that user, and does not answer with another', async () => {
    await using op = await startCodeFlow()
    const bob = await subOf(op, 'bob')
    const alice = (await op.rp.login()).id.sub
    const claims = subIs({ value: bob })
    const answer = op.rp.received(await op.rp.open({ claims, prompt: 'none' }))
    expect(answer['error']).toBe('login_required')
    expect(answer['error_description']).toContain(`whose sub is ${String(bob)}`)
    expect(answer['error_description']).not.toContain(String(alice))
    const page = await op.rp.open({ claims })
    expect(isLoginPage(page)).toBe(true)
    expect(op.rp.received(await op.rp.pick(page))['error']).toBe('login_required')
    const meant = op.rp.received(await op.rp.pick(await op.rp.open({ claims }), 'bob'))
    expect((await op.rp.taken(meant)).id.sub).toBe(bob)
  })
})

describe('OpenID Connect Core §3.1.2.1 login_hint', () => {
  it('marks the user on the login page, and stands in the field for a name', async () => {
    await using op = await startCodeFlow()
    const { html } = await op.rp.open({ login_hint: 'bob' })
    expect(html).toMatch(/value="bob" id="user-bob"(?:(?!<\/button>)[\s\S])*login_hint<\/span>/)
    expect(html).not.toMatch(/id="user-alice"(?:(?!<\/button>)[\s\S])*login_hint<\/span>/)
    expect(html).toContain('required value="bob"')
  })

  it('binds nobody: another user may sign in, and who is signed in stays', async () => {
    await using op = await startCodeFlow()
    const answer = op.rp.received(await op.rp.pick(await op.rp.open({ login_hint: 'bob' })))
    const { id } = await op.rp.taken(answer)
    expect(id.sub).toBe(await subOf(op, 'alice'))
    expect((await op.rp.login({ login_hint: 'bob', prompt: 'none' })).id.sub).toBe(id.sub)
  })

  it('may name nobody, and hold what HTML would change', async () => {
    await using op = await startCodeFlow()
    const page = await op.rp.open({ login_hint: '"><script>alert(1)</script>' })
    expect(page.html).not.toContain('<script>alert')
    expect(op.rp.received(await op.rp.pick(page))).toHaveProperty('code')
  })
})
