import { randomUUID } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { basic, get, post } from '../support/http.ts'
import { shell } from '../support/shell.ts'
import { claimsOf } from '../support/token.ts'

const CREDENTIALS = ['oidc-client', 'mysecret'] as const
const FORM = { grant_type: 'client_credentials', scope: 'service-api' }

const startRealm = () =>
  startIdp({
    dialect: 'buypass',
    id: 'SECURITYDOMAIN',
    clients: [{ client_id: CREDENTIALS[0], client_secret: CREDENTIALS[1], scope: 'service-api' }],
  })

const partner = await makeKey('RS256')
const startForPartner = () =>
  startIdp({
    dialect: 'buypass',
    id: 'SECURITYDOMAIN',
    clients: [
      {
        client_id: 'oidc-client',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [partner.jwk] },
      },
    ],
  })

function askByAssertion(url: string, client_assertion: string) {
  return post(url, assertionForm(client_assertion))
}

function signFor(aud: string, claims: Record<string, unknown> = {}) {
  return assertion({ client: 'oidc-client', aud, key: partner.privateKey, alg: 'RS256', claims })
}

describe('Buypass: token endpoint, client credentials', () => {
  it('answers the documented curl', async () => {
    await using idp = await startRealm()
    const printed = await shell(
      `BASEURL="\${ORIGIN}/auth/realms/SECURITYDOMAIN/protocol/openid-connect";
CLIENT_ID="oidc-client"
CLIENT_SECRET="mysecret"
BASIC_AUTH=\`echo -n "\${CLIENT_ID}:\${CLIENT_SECRET}"| base64\`
SCOPE="service-api"

curl -i -w "\\n" \\
-H "Content-Type: application/x-www-form-urlencoded" \\
-H "Authorization: Basic \${BASIC_AUTH}" \\
-X POST "\${BASEURL}/token" \\
-d "grant_type=client_credentials"\\
"&scope=\${SCOPE}"`,
      { ORIGIN: idp.url },
    )
    expect(printed).toMatch(/^HTTP\/1.1 200 /)
    expect(JSON.parse(printed.split('\r\n\r\n')[1] ?? '')).toMatchObject({ scope: 'service-api' })
  })

  it('has the members of a Keycloak 9 answer in their order', async () => {
    await using idp = await startRealm()
    const answer = await post(`${idp.issuer}/protocol/openid-connect/token`, FORM, basic(...CREDENTIALS))
    expect(Object.entries(answer.body)).toEqual([
      ['access_token', expect.any(String)],
      ['expires_in', 300],
      ['refresh_expires_in', 0],
      ['token_type', 'bearer'],
      ['not-before-policy', 0],
      ['session_state', claimsOf(answer)['session_state']],
      ['scope', 'service-api'],
    ])
    expect(Object.keys(claimsOf(answer))).toEqual([
      'jti',
      'exp',
      'nbf',
      'iat',
      'iss',
      'sub',
      'typ',
      'azp',
      'auth_time',
      'session_state',
      'acr',
      'scope',
      'clientId',
      'email_verified',
      'clientHost',
      'preferred_username',
      'clientAddress',
    ])
    expect(claimsOf(answer)).toMatchObject({
      iss: `${idp.url}/auth/realms/SECURITYDOMAIN`,
      nbf: 0,
      auth_time: 0,
      azp: 'oidc-client',
      clientId: 'oidc-client',
      preferred_username: 'service-account-oidc-client',
    })
  })

  it('takes the secret in the body', async () => {
    await using idp = await startRealm()
    const [client_id, client_secret] = CREDENTIALS
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const { status } = await post(url, { ...FORM, client_id, client_secret })
    expect(status).toBe(200)
  })

  it('ignores query parameters it does not know on the token URL', async () => {
    await using idp = await startRealm()
    const url = `${idp.issuer}/protocol/openid-connect/token?_tlsclientauth=1`
    const { status } = await post(url, FORM, basic(...CREDENTIALS))
    expect(status).toBe(200)
  })

  it('advertises token_introspection_endpoint, and keys that verify the token', async () => {
    await using idp = await startRealm()
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body).toMatchObject({
      issuer: `${idp.url}/auth/realms/SECURITYDOMAIN`,
      token_endpoint: `${idp.issuer}/protocol/openid-connect/token`,
      token_introspection_endpoint: `${idp.issuer}/protocol/openid-connect/token/introspect`,
    })
    expect(body).not.toHaveProperty('introspection_endpoint')
    expect(body).not.toHaveProperty('revocation_endpoint')

    const answer = await post(String(body['token_endpoint']), FORM, basic(...CREDENTIALS))
    const token = String(answer.body['access_token'])
    const keys = createRemoteJWKSet(new URL(String(body['jwks_uri'])))
    await expect(jwtVerify(token, keys, { issuer: idp.issuer })).resolves.toBeDefined()
    const introspected = await post(
      String(body['token_introspection_endpoint']),
      { token },
      basic(...CREDENTIALS),
    )
    expect(introspected.body).toMatchObject({ ...claimsOf(answer), active: true })
  })
})

describe('Buypass: private_key_jwt', () => {
  it.each([
    ['the issuer', ''],
    ['the token endpoint', '/protocol/openid-connect/token'],
  ])('accepts an assertion whose audience is %s', async (_name, path) => {
    await using idp = await startForPartner()
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const answer = await askByAssertion(url, await signFor(`${idp.issuer}${path}`))
    expect(answer.status, answer.text).toBe(200)
  })

  it('takes a jti once', async () => {
    await using idp = await startForPartner()
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const jti = randomUUID()
    expect((await askByAssertion(url, await signFor(idp.issuer, { jti }))).status).toBe(200)
    const { status, body } = await askByAssertion(url, await signFor(idp.issuer, { jti }))
    expect({ status, ...body }).toEqual({
      status: 400,
      error: 'invalid_client',
      error_description: 'Client authentication with signed JWT failed: Token reuse detected',
    })
  })

  it.each([
    ['jti', 'Missing ID on the token'],
    ['sub', 'Issuer mismatch. The issuer should match the subject'],
  ])('refuses an assertion without %s', async (claim, text) => {
    await using idp = await startForPartner()
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const { status, body } = await askByAssertion(url, await signFor(idp.issuer, { [claim]: undefined }))
    expect({ status, ...body }).toEqual({
      status: 400,
      error: 'invalid_client',
      error_description: `Client authentication with signed JWT failed: ${text}`,
    })
  })

  it('lists the audiences it expects where an assertion names another', async () => {
    await using idp = await startForPartner()
    const url = `${idp.issuer}/protocol/openid-connect/token`
    const { body } = await askByAssertion(url, await signFor('https://elsewhere.example'))
    expect(body['error_description']).toBe(
      "Client authentication with signed JWT failed: Token audience doesn't match domain. " +
        `Expected audiences are any of [${idp.issuer}, ${url}] but audience from token is '[https://elsewhere.example]'`,
    )
  })
})
