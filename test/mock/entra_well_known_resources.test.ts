import { describe, expect, it } from 'vitest'
import { APP, ownToken, signIn, startEntra, TENANT, tokensOf, v1Of } from '../support/entra_tenant.ts'
import { post } from '../support/http.ts'

const GRAPH = '00000003-0000-0000-c000-000000000000'

/** One identifier and the id of each. */
const RESOURCES = [
  ['https://graph.microsoft.com', GRAPH],
  ['https://management.azure.com', '797f4846-ba00-4fd7-ba43-dac1f8f63013'],
  ['https://management.core.windows.net', '797f4846-ba00-4fd7-ba43-dac1f8f63013'],
  ['https://vault.azure.net', 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'],
  ['https://storage.azure.com', 'e406a681-f3d4-42a8-90b6-c2b029497af1'],
  ['https://database.windows.net', '022907d3-0f1b-48f7-badc-1ba6abab6d66'],
  ['https://cosmos.azure.com', 'a232010e-820c-4083-83bb-3ace5fc29d0b'],
  ['https://servicebus.azure.net', '80a10ef9-8168-493d-abf9-3297c4ef6e3c'],
  ['https://eventhubs.azure.net', '80369ed6-5f11-4dd9-bef3-692475845e77'],
  ['https://azconfig.io', '35ffadb3-7fc1-497e-b61b-381d28e744cc'],
  ['https://api.loganalytics.io', 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5'],
] as const

const audOf = async (answer: ReturnType<typeof post>) => tokensOf(await answer).access['aud']

describe('Entra: the APIs of Microsoft, which nobody declares', () => {
  it.each(RESOURCES)('%s is known by name, by name with a slash, and by id', async (name, id) => {
    await using entra = await startEntra()
    for (const aud of [name, `${name}/`, id]) {
      expect(await audOf(ownToken(entra, `${aud}/.default`))).toBe(aud)
      const form = {
        grant_type: 'client_credentials',
        client_id: APP[0],
        client_secret: APP[1],
        resource: aud,
      }
      expect(await audOf(post(`${entra.idp.url}/${TENANT}/oauth2/token`, form))).toBe(aud)
    }
  })

  it.each([
    'https://account.blob.core.windows.net',
    'https://account.documents.azure.com',
    'https://namespace.servicebus.windows.net',
    'https://store.azconfig.io/',
  ])('%s is known by its host', async (name) => {
    await using entra = await startEntra()
    expect(await audOf(ownToken(entra, `${name}/.default`))).toBe(name)
  })

  it('are not known by a host that only ends alike, nor to another dialect', async () => {
    await using entra = await startEntra()
    for (const name of ['https://evilazconfig.io', 'https://vault.azure.net.example'])
      expect((await ownToken(entra, `${name}/.default`)).body).toMatchObject({ error_codes: [500011] })
    await using standard = await startEntra({
      config: { dialect: 'standard', id: 'one', resources: [{ identifier: 'https://api.test' }] },
    })
    const form = { grant_type: 'client_credentials', client_id: APP[0], client_secret: APP[1] }
    const { body } = await post(`${standard.idp.issuer}/token`, { ...form, resource: RESOURCES[3][0] })
    expect(body).toMatchObject({ error: 'invalid_target' })
  })

  it('can be declared, to have roles and another version: by one name for all', async () => {
    const declared = {
      identifier: 'https://vault.azure.net',
      roles: ['Keys.Read'],
      access_token: { version: 2 },
    }
    await using entra = await startEntra({
      client: { roles: ['Keys.Read'] },
      config: { resources: [declared] },
    })
    for (const scope of ['https://vault.azure.net//.default', `${RESOURCES[3][1]}/.default`]) {
      const { access } = tokensOf(await ownToken(entra, scope))
      expect(access).toMatchObject({ aud: RESOURCES[3][1], roles: ['Keys.Read'], ver: '2.0' })
    }
  })
})

describe('Entra: scopes of the APIs of Microsoft', () => {
  it.each([
    ['User.Read Mail.ReadWrite openid', [GRAPH, 'User.Read Mail.ReadWrite openid']],
    [
      'https://graph.microsoft.com/User.Read.All openid',
      ['https://graph.microsoft.com', 'User.Read.All openid'],
    ],
    ['https://graph.microsoft.com/.default openid', ['https://graph.microsoft.com', 'User.Read openid']],
    [
      'https://management.azure.com//user_impersonation openid',
      ['https://management.azure.com/', 'user_impersonation'],
    ],
  ])('%s need not be declared', async (scope, [aud, scp]) => {
    await using entra = await startEntra()
    expect((await signIn(entra.app, { scope })).access).toMatchObject({ aud, scp })
  })

  it('are answered in the words of the request, by which MSAL finds the token again', async () => {
    await using entra = await startEntra()
    const graph = 'https://graph.microsoft.com'
    for (const [scope, answered] of [
      ['User.Read openid', 'User.Read openid'],
      [`${graph}/User.Read openid`, `${graph}/User.Read openid`],
      [`${graph}/.default openid`, `${graph}/User.Read ${graph}/.default openid`],
    ] as const)
      expect((await signIn(entra.app, { scope })).body['scope']).toBe(answered)
  })

  it('are those that the configuration declares, where it does', async () => {
    const graph = { identifier: 'https://graph.microsoft.com', scopes: ['User.Read'] }
    await using entra = await startEntra({ config: { resources: [graph] } })
    const { error_description } = await entra.app.authorize({ scope: 'openid Mail.Read' })
    expect(error_description).toMatch(/^AADSTS70011: /)
  })

  it('may stand in the configuration of a client, as the APIs may', async () => {
    await using entra = await startEntra({ client: { scope: 'read User.Read' } })
    expect((await signIn(entra.app, { scope: 'User.Read openid' })).access['scp']).toBe('User.Read openid')
    const { error_description } = await entra.app.authorize({ scope: 'openid Mail.Read' })
    expect(error_description).toMatch(/^AADSTS70011: /)
    await using other = await startEntra({ client: { audience: 'https://vault.azure.net' } })
    expect((await signIn(other.app)).access['aud']).toBe('https://vault.azure.net')
  })

  it('are those of Graph where v1 names it, with a slash too', async () => {
    await using entra = await startEntra()
    const { access } = await signIn(await v1Of(entra), { resource: 'https://graph.microsoft.com/' })
    expect(access).toMatchObject({ aud: 'https://graph.microsoft.com/', ver: '1.0', idtyp: 'user' })
  })
})

describe('Entra: an application is an API too', () => {
  it.each([APP[0], `api://${APP[0]}`])('by the name %s', async (name) => {
    await using entra = await startEntra()
    expect(await audOf(ownToken(entra, `${name}/.default`))).toBe(name)
    const { access, id } = await signIn(entra.app, { scope: `${name}/.default openid` })
    expect(access).toMatchObject({ aud: name, sub: id['sub'] })
  })

  it('whose tokens of version 2 have its id where it is declared by its default name', async () => {
    const resource = { identifier: `api://${APP[0]}`, scopes: ['read'], access_token: { version: 2 } }
    await using entra = await startEntra({ config: { resources: [resource] } })
    for (const name of [APP[0], `api://${APP[0]}`])
      expect(await audOf(ownToken(entra, `${name}/.default`))).toBe(APP[0])
    const { access, id } = await signIn(entra.app, { scope: `api://${APP[0]}/read openid` })
    expect(access).toMatchObject({ aud: APP[0], scp: 'read', sub: id['sub'] })
  })
})
