import { afterAll, describe, expect, it } from 'vitest'
import { CLIENT, DOMAIN, ORDERS, SECRET, TENANT } from './support/contoso.ts'
import { caFile, type Entra, startEntra } from './support/entra.ts'
import { VERSIONS } from './support/msal.ts'
import { startSdk } from './support/sdk.ts'

const sdk = startSdk(caFile())
afterAll(() => sdk[Symbol.asyncDispose]())

const APPLICATION = { clientId: CLIENT, clientSecret: SECRET }
const ASK = ['acquireTokenByClientCredential', { scopes: [`${ORDERS}/.default`] }]
const MICROSOFT = ['login.microsoftonline.com:443']

/** What an application with this authority comes to: a token, or the code of an error. */
async function outcome(auth: object, version = 7): Promise<string> {
  const steps = [ASK]
  const [only] = await sdk.call('msal_node', 'take', { version, auth: { ...APPLICATION, ...auth }, steps })
  return only.error?.errorCode ?? only.tokenType
}

const known = ({ host }: Entra) => ({ knownAuthorities: [host] })

function cloud(...aliases: string[]) {
  const metadata = [{ preferred_network: aliases[0], preferred_cache: aliases[0], aliases }]
  return {
    cloudDiscoveryMetadata: JSON.stringify({ tenant_discovery_endpoint: '', 'api-version': '1.1', metadata }),
  }
}

async function documentOf(entra: Entra) {
  const url = `${entra.authority}/v2.0/.well-known/openid-configuration`
  return { authorityMetadata: await (await entra.fetch(url)).text() }
}

describe('@azure/msal-node: which authorities it takes', () => {
  it.each<[string, (entra: Entra) => object | Promise<object>]>([
    ['the host and port in knownAuthorities', known],
    ['the authority itself in knownAuthorities', ({ authority }) => ({ knownAuthorities: [authority] })],
    ['protocolMode OIDC and knownAuthorities', (entra) => ({ ...known(entra), protocolMode: 'OIDC' })],
    ['cloudDiscoveryMetadata with host and port', ({ host }) => cloud(host)],
    [
      'its endpoints in authorityMetadata',
      async (entra) => ({ ...known(entra), ...(await documentOf(entra)) }),
    ],
    ['/v2.0 behind the tenant', (entra) => ({ ...known(entra), authority: `${entra.authority}/v2.0` })],
    ['a domain for the tenant', (entra) => ({ ...known(entra), authority: `${entra.origin}/${DOMAIN}` })],
    [
      'an address for the host',
      ({ port }) => ({
        authority: `https://127.0.0.1:${port}/${TENANT}`,
        knownAuthorities: [`127.0.0.1:${port}`],
      }),
    ],
    ['no tenant', (entra) => ({ ...known(entra), authority: entra.origin })],
  ])('takes one with %s', async (_what, more) => {
    await using entra = await startEntra()
    expect(await outcome({ authority: entra.authority, ...(await more(entra)) })).toBe('Bearer')
  })

  it('takes one below a path', async () => {
    await using entra = await startEntra({ server: { base_path: '/entra' } })
    const authority = `${entra.origin}/entra/${TENANT}`
    expect(await outcome({ authority, ...known(entra) })).toBe('Bearer')
  })

  it.each(['B2C_1_signin', 'B2C_1A_x'])('takes the policy %s of Azure AD B2C', async (policy) => {
    await using entra = await startEntra({ entra: { policies: ['B2C_1_signin', 'B2C_1A_x'] } })
    for (const path of [`${DOMAIN}/${policy}`, `tfp/${DOMAIN}/${policy}`])
      expect(await outcome({ authority: `${entra.origin}/${path}`, ...known(entra) })).toBe('Bearer')
  })

  it.each([TENANT, DOMAIN])('takes %s of External ID at its own host', async (tenant) => {
    await using entra = await startEntra({ hosts: ['contoso.ciamlogin.com'] })
    sdk.route('contoso.ciamlogin.com', entra.port)
    const authority = `https://contoso.ciamlogin.com/${tenant}`
    expect(await outcome({ authority, knownAuthorities: ['contoso.ciamlogin.com'] })).toBe('Bearer')
    expect(await outcome({ authority: 'https://contoso.ciamlogin.com/' })).toBe('Bearer')
  })

  it('asks for no discovery document where it was given one', async () => {
    await using entra = await startEntra()
    const given = await documentOf(entra)
    const before = entra.entries.length
    expect(await outcome({ authority: entra.authority, ...known(entra), ...given })).toBe('Bearer')
    expect(entra.entries.slice(before).map(({ exchange }) => exchange.endpoint)).toEqual(['token'])
  })

  it.each<[string, (entra: Entra) => object | Promise<object>]>([
    ['nothing else', () => ({})],
    ['a known host without its port', () => ({ knownAuthorities: ['localhost'] })],
    ['protocolMode OIDC alone', () => ({ protocolMode: 'OIDC' })],
    ['cloudDiscoveryMetadata without the port', () => cloud('localhost')],
    ['its endpoints in authorityMetadata alone', documentOf],
  ])('asks Microsoft about one with %s, and refuses it', async (_what, more) => {
    await using entra = await startEntra()
    expect(await outcome({ authority: entra.authority, ...(await more(entra)) })).toBe(
      'endpoints_resolution_error',
    )
    expect(new Set(sdk.takeEscaped())).toEqual(new Set(MICROSOFT))
  })

  it.each([
    ['nothing else', () => ({})],
    ['knownAuthorities', known],
    ['protocolMode OIDC and knownAuthorities', (entra: Entra) => ({ ...known(entra), protocolMode: 'OIDC' })],
  ])('refuses one at http, with %s', async (_what, more) => {
    await using entra = await startEntra()
    const authority = entra.authority.replace('https:', 'http:')
    expect(await outcome({ authority, ...more(entra) })).toBe('authority_uri_insecure')
  })

  it('asks for no token of an application itself at common', async () => {
    await using entra = await startEntra()
    const authority = `${entra.origin}/common`
    expect(await outcome({ authority, ...known(entra) })).toBe('missing_tenant_id_error')
    expect(entra.grants()).toEqual([])
  })

  it.each(VERSIONS)(
    '%i: an issuer on another host is refused since 5, unless it is known',
    async (version) => {
      await using entra = await startEntra({ issuer: { url: 'https://idp.example.test' } })
      const { authority, host } = entra
      const refused = version < 5 ? 'Bearer' : 'endpoints_resolution_error'
      expect(await outcome({ authority, knownAuthorities: [host] }, version)).toBe(refused)
      expect(await outcome({ authority, knownAuthorities: [host, 'idp.example.test'] }, version)).toBe(
        'Bearer',
      )
    },
  )

  it.each(VERSIONS)('%i takes the issuer of Microsoft', async (version) => {
    await using entra = await startEntra({ entra: { issuer: 'microsoft' } })
    expect(await outcome({ authority: entra.authority, ...known(entra) }, version)).toBe('Bearer')
  })
})
