import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../support/certificate.ts'
import { decode } from '../support/http.ts'
import { CLIENT, ORDERS, ORDERS_ID, TENANT } from './support/contoso.ts'
import { caFile, startEntra } from './support/entra.ts'
import { federation } from './support/federation.ts'
import { at, confidential, results, VERSIONS } from './support/msal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const ASK = ['acquireTokenByClientCredential', { scopes: [`${ORDERS}/.default`] }]

describe.each(VERSIONS)('@azure/msal-node %i, for an application itself', (version) => {
  it('gets a token with a secret, and the second from its cache', async () => {
    await using entra = await startEntra()
    const steps = [ASK, ASK]
    const [first, second] = results(
      await sdk.call('msal_node', 'take', { version, auth: confidential(entra), steps }),
    )
    expect(first).toMatchObject({ tokenType: 'Bearer', fromCache: false, scopes: [`${ORDERS}/.default`] })
    expect(first.account).toBeNull()
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    expect(entra.grants()).toEqual(['client_credentials'])
    expect(decode(first.accessToken).claims).toMatchObject({
      iss: `${entra.authority}/v2.0`,
      aud: ORDERS_ID,
      azp: CLIENT,
      azpacr: '1',
      roles: ['Orders.Read'],
      tid: TENANT,
      ver: '2.0',
    })
  })

  it('gets a token with one of an issuer that the application trusts', async () => {
    const { client, token } = await federation()
    await using entra = await startEntra({ client })
    const auth = { clientId: CLIENT, ...at(entra), clientAssertion: token }
    const given = { version, auth, steps: [ASK, ASK] }
    const [first, second] = results(await sdk.call('msal_node', 'take', given))
    expect(decode(first.accessToken).claims).toMatchObject({
      azp: CLIENT,
      azpacr: '2',
      roles: ['Orders.Read'],
    })
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
  })
})

describe('@azure/msal-node with a certificate', async () => {
  const { file, key, sha1, sha256, pem } = await makeCertificate('application')
  const privateKey = key.export({ format: 'pem', type: 'pkcs8' }).toString()
  const ways = [
    [2, 'SHA-256', { thumbprintSha256: sha256.toString('hex') }],
    [3, 'SHA-256', { thumbprintSha256: sha256.toString('hex') }],
    [5, 'SHA-256', { thumbprintSha256: sha256.toString('hex') }],
    [6, 'SHA-256', { thumbprintSha256: sha256.toString('hex') }],
    [7, 'SHA-256', { thumbprintSha256: sha256.toString('hex') }],
    ...VERSIONS.map((version) => [version, 'SHA-1', { thumbprint: sha1.toString('hex') }] as const),
    [7, 'SHA-256 and the chain', { thumbprintSha256: sha256.toString('hex'), x5c: pem }],
  ] as const

  it.each(ways)('%i signs with what its %s thumbprint names', async (version, _thumbprint, certificate) => {
    await using entra = await startEntra({ client: { client_secret: undefined, certificate_file: file } })
    const auth = { clientId: CLIENT, ...at(entra), clientCertificate: { ...certificate, privateKey } }
    const [first, second] = results(await sdk.call('msal_node', 'take', { version, auth, steps: [ASK, ASK] }))
    expect(decode(first.accessToken).claims).toMatchObject({
      azp: CLIENT,
      azpacr: '2',
      roles: ['Orders.Read'],
    })
    expect(second).toMatchObject({ fromCache: true, accessToken: first.accessToken })
    expect(entra.grants()).toEqual(['client_credentials'])
  })
})
