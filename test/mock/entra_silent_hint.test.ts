import { describe, expect, it } from 'vitest'
import { ADA, type Started, signIn, startEntra } from '../support/entra_tenant.ts'

const GRACE = { username: 'grace@contoso.example', email: 'grace.h@contoso.example' }

const start = () => startEntra({ config: { users: [ADA, GRACE] } })

const silently = ({ app }: Started, login_hint: string) => app.authorize({ prompt: 'none', login_hint })

describe('Entra: login_hint where no page may be shown', () => {
  it.each([ADA.username, ADA.email])('gives a code to who is signed in, as %s', async (login_hint) => {
    await using entra = await start()
    await signIn(entra.app)
    expect(await silently(entra, login_hint)).toHaveProperty('code')
  })

  it.each([GRACE.username, GRACE.email])(
    'gives none for somebody else, such as %s: AADSTS50058',
    async (login_hint) => {
      await using entra = await start()
      await signIn(entra.app)
      expect(await silently(entra, login_hint)).toMatchObject({
        error: 'login_required',
        error_description: expect.stringMatching(
          /^AADSTS50058: .*the user signed in is not grace@contoso\.example, whom login_hint means/,
        ),
      })
    },
  )

  it('is advice again where a page may be shown', async () => {
    await using entra = await start()
    await signIn(entra.app)
    expect(await entra.app.authorize({ login_hint: GRACE.username })).toHaveProperty('code')
  })

  it('means nobody where it names nobody who is declared', async () => {
    await using entra = await start()
    await signIn(entra.app)
    expect(await silently(entra, 'nobody@contoso.example')).toHaveProperty('code')
  })
})
