/**
 * Microsoft's own library. It takes https authorities only; until TLS is here its network calls are carried over http,
 * which is all that the test adds.
 */
import { ConfidentialClientApplication, type Configuration, type INetworkModule } from '@azure/msal-node'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeCertificate } from '../support/certificate.ts'

const TENANT = '5b0d9b1e-7f0c-4f4b-9d0e-3d1c9f6a2b10'
const CLIENT = '1f0c6f0a-2f5e-4b5c-8f0a-6d2f1b7c9e11'
const API = 'https://orders.example.test'
const AUTHORITY_ORIGIN = 'https://localhost:8443'

function contoso(client: object) {
  return {
    // What the library was told is what the provider says it is.
    issuer: { url: AUTHORITY_ORIGIN },
    dialect: 'entra',
    id: TENANT,
    resources: [{ identifier: API, roles: ['Orders.Read'] }],
    clients: [{ client_id: CLIENT, roles: ['Orders.Read'], ...client }],
  }
}

/** Sends each request to the server, and counts those that ask for a token. */
function network(port: string): INetworkModule & { tokenRequests: number } {
  const send = async (url: string, init: RequestInit) => {
    if (url.includes('/oauth2/')) carrier.tokenRequests += 1
    const response = await fetch(url.replace(AUTHORITY_ORIGIN, `http://localhost:${port}`), init)
    return {
      headers: Object.fromEntries(response.headers),
      body: await response.json(),
      status: response.status,
    }
  }
  const carrier = {
    tokenRequests: 0,
    sendGetRequestAsync: (url: string, options?: { headers?: Record<string, string> }) =>
      send(url, { headers: options?.headers ?? {} }) as never,
    sendPostRequestAsync: (url: string, options?: { headers?: Record<string, string>; body?: string }) =>
      send(url, { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' }) as never,
  }
  return carrier
}

async function application(auth: Partial<Configuration['auth']>, url: string) {
  const response = await fetch(`${url}/${TENANT}/v2.0/.well-known/openid-configuration`)
  const metadata = await response.text()
  const carrier = network(new URL(url).port)
  const msal = new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT,
      authority: `${AUTHORITY_ORIGIN}/${TENANT}`,
      knownAuthorities: ['localhost:8443'],
      authorityMetadata: metadata.replaceAll(url, AUTHORITY_ORIGIN),
      ...auth,
    },
    system: { networkClient: carrier },
  })
  return { msal, carrier }
}

const SCOPES = { scopes: [`${API}/.default`] }

describe('@azure/msal-node', () => {
  it('gets a token with a secret, which an API verifies, and answers the second call from its cache', async () => {
    await using idp = await startIdp(contoso({ client_secret: 's3cret' }))
    const { msal, carrier } = await application({ clientSecret: 's3cret' }, idp.url)
    const first = await msal.acquireTokenByClientCredential(SCOPES)
    const second = await msal.acquireTokenByClientCredential(SCOPES)
    expect(first?.fromCache).toBe(false)
    expect(second).toMatchObject({ fromCache: true, accessToken: first?.accessToken })
    expect(carrier.tokenRequests).toBe(1)
    const keys = createRemoteJWKSet(new URL(`${idp.url}/${TENANT}/discovery/keys`))
    const { payload } = await jwtVerify(first?.accessToken ?? '', keys, {
      issuer: `${AUTHORITY_ORIGIN}/${TENANT}/`,
      audience: API,
    })
    expect(payload).toMatchObject({ appid: CLIENT, roles: ['Orders.Read'], tid: TENANT, ver: '1.0' })
  })

  it('gets a token with a certificate', async () => {
    const { file, key, sha256 } = await makeCertificate('application')
    const privateKey = key.export({ format: 'pem', type: 'pkcs8' }).toString()
    await using idp = await startIdp(contoso({ certificate_file: file }))
    const { msal } = await application(
      { clientCertificate: { thumbprintSha256: sha256.toString('hex'), privateKey } },
      idp.url,
    )
    const result = await msal.acquireTokenByClientCredential(SCOPES)
    expect(result?.tokenType).toBe('Bearer')
    expect(result?.accessToken.split('.')).toHaveLength(3)
  })

  it('tells a wrong secret as Microsoft does', async () => {
    await using idp = await startIdp(contoso({ client_secret: 's3cret' }))
    const { msal } = await application({ clientSecret: 'wrong' }, idp.url)
    await expect(msal.acquireTokenByClientCredential(SCOPES)).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorMessage: expect.stringContaining('AADSTS7000215'),
    })
  })
})
