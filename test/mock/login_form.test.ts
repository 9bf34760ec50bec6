import { describe, expect, it } from 'vitest'
import { idClaims, type Page } from '../support/browser.ts'
import { isLoginPage, startCodeFlow } from '../support/relying_party.ts'

const start = () =>
  startCodeFlow(
    {},
    {
      login: { mode: 'form' },
      users: [
        { username: 'alice', password: 'wonderland', email: 'alice@example.test', roles: ['admin'] },
        { username: 'bob' },
      ],
    },
  )
type Started = Awaited<ReturnType<typeof start>>

async function submit({ rp }: Started, fields: Record<string, string>) {
  return await rp.browser.submit(await rp.open(), fields)
}

const problemOn = ({ html }: Page) => /data-testid="problem">([^<]*)</.exec(html)?.[1]

describe('login.mode form', () => {
  it.each([
    ['alice', 'wonderland'],
    ['alice@example.test', 'wonderland'],
    ['bob', 'anything'],
    ['bob', ''],
  ])('signs %s in with the password %j', async (username, password) => {
    await using op = await start()
    const { body } = await op.rp.redeem(op.rp.received(await submit(op, { username, password })))
    expect(idClaims(body)).toMatchObject({ amr: ['pwd'], ...(username !== 'bob' && { roles: ['admin'] }) })
  })

  it.each([
    [
      'a wrong password',
      { username: 'alice', password: 'w0nderland' },
      'The password is not that of alice in the configuration.',
    ],
    ['no password', { username: 'alice' }, 'The password is not that of alice in the configuration.'],
    [
      'an unknown name',
      { username: 'eve', password: 'w0nderland' },
      'There is no user eve in tenant default; add one under users.',
    ],
    ['no name', { password: 'w0nderland' }, 'Type a username.'],
    ['the card of a picker instead of a password', { user: 'alice' }, 'Type a username.'],
  ])(
    'shows the page again with 400 for %s, with the name that was typed and without the password',
    async (_what, fields, problem) => {
      await using op = await start()
      const page = await submit(op, fields as Record<string, string>)
      expect([page.status, isLoginPage(page), problemOn(page)]).toEqual([400, true, problem])
      expect(page.headers.get('set-cookie')).toBeNull()
      expect(page.html).not.toContain('w0nderland')
      if ('username' in fields) expect(page.html).toContain(`required value="${fields.username}"`)
      const answer = op.rp.received(
        await op.rp.browser.submit(page, { username: 'alice', password: 'wonderland' }),
      )
      expect(answer).toHaveProperty('code')
    },
  )

  it('takes claims for this login, and keeps them on the page that is shown again', async () => {
    await using op = await start()
    const claims = '{"roles":["reader"]}'
    const page = await submit(op, { username: 'alice', password: 'w0nderland', claims })
    expect(page.html).toContain('{&quot;roles&quot;:[&quot;reader&quot;]}</textarea>')
    const better = await op.rp.browser.submit(page, { username: 'alice', password: 'wonderland', claims })
    const { body } = await op.rp.redeem(op.rp.received(better))
    expect(idClaims(body)['roles']).toEqual(['reader'])
  })

  it('begins with the login_hint as the name', async () => {
    await using op = await start()
    expect((await op.rp.open({ login_hint: 'alice' })).html).toContain('required value="alice"')
  })
})
