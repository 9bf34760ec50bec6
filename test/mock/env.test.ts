import { Auth, type AuthConfig, setEnvDefaults } from '@auth/core'
import Keycloak from '@auth/core/providers/keycloak'
import Entra from '@auth/core/providers/microsoft-entra-id'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { allowInsecureRequests, clientCredentialsGrant, discovery } from 'openid-client'
import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { startIdp } from '../../src/index.ts'

const ID = '5b0d9b1e-7f0c-4f4b-9d0e-3d1c9f6a2b10'

const CONFIG: ConfigInput = {
  resources: [{ identifier: 'https://api.example.test', scopes: ['orders:read'] }],
  clients: [
    { client_id: 'batch', client_secret: 's3cret', scope: 'orders:read' },
    {
      client_id: 'web',
      client_secret: 'the secret of web',
      redirect_uris: ['http://localhost:3000/auth/callback'],
      grant_types: ['authorization_code'],
    },
    { client_id: 'spa', redirect_uris: ['http://localhost:3001/'], grant_types: ['authorization_code'] },
  ],
  users: [{ username: 'alice' }],
}

describe("idp.env('generic')", () => {
  it('names the endpoints, and the first client that users sign in at', async () => {
    await using idp = await startIdp(CONFIG)
    const { issuer } = idp
    expect(await idp.env('generic')).toEqual({
      OIDC_ISSUER: issuer,
      OIDC_DISCOVERY_URL: `${issuer}/.well-known/openid-configuration`,
      OIDC_JWKS_URI: `${issuer}/jwks.json`,
      OIDC_AUTHORIZATION_ENDPOINT: `${issuer}/authorize`,
      OIDC_TOKEN_ENDPOINT: `${issuer}/token`,
      OIDC_USERINFO_ENDPOINT: `${issuer}/userinfo`,
      OIDC_END_SESSION_ENDPOINT: `${issuer}/logout`,
      OIDC_AUDIENCE: 'https://api.example.test',
      OIDC_CLIENT_ID: 'web',
      OIDC_CLIENT_SECRET: 'the secret of web',
      OIDC_REDIRECT_URI: 'http://localhost:3000/auth/callback',
    })
  })

  it('is all that openid-client and an API with jose need', async () => {
    await using idp = await startIdp(CONFIG)
    const env = await idp.env('generic', { client: 'batch' })
    const [issuer = '', id = '', secret] = [
      env['OIDC_ISSUER'],
      env['OIDC_CLIENT_ID'],
      env['OIDC_CLIENT_SECRET'],
    ]
    const config = await discovery(new URL(issuer), id, secret, undefined, {
      execute: [allowInsecureRequests],
    })
    const { access_token } = await clientCredentialsGrant(config, { resource: env['OIDC_AUDIENCE'] ?? '' })
    const keys = createRemoteJWKSet(new URL(env['OIDC_JWKS_URI'] ?? ''))
    const expected = { issuer, audience: env['OIDC_AUDIENCE'] ?? '' }
    expect((await jwtVerify(access_token, keys, expected)).payload).toMatchObject({ client_id: 'batch' })
  })

  it('has no client where there is none, and no secret of a public one', async () => {
    await using empty = await startIdp()
    expect(Object.keys(await empty.env('generic')).filter((name) => name.startsWith('OIDC_CLIENT'))).toEqual(
      [],
    )
    await using idp = await startIdp(CONFIG)
    const spa = await idp.env('generic', { client: 'spa' })
    expect(spa).toMatchObject({ OIDC_CLIENT_ID: 'spa', OIDC_REDIRECT_URI: 'http://localhost:3001/' })
    expect(spa).not.toHaveProperty('OIDC_CLIENT_SECRET')
  })

  it('has the CA where https is served, and is about the tenant that is asked for', async () => {
    const other = { dialect: 'keycloak@26' as const }
    await using idp = await startIdp({ tenants: { one: CONFIG, other }, server: { port: null, tls: {} } })
    expect(await idp.env('generic', { tenant: 'other' })).toMatchObject({
      OIDC_ISSUER: idp.issuerOf('other'),
      OIDC_TOKEN_ENDPOINT: `${idp.issuerOf('other')}/protocol/openid-connect/token`,
      NODE_EXTRA_CA_CERTS: idp.caFile,
      SSL_CERT_FILE: idp.caFile,
      REQUESTS_CA_BUNDLE: idp.caFile,
    })
  })

  it('says what is not there', async () => {
    await using idp = await startIdp(CONFIG)
    const asked = async (...args: Parameters<typeof idp.env>) => await idp.env(...args)
    await expect(asked('generic', { tenant: 'x' })).rejects.toThrow(
      'there is no tenant x; configured: default',
    )
    await expect(asked('generic', { client: 'x' })).rejects.toThrow(
      'x is no client of tenant default; declared: batch, web or spa',
    )
    await expect(asked('aws' as 'tls')).rejects.toThrow(
      /^env has variables for authjs, azure, .* not for aws$/,
    )
  })
})

/** Where the library sends a user who presses the button of a provider. */
async function signInOf(provider: AuthConfig['providers'][number], id: string, env: Record<string, string>) {
  const config: AuthConfig = { providers: [provider], trustHost: true, basePath: '/auth' }
  setEnvDefaults({ ...env, AUTH_SECRET: 'of the application itself' }, config)
  const at = 'http://localhost:3000/auth'
  const csrf = await Auth(new Request(`${at}/csrf`), config)
  const { csrfToken } = (await csrf.json()) as { csrfToken: string }
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    cookie: (csrf.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
  }
  const body = new URLSearchParams({ csrfToken })
  const answer = await Auth(new Request(`${at}/signin/${id}`, { method: 'POST', headers, body }), config)
  return new URL(answer.headers.get('location') ?? '')
}

describe("idp.env('authjs')", () => {
  it('sets a provider of the id idp, and the library sends users to the right place', async () => {
    await using idp = await startIdp(CONFIG)
    const env = await idp.env('authjs')
    expect(env).toEqual({
      AUTH_IDP_ISSUER: idp.issuer,
      AUTH_IDP_ID: 'web',
      AUTH_IDP_SECRET: 'the secret of web',
    })
    const { origin, pathname, searchParams } = await signInOf(
      { id: 'idp', name: 'IdP', type: 'oidc' } as AuthConfig['providers'][number],
      'idp',
      env,
    )
    expect(`${origin}${pathname}`).toBe(`${idp.issuer}/authorize`)
    expect(searchParams.get('client_id')).toBe('web')
  })

  it("sets the library's own provider where it has one for the dialect", async () => {
    await using idp = await startIdp({ ...CONFIG, dialect: 'keycloak@26' })
    const env = await idp.env('authjs')
    expect(Object.keys(env)).toEqual(['AUTH_KEYCLOAK_ISSUER', 'AUTH_KEYCLOAK_ID', 'AUTH_KEYCLOAK_SECRET'])
    expect((await signInOf(Keycloak, 'keycloak', env)).href).toMatch(
      new RegExp(`^${idp.issuer}/protocol/openid-connect/auth\\?`),
    )
    await using entra = await startIdp({ ...CONFIG, dialect: 'entra', id: ID })
    const variables = await entra.env('authjs')
    expect(variables).toMatchObject({ AUTH_MICROSOFT_ENTRA_ID_ISSUER: `${entra.url}/${ID}/v2.0` })
    const { pathname } = await signInOf(Entra, 'microsoft-entra-id', variables)
    expect(pathname).toBe(`/${ID}/oauth2/v2.0/authorize`)
  })
})

describe("idp.env('spring')", () => {
  it('sets a resource server, and a registration of a client that users sign in at', async () => {
    await using idp = await startIdp(CONFIG)
    const { issuer } = idp
    expect(await idp.env('spring')).toEqual({
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI: issuer,
      SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES: 'https://api.example.test',
      SPRING_SECURITY_OAUTH2_CLIENT_PROVIDER_IDP_ISSUERURI: issuer,
      SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_IDP_CLIENTID: 'web',
      SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_IDP_CLIENTSECRET: 'the secret of web',
      SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_IDP_AUTHORIZATIONGRANTTYPE: 'authorization_code',
      SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_IDP_REDIRECTURI: 'http://localhost:3000/auth/callback',
      SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_IDP_SCOPE: 'openid,profile,email',
    })
  })

  it('is another for a machine, and for a public client', async () => {
    await using idp = await startIdp(CONFIG)
    const registration = (name: string) => `SPRING_SECURITY_OAUTH2_CLIENT_REGISTRATION_IDP_${name}`
    const machine = await idp.env('spring', { client: 'batch' })
    expect(machine).toMatchObject({
      [registration('AUTHORIZATIONGRANTTYPE')]: 'client_credentials',
      [registration('SCOPE')]: 'orders:read',
    })
    expect(machine).not.toHaveProperty(registration('REDIRECTURI'))
    const spa = await idp.env('spring', { client: 'spa' })
    expect(spa).toMatchObject({ [registration('CLIENTAUTHENTICATIONMETHOD')]: 'none' })
  })
})

describe("idp.env('dotnet')", () => {
  it('sets the sections of both schemes, which take http only where they are told to', async () => {
    await using idp = await startIdp(CONFIG)
    const { issuer } = idp
    expect(await idp.env('dotnet')).toEqual({
      Authentication__Schemes__Bearer__Authority: issuer,
      Authentication__Schemes__Bearer__RequireHttpsMetadata: 'false',
      Authentication__Schemes__Bearer__ValidAudiences__0: 'https://api.example.test',
      Authentication__Schemes__OpenIdConnect__Authority: issuer,
      Authentication__Schemes__OpenIdConnect__RequireHttpsMetadata: 'false',
      Authentication__Schemes__OpenIdConnect__ClientId: 'web',
      Authentication__Schemes__OpenIdConnect__ClientSecret: 'the secret of web',
      Authentication__Schemes__OpenIdConnect__ResponseType: 'code',
    })
  })

  it('sets Microsoft.Identity.Web too where a tenant of Entra serves https', async () => {
    await using idp = await startIdp({ ...CONFIG, dialect: 'entra', id: ID, server: { tls: {} } })
    const env = await idp.env('dotnet', { client: 'batch' })
    expect(env).toMatchObject({
      Authentication__Schemes__Bearer__Authority: `${idp.httpsUrl}/${ID}/v2.0`,
      AzureAd__Instance: `${idp.httpsUrl}/`,
      AzureAd__TenantId: ID,
      AzureAd__ClientId: 'batch',
      AzureAd__ClientSecret: 's3cret',
      SSL_CERT_FILE: idp.caFile,
    })
    expect(env).not.toHaveProperty('Authentication__Schemes__Bearer__RequireHttpsMetadata')
  })
})
