import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../support/certificate.ts'
import { fileWith } from '../support/folder.ts'
import { decode } from '../support/http.ts'
import { CLIENT, ORDERS, ORDERS_ID, SECRET, TENANT } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { federation } from './support/federation.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const ALL = `${ORDERS}/.default`

/** The one setting that an application on a host unknown to Microsoft needs. */
const here = ({ origin }: Entra) => ({ authorityHost: origin, disableInstanceDiscovery: true })

async function expectTwice(
  entra: Entra,
  given: object,
  { azpacr, hands = {} }: { azpacr: string; hands?: object },
) {
  const asked = { scopes: [ALL, ALL], ...given }
  const [first, second] = await sdk.call('azure_identity', 'getTokens', asked, { ...entra.hands, ...hands })
  expect(second).toEqual(first)
  expect(entra.grants()).toEqual(['client_credentials'])
  expect(decode(first.token).claims).toMatchObject({
    aud: ORDERS_ID,
    azp: CLIENT,
    azpacr,
    roles: ['Orders.Read'],
    tid: TENANT,
  })
}

describe('@azure/identity, for an application itself: a token, and the second from its cache', () => {
  it('ClientSecretCredential', async () => {
    await using entra = await startEntra()
    const given = {
      credential: 'ClientSecretCredential',
      args: [TENANT, CLIENT, SECRET],
      options: here(entra),
    }
    await expectTwice(entra, given, { azpacr: '1' })
  })

  it.each([
    ['', {}],
    [', sending the chain', { sendCertificateChain: true }],
  ])('ClientCertificateCredential%s', async (_how, more) => {
    const { file, pem, key } = await makeCertificate('application')
    await using entra = await startEntra({ client: { client_secret: undefined, certificate_file: file } })
    const certificate = `${pem}${key.export({ format: 'pem', type: 'pkcs8' })}`
    const args = [TENANT, CLIENT, { certificate }]
    const given = { credential: 'ClientCertificateCredential', args, options: { ...here(entra), ...more } }
    await expectTwice(entra, given, { azpacr: '2' })
  })

  it('ClientAssertionCredential', async () => {
    const { client, token } = await federation()
    await using entra = await startEntra({ client })
    const given = { credential: 'ClientAssertionCredential', args: [TENANT, CLIENT], options: here(entra) }
    await expectTwice(entra, given, { azpacr: '2', hands: { assertion: () => token } })
  })

  it('WorkloadIdentityCredential', async () => {
    const { client, token } = await federation()
    await using entra = await startEntra({ client })
    const tokenFilePath = fileWith('service-account-token', token)
    const options = { ...here(entra), tenantId: TENANT, clientId: CLIENT, tokenFilePath }
    await expectTwice(entra, { credential: 'WorkloadIdentityCredential', options }, { azpacr: '2' })
  })

  it.each(['EnvironmentCredential', 'DefaultAzureCredential'])(
    '%s with the secret in the environment',
    async (credential) => {
      await using entra = await startEntra()
      await using own = startSdk(caFile(), entra.env({ client: CLIENT }))
      const given = { credential, options: { disableInstanceDiscovery: true }, scopes: [ALL, ALL] }
      const [first, second] = await own.call('azure_identity', 'getTokens', given)
      expect(decode(first.token).claims).toMatchObject({ aud: ORDERS_ID, azp: CLIENT })
      expect(second).toEqual(first)
      expect(entra.grants()).toEqual(['client_credentials'])
    },
  )
})

describe('@azure/identity, for an application itself: what it is refused with', () => {
  const refused = (entra: Entra, args: readonly unknown[], more: object = {}) =>
    sdk.call('azure_identity', 'getTokens', {
      credential: 'ClientSecretCredential',
      args,
      options: here(entra),
      scopes: [ALL],
      ...more,
    })

  it('a wrong secret: AuthenticationRequiredError with AADSTS7000215', async () => {
    await using entra = await startEntra()
    await expect(refused(entra, [TENANT, CLIENT, 'wrong'])).rejects.toMatchObject({
      name: 'AuthenticationRequiredError',
      message: expect.stringMatching(/^invalid_client: .*AADSTS7000215: /),
    })
  })

  it('a token of a subject that nobody trusts: AADSTS700213', async () => {
    const { client, token } = await federation({ sub: 'system:serviceaccount:default:other' })
    await using entra = await startEntra({ client })
    const given = {
      credential: 'ClientAssertionCredential',
      args: [TENANT, CLIENT],
      options: here(entra),
      scopes: [ALL],
    }
    await expect(
      sdk.call('azure_identity', 'getTokens', given, { assertion: () => token }),
    ).rejects.toMatchObject({ message: expect.stringContaining('AADSTS700213') })
  })

  it('Microsoft is asked where instance discovery is not turned off', async () => {
    await using entra = await startEntra()
    const options = { authorityHost: entra.origin }
    await expect(refused(entra, [TENANT, CLIENT, SECRET], { options })).rejects.toMatchObject({
      message: expect.stringMatching('endpoints_resolution_error'),
    })
    expect(new Set(sdk.takeEscaped())).toEqual(new Set(['login.microsoftonline.com:443']))
  })
})
