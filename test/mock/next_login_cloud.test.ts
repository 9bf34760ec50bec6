import { describe, expect, it } from 'vitest'
import { clientAt, startCloud } from '../support/entra_cloud.ts'
import { tokensOf } from '../support/entra_tenant.ts'
import { nextLogin, putNextLogin, waiting } from '../support/next_login.ts'

describe('next-login where several tenants share an address', () => {
  it.each([
    ['contoso', 'ada@contoso.example'],
    ['fabrikam', 'bob@fabrikam.example'],
  ])('signs a user of %s in at common and at their own tenant', async (tenant, user) => {
    await using idp = await startCloud()
    for (const segment of ['common', `${tenant}.example`]) {
      const app = await clientAt(idp, segment)
      await nextLogin(idp, { user }, tenant)
      const { code } = await app.authorize({ scope: 'openid profile' })
      const { id } = tokensOf(await app.redeem(code))
      expect(id['preferred_username']).toBe(user)
    }
    expect(await waiting(idp, tenant)).toEqual([])
  })

  it('leaves what was said of one tenant alone at another', async () => {
    await using idp = await startCloud()
    await nextLogin(idp, { user: 'bob@fabrikam.example' }, 'fabrikam')
    const page = await (await clientAt(idp, 'contoso.example')).authorize({ prompt: 'none' })
    expect(page).toMatchObject({ error: 'login_required' })
    expect(await waiting(idp, 'fabrikam')).toHaveLength(1)
  })

  it('knows no users of other tenants', async () => {
    await using idp = await startCloud()
    expect((await putNextLogin(idp, { user: 'bob@fabrikam.example' }, 'contoso')).status).toBe(422)
  })
})
