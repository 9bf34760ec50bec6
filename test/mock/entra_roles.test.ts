import { describe, expect, it } from 'vitest'
import { APP, ORDERS, ownToken, signIn, startEntra, tokensOf } from '../support/entra_tenant.ts'

const READ = `${ORDERS.identifier}/read openid profile`
const USER = { roles: ['Orders.Approve', 'App.Admin', 'Undeclared'] }
const OWN = { identifier: `api://${APP[0]}`, roles: ['App.Admin', 'App.Reader'] }
const ORDERS_API = { ...ORDERS, scopes: ['read'], roles: ['Orders.Approve'] }

const start = (own: object, user: object = USER) =>
  startEntra({ user, config: { resources: [ORDERS_API, { ...OWN, ...own }] } })

describe('Entra: app roles of users', () => {
  it.each([
    ['by its default name', {}],
    ['by its id', { identifier: 'https://app.example.test', id: APP[0] }],
    ['by the id alone', { identifier: APP[0] }],
  ])('in an ID token are those that the client declares %s, and those of nobody', async (_how, own) => {
    await using entra = await start(own)
    const { id, access } = await signIn(entra.app, { scope: READ })
    expect(id['roles']).toEqual(['App.Admin', 'Undeclared'])
    expect(access['roles']).toEqual(['Orders.Approve', 'Undeclared'])
  })

  it('in an access token for the client itself are those of its ID token', async () => {
    await using entra = await start({ scopes: ['access_as_user'] })
    const { id, access } = await signIn(entra.app, { scope: `api://${APP[0]}/access_as_user openid` })
    expect(access['roles']).toEqual(id['roles'])
  })

  it('are all in the ID token where no API declares any', async () => {
    await using entra = await startEntra({ user: USER })
    expect((await signIn(entra.app, { scope: READ })).id['roles']).toEqual(USER.roles)
  })

  it('are left out where none is left', async () => {
    await using entra = await start({}, { roles: ['Orders.Approve'] })
    expect((await signIn(entra.app, { scope: READ })).id).not.toHaveProperty('roles')
  })

  it('in the standard dialect are all in the ID token, whoever declares them', async () => {
    const resources = [{ ...ORDERS_API, id: undefined }, OWN]
    await using standard = await startEntra({
      user: USER,
      config: { dialect: 'standard', id: 'one', resources },
    })
    expect((await signIn(standard.app)).id['roles']).toEqual(USER.roles)
  })
})

describe('Entra: app roles of applications', () => {
  it('in a token are those of the API that it is for', async () => {
    await using entra = await startEntra({
      client: { roles: USER.roles },
      config: { resources: [ORDERS_API, OWN] },
    })
    const rolesAt = async (name: string) =>
      tokensOf(await ownToken(entra, `${name}/.default`)).access['roles']
    expect(await rolesAt(ORDERS.identifier)).toEqual(['Orders.Approve', 'Undeclared'])
    expect(await rolesAt(OWN.identifier)).toEqual(['App.Admin', 'Undeclared'])
  })
})
