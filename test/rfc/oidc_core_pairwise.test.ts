import { describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import { REDIRECT_URI, RelyingParty, SECRET, startCodeFlow } from '../support/relying_party.ts'

const UUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Clients that send their users to REDIRECT_URI and stand in these sectors. */
function startIn(sectors: Readonly<Record<string, string | undefined>>) {
  const usual = {
    client_secret: SECRET,
    grant_types: ['authorization_code', 'refresh_token'] as ('authorization_code' | 'refresh_token')[],
  }
  const pairwise = Object.entries(sectors).map(([client_id, host]) => ({
    ...usual,
    client_id,
    redirect_uris: [REDIRECT_URI],
    subject_type: 'pairwise' as const,
    ...(host === undefined ? {} : { sector_identifier_uri: `https://${host}/sector.json` }),
  }))
  const open = { ...usual, client_id: 'open', redirect_uris: [REDIRECT_URI] }
  return startCodeFlow({}, { clients: [...pairwise, open] })
}

type Started = Awaited<ReturnType<typeof startIn>>

const loginAt = ({ idp, rp }: Started, client_id: string) =>
  new RelyingParty(idp.issuer, rp.flow, client_id).login()

describe('OpenID Connect Core §8.1 Pairwise Identifier Algorithm', () => {
  it('gives the same sub in the ID token, the access token, UserInfo, introspection and after a refresh', async () => {
    await using op = await startIn({ client: undefined })
    const { rp } = op
    const { id, tokens, access_token } = await rp.login()
    const refreshed = (await rp.refresh(tokens?.['refresh_token'])).body
    expect(id.sub).toMatch(UUID_V5)
    expect([
      decode(String(access_token)).claims['sub'],
      (await rp.userinfo(access_token)).body['sub'],
      decode(String(refreshed['id_token'])).claims['sub'],
      decode(String(refreshed['access_token'])).claims['sub'],
      (await rp.userinfo(refreshed['access_token'])).body['sub'],
    ]).toEqual(Array(5).fill(id.sub))
  })

  it('gives another sub in each sector, the same in one sector, and tells none of them the public one', async () => {
    await using op = await startIn({ a: 'one.test', b: 'one.test', c: 'two.test', d: undefined })
    const subs: Record<string, unknown> = {}
    for (const client_id of ['a', 'b', 'c', 'd', 'open'])
      subs[client_id] = (await loginAt(op, client_id)).id.sub
    expect(subs['a']).toBe(subs['b'])
    expect(new Set(Object.values(subs)).size).toBe(4)
  })

  it('takes the host of the redirect URI for the sector where there is no sector_identifier_uri', async () => {
    await using op = await startIn({ a: undefined, b: new URL(REDIRECT_URI).hostname })
    expect((await loginAt(op, 'a')).id.sub).toBe((await loginAt(op, 'b')).id.sub)
  })

  it('takes the client itself where the redirect URI has a scheme of its own and so no host', async () => {
    const app = (client_id: string) => ({
      client_id,
      client_secret: SECRET,
      redirect_uris: [`com.${client_id}:/callback`],
      subject_type: 'pairwise' as const,
    })
    await using op = await startCodeFlow({}, { clients: [app('one'), app('two')] })
    const subs = ['one', 'two'].map(async (client_id) => {
      const rp = new RelyingParty(op.idp.issuer, op.rp.flow, client_id)
      const redirect_uri = `com.${client_id}:/callback`
      const { body } = await rp.redeem(await rp.authorize({ redirect_uri }), { redirect_uri })
      return decode(String(body['id_token'])).claims['sub']
    })
    const [one, two] = await Promise.all(subs)
    expect(one).toMatch(UUID_V5)
    expect(one).not.toBe(two)
  })

  it('gives the same sub at every start, and users different ones', async () => {
    const subs: unknown[] = []
    for (const user of ['alice', 'alice', 'bob']) {
      await using op = await startIn({ client: undefined })
      subs.push((await op.rp.taken(op.rp.received(await op.rp.pick(await op.rp.open(), user)))).id.sub)
    }
    expect(subs[1]).toBe(subs[0])
    expect(subs[2]).not.toBe(subs[0])
  })

  it('does not show the configured sub', async () => {
    await using op = await startCodeFlow(
      { subject_type: 'pairwise' },
      { users: [{ username: 'alice', sub: 'the-real-one' }] },
    )
    const { tokens, id, access_token } = await op.rp.login({ scope: 'openid profile' })
    const seen = [id, decode(String(access_token)).claims, (await op.rp.userinfo(access_token)).body, tokens]
    expect(JSON.stringify(seen)).not.toContain('the-real-one')
  })

  it('is what id_token_hint and the claims parameter mean', async () => {
    await using op = await startIn({ client: undefined })
    const { tokens, id } = await op.rp.login()
    const hint = { id_token_hint: String(tokens?.['id_token']), prompt: 'none' }
    expect((await op.rp.login(hint)).id.sub).toBe(id.sub)
    const claims = JSON.stringify({ id_token: { sub: { value: id.sub } } })
    expect((await op.rp.login({ claims, prompt: 'none' })).id.sub).toBe(id.sub)
  })

  it('is another one than the hint of a client of another sector means', async () => {
    await using op = await startIn({ client: 'one.test', other: 'two.test' })
    const { tokens } = await op.rp.login()
    const other = new RelyingParty(op.idp.issuer, op.rp.flow, 'other')
    await other.login()
    const answer = other.received(
      await other.open({ id_token_hint: String(tokens?.['id_token']), prompt: 'none' }),
    )
    expect(answer['error']).toBe('login_required')
  })
})
