import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import { API, APP, CONTOSO, claimsIn, SECRET } from '../support/entra_cloud.ts'
import { get, post } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

const OIDC = '/v2.0/.well-known/openid-configuration'
const POLICY = 'B2C_1_SignIn'
const ALICE = {
  username: 'alice',
  name: 'Alice Liddell',
  given_name: 'Alice',
  family_name: 'Liddell',
  email: 'alice@example.com',
}

const startB2c = (more: object = {}) =>
  startIdp({
    dialect: 'entra',
    id: CONTOSO,
    aliases: ['contoso.onmicrosoft.com'],
    users: [ALICE],
    resources: [{ ...API, scopes: ['read'] }],
    clients: [
      {
        client_id: APP,
        client_secret: SECRET,
        redirect_uris: [CALLBACK],
        post_logout_redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token', 'implicit', 'client_credentials'],
      },
    ],
    entra: { policies: [POLICY, 'B2C_1A_Custom'] },
    ...more,
  } as ConfigInput)
type Idp = Awaited<ReturnType<typeof startB2c>>

const clientAt = (idp: Idp, path: string) => DiscoveringClient.at(`${idp.url}${path}/v2.0`, APP, SECRET)

async function signedIn(client: DiscoveringClient, params: Record<string, string>) {
  const { code } = await client.authorize(params, ALICE.username)
  const answer = await client.redeem(code, { client_info: '1' })
  return { ...answer, ...claimsIn(answer.body) }
}

/** The forms of an address and of the issuer there. */
const FORMS = [
  ['/contoso.onmicrosoft.com/b2c_1_signin', `/${CONTOSO}/v2.0/`],
  [`/${CONTOSO}/B2C_1_SIGNIN`, `/${CONTOSO}/v2.0/`],
  ['/tfp/contoso.onmicrosoft.com/b2c_1_signin', `/tfp/${CONTOSO}/${POLICY}/v2.0/`],
  [`/TFP/${CONTOSO}/B2C_1_signin`.replace('TFP', 'tfp'), `/tfp/${CONTOSO}/${POLICY}/v2.0/`],
] as const

describe('Azure AD B2C: the addresses of a user flow', () => {
  it.each(FORMS)('at %s have an issuer of their own, and lead to each other', async (path, issuer) => {
    await using idp = await startB2c()
    const { status, body } = await get(`${idp.url}${path}${OIDC}`)
    const mount = `${idp.url}${path.startsWith('/tfp') ? '/tfp' : ''}/${CONTOSO}/${POLICY}`
    expect([status, body]).toMatchObject([
      200,
      {
        issuer: `${idp.url}${issuer}`,
        authorization_endpoint: `${mount}/oauth2/v2.0/authorize`,
        token_endpoint: `${mount}/oauth2/v2.0/token`,
        end_session_endpoint: `${mount}/oauth2/v2.0/logout`,
        jwks_uri: `${mount}/discovery/v2.0/keys`,
        scopes_supported: ['openid'],
      },
    ])
    expect(body).not.toHaveProperty('tenant_region_scope')
  })

  it.each(FORMS)('at %s sign a user in', async (path, issuer) => {
    await using idp = await startB2c()
    const client = await clientAt(idp, path)
    const { id, access, body } = await signedIn(client, {
      scope: `openid offline_access ${API.identifier}/read`,
      nonce: 'n',
    })
    const person = { given_name: 'Alice', family_name: 'Liddell', name: 'Alice Liddell', tfp: POLICY }
    const shared = { iss: `${idp.url}${issuer}`, ver: '1.0', emails: [ALICE.email], ...person }
    expect(id).toMatchObject({ ...shared, aud: APP, nonce: 'n', auth_time: expect.any(Number) })
    expect(access).toMatchObject({ ...shared, aud: API.id, azp: APP, scp: 'read' })
    expect([id['oid'], access['sub']]).toEqual([id['sub'], id['sub']])
    for (const claims of [id, access]) expect(claims).not.toHaveProperty('tid')
    const info = Buffer.from(String(body['client_info']), 'base64url').toString()
    expect(JSON.parse(info)).toEqual({ uid: `${id['oid']}-b2c_1_signin`, utid: CONTOSO })
    const keys = createRemoteJWKSet(new URL(client.url('jwks_uri')))
    await jwtVerify(String(body['id_token']), keys, { issuer: `${idp.url}${issuer}`, audience: APP })
    const refreshed = await client.refresh(body['refresh_token'])
    expect([refreshed.status, claimsIn(refreshed.body).id['tfp']]).toEqual([200, POLICY])
  })

  it('sign out, and go back', async () => {
    await using idp = await startB2c()
    const client = await clientAt(idp, '/contoso.onmicrosoft.com/b2c_1_signin')
    const { body } = await signedIn(client, { scope: 'openid' })
    const query = { id_token_hint: String(body['id_token']), post_logout_redirect_uri: CALLBACK }
    const page = await client.browser.open(
      `${client.url('end_session_endpoint')}?${new URLSearchParams(query)}`,
    )
    expect([page.left?.href, client.browser.cookies.size]).toEqual([CALLBACK, 0])
  })

  it('give a client a token for itself as an API when its own id is the scope', async () => {
    await using idp = await startB2c()
    const client = await clientAt(idp, `/${CONTOSO}/b2c_1a_custom`)
    const { access, status } = await signedIn(client, { scope: `openid ${APP}`, client_id: APP })
    expect([status, access]).toMatchObject([200, { aud: APP, tfp: 'B2C_1A_Custom' }])
  })

  it.each([`/${CONTOSO}/b2c_1_other`, '/tfp/contoso.onmicrosoft.com/b2c_1_other', '/nobody/b2c_1_signin'])(
    'are not at %s: the refusal says where policies are declared',
    async (path) => {
      await using idp = await startB2c()
      const { status, body } = await get(`${idp.url}${path}${OIDC}`)
      expect([status, body['error']]).toEqual([404, 'invalid_request'])
      expect(body['error_description']).toMatch(/^AADB2C: .*\/b2c_1_.* entra\.policies/)
    },
  )

  it('refuse in the words of user flows', async () => {
    await using idp = await startB2c()
    const client = await clientAt(idp, `/${CONTOSO}/b2c_1_signin`)
    const unknown = await client.redeem('no-code')
    expect([unknown.status, unknown.body['error']]).toEqual([400, 'invalid_grant'])
    expect(unknown.body['error_description']).toMatch(/^AADB2C90080: /)
    const url = client.url('token_endpoint')
    const wrong = await post(url, { grant_type: 'client_credentials', client_id: APP, client_secret: 'x' })
    expect(wrong.body['error_description']).toMatch(/^AADB2C|^AADSTS/)
    const page = await client.browser.open(client.request())
    const left = (await client.browser.submit(page, { action: 'deny' })).left
    expect(left?.searchParams.get('error_description')).toMatch(/^AADB2C90091: /)
  })

  it('are not there for a tenant without policies', async () => {
    await using idp = await startB2c({ entra: {} })
    const { status, body } = await get(`${idp.url}/${CONTOSO}/b2c_1_signin${OIDC}`)
    expect([status, body['error']]).toEqual([404, 'invalid_request'])
  })

  it('are at the host of the tenant, which is found by the name in it', async () => {
    await using idp = await startB2c({ hosts: ['fab.b2clogin.com'], issuer: { mode: 'fixed' } })
    const port = Number(new URL(idp.url).port)
    const path = `/fab.onmicrosoft.com/b2c_1_signin${OIDC}`
    const { body } = await requestAs({ port, path, headers: { host: 'fab.b2clogin.com' } })
    expect(body['issuer']).toBe(`http://fab.b2clogin.com/${CONTOSO}/v2.0/`)
  })
})
