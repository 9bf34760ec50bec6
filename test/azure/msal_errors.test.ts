import { afterAll, describe, expect, it } from 'vitest'
import { assertion, makeKey } from '../support/assertion.ts'
import { makeCertificate } from '../support/certificate.ts'
import { ADA, ADAS_PASSWORD, CLIENT, ORDERS, PUBLIC, SECRET, TENANT } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { at, confidential, onDevice, VERSIONS } from './support/msal.ts'
import { CORRELATION_ID as correlationId, refusal, serverError } from './support/refusal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const NOBODY = '99999999-8888-4777-8666-555555555555'
const ALL = `${ORDERS}/.default`

async function refused(
  entra: Entra,
  auth: object,
  { scope = ALL, version = 7 }: { scope?: string; version?: number } = {},
) {
  const steps = [['acquireTokenByClientCredential', { scopes: [scope], correlationId }]]
  return refusal(await sdk.call('msal_node', 'take', { version, auth, steps }), entra)
}

/** Discovery of this tenant, and the token endpoint of another. */
async function elsewhere(entra: Entra, tenant: string) {
  const document = await entra.fetch(`${entra.authority}/v2.0/.well-known/openid-configuration`)
  const authorityMetadata = (await document.text()).replaceAll(TENANT, tenant)
  return { ...confidential(entra), authority: `${entra.origin}/${tenant}`, authorityMetadata }
}

describe('@azure/msal-node: what an application itself is refused with', () => {
  interface Mistake {
    readonly what: string
    readonly is: { readonly code: number; readonly error: string; readonly status: number }
    readonly auth: (entra: Entra) => object | Promise<object>
  }

  const CLIENT_ERROR = { error: 'invalid_client', status: 401 }
  it.each<Mistake>([
    {
      what: 'a tenant of nobody',
      is: { code: 90002, error: 'invalid_tenant', status: 400 },
      auth: (entra) => elsewhere(entra, NOBODY),
    },
    {
      what: 'a client id of nobody',
      is: { code: 700016, error: 'unauthorized_client', status: 400 },
      auth: (entra) => ({ ...confidential(entra), clientId: NOBODY }),
    },
    {
      what: 'a wrong secret',
      is: { code: 7000215, ...CLIENT_ERROR },
      auth: (entra) => ({ ...confidential(entra), clientSecret: 'wrong' }),
    },
    {
      what: 'a secret of a client that has none',
      is: { code: 700025, ...CLIENT_ERROR },
      auth: (entra) => ({ ...onDevice(entra), clientSecret: SECRET }),
    },
  ])('$what: AADSTS$is.code, $is.error', async ({ is, auth }) => {
    await using entra = await startEntra()
    expect(await refused(entra, await auth(entra))).toMatchObject(serverError(is))
  })

  it.each(VERSIONS)('%i tells a wrong secret', async (version) => {
    await using entra = await startEntra()
    expect(
      await refused(entra, { ...confidential(entra), clientSecret: 'wrong' }, { version }),
    ).toMatchObject({
      name: 'ServerError',
      errorCode: 'invalid_client',
      errorMessage: expect.stringContaining(`AADSTS7000215: Invalid client secret provided.`),
    })
  })

  it.each([
    ['https://nobody.example.test/.default', 500011, 'invalid_resource'],
    [`${ORDERS}/read`, 1002012, 'invalid_scope'],
  ])('the scope %s: AADSTS%i, %s', async (scope, code, error) => {
    await using entra = await startEntra()
    expect(await refused(entra, confidential(entra), { scope })).toMatchObject(serverError({ error, code }))
  })

  it('no secret: AADSTS7000218', async () => {
    await using entra = await startEntra()
    const ask = { scopes: [ALL], username: ADA, password: ADAS_PASSWORD, correlationId }
    const given = { kind: 'Public', auth: { ...onDevice(entra), clientId: CLIENT } }
    const steps = [['acquireTokenByUsernamePassword', ask]]
    const error = refusal(await sdk.call('msal_node', 'take', { ...given, steps }), entra)
    expect(error).toMatchObject(serverError({ error: 'invalid_client', code: 7000218, status: 401 }))
  })

  it('a tenant of nobody at discovery: the library says nothing of it', async () => {
    await using entra = await startEntra()
    const auth = { ...confidential(entra), authority: `${entra.origin}/${NOBODY}` }
    expect(await refused(entra, auth)).toMatchObject({ errorCode: 'endpoints_resolution_error' })
  })
})

describe('@azure/msal-node: what its certificate is refused with', () => {
  it('one that is not registered: AADSTS700027', async () => {
    const [registered, other] = [await makeCertificate('registered'), await makeCertificate('other')]
    const client = { client_secret: undefined, certificate_file: registered.file }
    await using entra = await startEntra({ client })
    const privateKey = other.key.export({ format: 'pem', type: 'pkcs8' }).toString()
    const clientCertificate = { thumbprintSha256: other.sha256.toString('hex'), privateKey }
    expect(await refused(entra, { clientId: CLIENT, ...at(entra), clientCertificate })).toMatchObject(
      serverError({ error: 'invalid_client', code: 700027, status: 401 }),
    )
  })

  it.each([
    ['expired', 700024, { exp: Math.floor(Date.now() / 1000) - 3600 }],
    ['for tomorrow', 700024, { nbf: Math.floor(Date.now() / 1000) + 86_400 }],
    ['for another audience', 700023, { aud: 'https://elsewhere.example.test' }],
    ['of another client', 700021, { sub: PUBLIC }],
  ])('an assertion %s: AADSTS%i', async (_what, code, claims) => {
    const { privateKey, jwk } = await makeKey('RS256')
    await using entra = await startEntra({ client: { client_secret: undefined, jwks: { keys: [jwk] } } })
    const aud = `${entra.authority}/oauth2/v2.0/token`
    const clientAssertion = await assertion({ client: CLIENT, aud, key: privateKey, alg: 'RS256', claims })
    expect(await refused(entra, { clientId: CLIENT, ...at(entra), clientAssertion })).toMatchObject(
      serverError({ error: 'invalid_client', code, status: 401 }),
    )
  })
})
