import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode } from '../support/http.ts'
import { ORDERS, ORDERS_ID, TENANT } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { type Sdk, startSdk } from './support/sdk.ts'

const WORKER = {
  name: 'worker',
  client_id: '4d0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e44',
  object_id: '5e0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e55',
  resource_id:
    '/subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker',
  roles: ['Orders.Read'],
}
const MACHINE = { name: 'machine', type: 'SystemAssigned', object_id: '6f0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e66' }
const IDENTITIES = { managed_identity: { identities: [MACHINE, WORKER] } }
const NOBODY = '99999999-8888-4777-8666-555555555555'
const ALL = `${ORDERS}/.default`

/** Where programs look for identities: a source is chosen once in a process, by its environment. */
const SOURCES: readonly (readonly [name: string, variables: readonly string[], endpoint: string])[] = [
  ['IMDS', ['AZURE_POD_IDENTITY_AUTHORITY_HOST'], 'imds'],
  ['App Service', ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'], 'app_service'],
]

describe.each(SOURCES)('@azure/identity, for a machine with %s', (_name, variables, endpoint) => {
  let entra: Entra
  let sdk: Sdk
  beforeAll(async () => {
    entra = await startEntra(IDENTITIES)
    const env = Object.entries(entra.env()).filter(([variable]) => variables.includes(variable))
    sdk = startSdk(caFile(), Object.fromEntries(env))
  })
  afterAll(async () => {
    await sdk[Symbol.asyncDispose]()
    await entra[Symbol.asyncDispose]()
  })

  const tokenOf = async (given: object) => {
    const [{ token }] = await sdk.call('azure_identity', 'getTokens', { scopes: [ALL], ...given })
    return token
  }

  it('the credentials as they are: the machine, asked for once', async () => {
    const token = await tokenOf({ credential: 'DefaultAzureCredential' })
    expect(decode(token).claims).toMatchObject({
      iss: `${entra.authority}/v2.0`,
      aud: ORDERS_ID,
      oid: MACHINE.object_id,
      sub: MACHINE.object_id,
      azpacr: '2',
      tid: TENANT,
    })
    expect(await tokenOf({ credential: 'ManagedIdentityCredential' })).toBe(token)
    expect(entra.entries.map(({ exchange }) => exchange.endpoint)).toEqual([endpoint])
  })

  it.each([
    ['clientId', WORKER.client_id],
    ['objectId', WORKER.object_id],
    ['resourceId', WORKER.resource_id],
  ])('ManagedIdentityCredential by %s: that identity', async (selector, id) => {
    const token = await tokenOf({ credential: 'ManagedIdentityCredential', options: { [selector]: id } })
    expect(decode(token).claims).toMatchObject({
      azp: WORKER.client_id,
      oid: WORKER.object_id,
      roles: ['Orders.Read'],
      xms_mirid: WORKER.resource_id,
    })
  })

  it('DefaultAzureCredential with managedIdentityClientId: that identity', async () => {
    const options = { managedIdentityClientId: WORKER.client_id }
    const token = await tokenOf({ credential: 'DefaultAzureCredential', options })
    expect(decode(token).claims).toMatchObject({ azp: WORKER.client_id })
  })

  it('an identity of nobody: CredentialUnavailableError', async () => {
    const options = { clientId: NOBODY }
    await expect(tokenOf({ credential: 'ManagedIdentityCredential', options })).rejects.toMatchObject({
      name: 'CredentialUnavailableError',
    })
  })
})

describe('@azure/identity, for a machine without any of it', () => {
  it('finds nothing, and nobody outside', async () => {
    await using sdk = startSdk(caFile())
    const given = { credential: 'ManagedIdentityCredential', scopes: [ALL] }
    await expect(sdk.call('azure_identity', 'getTokens', given)).rejects.toMatchObject({
      name: 'CredentialUnavailableError',
    })
    expect(sdk.takeEscaped()).toContain('169.254.169.254:80')
  })
})
