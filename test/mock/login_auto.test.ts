import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import { idClaims } from '../support/browser.ts'
import { startCodeFlow } from '../support/relying_party.ts'

const USERS = [
  { username: 'alice', roles: ['first'] },
  {
    username: 'bob',
    sub: 'sub-of-bob',
    email: 'bob@example.test',
    phone_number: '+1 555',
    roles: ['second'],
  },
]

const start = (users: ConfigInput['users'] = USERS, client = {}) =>
  startCodeFlow({ consent: false, ...client }, { login: { mode: 'auto', acr_values: ['1', '2'] }, users })
type Started = Awaited<ReturnType<typeof start>>

/** Who is signed in by a request that shows no page. */
async function whoBy({ rp }: Started, params: Record<string, string> = {}) {
  const answer = rp.received(await rp.open(params))
  if (answer['code'] === undefined) return answer['error']
  const { body } = await rp.redeem(answer)
  return { ...idClaims(body), id_token: String(body['id_token']) } as Record<string, unknown>
}

const ALICE = { roles: ['first'] }
const BOB = { roles: ['second'] }

describe('login.mode auto', () => {
  it.each(['bob', 'bob@example.test', 'BOB@example.test', 'sub-of-bob', '+1 555'])(
    'signs in the user that login_hint names, without a page: %s',
    async (login_hint) => {
      await using op = await start()
      expect(await whoBy(op, { login_hint })).toMatchObject(BOB)
    },
  )

  it.each([{}, { login_hint: 'nobody' }])('signs in the first user where %o names none', async (params) => {
    await using op = await start()
    expect(await whoBy(op, params as Record<string, string>)).toMatchObject(ALICE)
  })

  it('signs in whom login_hint names, or a user called user, where none is declared', async () => {
    await using op = await start([])
    const named = await whoBy(op, { login_hint: 'zoe', scope: 'openid profile' })
    const other = await whoBy(op, { login_hint: 'yan' })
    await using nameless = await start([])
    const unnamed = await whoBy(nameless)
    expect([named, other, unnamed]).toEqual(
      Array(3).fill(expect.objectContaining({ sub: expect.stringMatching(/^[0-9a-f-]{36}$/) })),
    )
    expect(new Set([named, other, unnamed].map((who) => (who as { sub: string }).sub)).size).toBe(3)
  })

  it('signs in another user where login_hint names one, though somebody is signed in', async () => {
    await using op = await start()
    expect(await whoBy(op)).toMatchObject(ALICE)
    expect(await whoBy(op, { login_hint: 'bob', prompt: 'none' })).toBe('login_required')
    expect(await whoBy(op, { login_hint: 'bob' })).toMatchObject(BOB)
    expect(await whoBy(op, { prompt: 'none' })).toMatchObject(BOB)
    expect(await whoBy(op, { login_hint: 'nobody' })).toMatchObject(BOB)
  })

  it('signs in who was signed in, where only the login is too old or wanted anew', async () => {
    await using op = await start()
    const first = (await whoBy(op, { login_hint: 'bob' })) as Record<string, unknown>
    await op.idp.clock.advance('1m')
    for (const params of [{ max_age: '10' }, { prompt: 'login' }, { prompt: 'select_account' }]) {
      const again = (await whoBy(op, params as Record<string, string>)) as Record<string, unknown>
      expect(again).toMatchObject({ ...BOB, sid: first['sid'] })
      expect(Number(again['auth_time'])).toBeGreaterThan(Number(first['auth_time']))
    }
  })

  it('signs in whom id_token_hint or the claims parameter mean', async () => {
    await using op = await start(USERS, { subject_type: 'pairwise' })
    const bob = (await whoBy(op, { login_hint: 'bob' })) as { sub: string; id_token: string }
    expect(await whoBy(op, { login_hint: 'alice' })).toMatchObject(ALICE)
    expect(await whoBy(op, { id_token_hint: bob.id_token })).toMatchObject(BOB)
    expect(await whoBy(op, { login_hint: 'alice' })).toMatchObject(ALICE)
    const claims = JSON.stringify({ id_token: { sub: { value: bob.sub } } })
    expect(await whoBy(op, { claims })).toMatchObject(BOB)
    const nobody = JSON.stringify({ id_token: { sub: { value: 'x' } } })
    expect(await whoBy(op, { claims: nobody })).toBe('login_required')
  })

  it('has the acr that is asked for, and says nothing of how the user proved it', async () => {
    await using op = await start()
    const who = await whoBy(op, { acr_values: '2' })
    expect(who).toMatchObject({ acr: '2' })
    expect(who).not.toHaveProperty('amr')
  })

  it('signs in nobody with prompt=none', async () => {
    await using op = await start()
    expect(await whoBy(op, { prompt: 'none', login_hint: 'bob' })).toBe('login_required')
  })

  it('asks for consent all the same where the client wants that', async () => {
    await using op = await start(USERS, { consent: true })
    const page = await op.rp.open()
    expect([new URL(page.url).pathname, page.status]).toEqual(['/consent', 200])
    expect(op.rp.received(await op.rp.browser.submit(page, { action: 'allow' }))).toHaveProperty('code')
  })
})
