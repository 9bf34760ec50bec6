import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { CALLBACK, DiscoveringClient } from '../support/discovered.ts'
import {
  API,
  APP,
  CONTOSO,
  claimsIn,
  clientAt,
  FABRIKAM,
  PERSONAL,
  SECRET,
  SINGLE,
  signedIn,
  startCloud,
} from '../support/entra_cloud.ts'
import { get, post } from '../support/http.ts'

const [ADA, BOB] = ['ada@contoso.example', 'bob@fabrikam.example']
type Client = NonNullable<ConfigInput['clients']>[number]
type Audience = NonNullable<NonNullable<Client['entra']>['sign_in_audience']>

const OIDC = '/.well-known/openid-configuration'
const app = (sign_in_audience: Audience) => ({
  client_id: `app-${sign_in_audience}`,
  client_secret: SECRET,
  redirect_uris: [CALLBACK],
  entra: { sign_in_audience },
})

describe('Entra: paths of tenants', () => {
  it.each([CONTOSO, CONTOSO.toUpperCase(), 'contoso', 'contoso.example', 'Contoso.Example'])(
    '%s leads to the tenant, whose addresses have its id',
    async (segment) => {
      await using idp = await startCloud()
      for (const [face, issuer] of [
        ['/v2.0', `${idp.url}/${CONTOSO}/v2.0`],
        ['', `${idp.url}/${CONTOSO}/`],
      ]) {
        const { body } = await get(`${idp.url}/${segment}${face}${OIDC}`)
        expect(body['issuer']).toBe(issuer)
        expect(body['token_endpoint']).toContain(`${idp.url}/${CONTOSO}/oauth2/`)
      }
    },
  )

  it.each([
    ['GET', `/v2.0${OIDC}`],
    ['GET', OIDC],
    ['GET', '/discovery/v2.0/keys'],
    ['GET', '/discovery/keys'],
    ['POST', '/oauth2/v2.0/token'],
    ['POST', '/oauth2/token'],
    ['GET', '/oidc/userinfo'],
    ['GET', '/openid/userinfo'],
    ['POST', '/oauth2/v2.0/devicecode'],
  ])('an unknown tenant is AADSTS90002 for %s %s', async (method, path) => {
    await using idp = await startCloud()
    const response = await fetch(`${idp.url}/nobody.example${path}`, {
      method,
      headers: { 'client-request-id': 'from-the-client' },
      ...(method === 'POST' && { body: new URLSearchParams({ client_id: APP }) }),
    })
    const body = (await response.json()) as Record<string, unknown>
    expect([response.status, body['error'], body['error_codes']]).toEqual([400, 'invalid_tenant', [90002]])
    expect(body['error_description']).toMatch(
      /^AADSTS90002: Tenant 'nobody\.example' not found\. .* Trace ID: [0-9a-f-]{36} Correlation ID: from-the-client Timestamp: [\d-]{10} [\d:]{8}Z$/,
    )
    expect(body).toMatchObject({ correlation_id: 'from-the-client', trace_id: expect.any(String) })
  })

  it('finds the metadata of the first tenant at the root, and nothing else there', async () => {
    await using idp = await startCloud()
    expect((await get(`${idp.url}/v2.0${OIDC}`)).body['issuer']).toBe(`${idp.url}/${CONTOSO}/v2.0`)
    expect((await get(`${idp.url}${OIDC}`)).body['issuer']).toBe(`${idp.url}/${CONTOSO}/`)
    for (const path of ['/oauth2/v2.0/authorize', '/login', '/discovery/v2.0/keys'])
      expect((await get(`${idp.url}${path}`)).headers.get('x-mock-reason')).toMatch(
        /tenant.unknown|route.not_found/,
      )
  })

  it('leaves the root to a tenant that stands there', async () => {
    await using idp = await startCloud({ tenants: { plain: { dialect: 'standard', hosts: ['localhost'] } } })
    expect((await get(`${idp.url}${OIDC}`)).body['issuer']).toBe(idp.url)
  })

  it('serves the tenant of personal accounts by its id, declared or not', async () => {
    await using idp = await startCloud()
    expect((await get(`${idp.url}/${PERSONAL}/v2.0${OIDC}`)).body['issuer']).toContain(PERSONAL)
    await using other = await startCloud({
      tenants: { live: { id: PERSONAL, users: [{ username: 'zoe' }] } },
    })
    const { id } = await signedIn(await clientAt(other, 'consumers'), 'zoe')
    expect(id).toMatchObject({ tid: PERSONAL, iss: `${other.url}/${PERSONAL}/v2.0` })
    const { code } = await (await clientAt(other, 'common')).authorize({}, 'zoe')
    expect(claimsIn((await (await clientAt(other, 'common')).redeem(code)).body).id['tid']).toBe(PERSONAL)
  })
})

describe('Entra: an application in another tenant than its own', () => {
  const form = { grant_type: 'client_credentials', client_id: APP, client_secret: SECRET }

  it('gets tokens of that tenant for itself, as another principal with the same API and roles', async () => {
    await using idp = await startCloud()
    const tokens = await Promise.all(
      [CONTOSO, FABRIKAM].map((tenant) =>
        post(`${idp.url}/${tenant}/oauth2/v2.0/token`, { ...form, scope: `${API.identifier}/.default` }),
      ),
    )
    const [own, there] = tokens.map(({ body }) => claimsIn(body).access)
    expect(own).toMatchObject({ tid: CONTOSO, aud: API.id, roles: ['Orders.Read'] })
    expect(there).toMatchObject({ tid: FABRIKAM, aud: API.id, roles: ['Orders.Read'], azp: APP })
    expect(there?.['iss']).toBe(`${idp.url}/${FABRIKAM}/v2.0`)
    expect(there?.['oid']).not.toBe(own?.['oid'])
  })

  it('keeps the id of an API that has none configured', async () => {
    const api = { identifier: 'api://plain', access_token: { version: 2 } }
    await using idp = await startCloud({ tenants: { third: { resources: [api] } } })
    const audiences = await Promise.all(
      [CONTOSO, 'third'].map(async (tenant) => {
        const scope = `${api.identifier}/.default`
        const { body } = await post(`${idp.url}/${tenant}/oauth2/v2.0/token`, { ...form, scope })
        return claimsIn(body).access['aud']
      }),
    )
    expect(audiences[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(audiences[1]).toBe(audiences[0])
  })

  it('signs the users of that tenant in', async () => {
    await using idp = await startCloud()
    const { id } = await signedIn(await clientAt(idp, 'fabrikam.example'), BOB)
    expect(id).toMatchObject({ tid: FABRIKAM, aud: APP })
  })

  it('is not found there when it is for its own tenant alone: AADSTS700016', async () => {
    await using idp = await startCloud()
    const sent = { ...form, client_id: SINGLE, scope: `${API.identifier}/.default` }
    const { body } = await post(`${idp.url}/${FABRIKAM}/oauth2/v2.0/token`, sent)
    expect(body).toMatchObject({ error: 'unauthorized_client', error_codes: [700016] })
  })

  it('refuses a user of elsewhere with AADSTS50020', async () => {
    await using idp = await startCloud({ tenants: { strict: { login: { mode: 'form' } } } })
    const client = await clientAt(idp, CONTOSO)
    const page = await client.browser.submit(await client.browser.open(client.request()), { username: BOB })
    expect([page.status, page.html]).toEqual([
      400,
      expect.stringContaining(`of tenant fabrikam does not exist`),
    ])
    const sent = { ...form, grant_type: 'password', username: BOB, password: 'x', scope: 'openid' }
    const { body } = await post(`${idp.url}/${CONTOSO}/oauth2/v2.0/token`, sent)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50020] })
    expect(body['error_description']).toContain("does not exist in tenant 'contoso'")
  })

  it('authenticates there by an assertion that its own tenant has the key of', async () => {
    const { privateKey, jwk } = await makeKey()
    const third = { clients: [{ client_id: 'certified', jwks: { keys: [jwk] } }] }
    await using idp = await startCloud({ tenants: { third } })
    const url = `${idp.url}/${FABRIKAM}/oauth2/v2.0/token`
    const jwt = await assertion({ client: 'certified', aud: url, key: privateKey })
    const { status, body } = await post(url, { ...assertionForm(jwt), scope: `${API.identifier}/.default` })
    expect([status, claimsIn(body).access]).toMatchObject([200, { tid: FABRIKAM, azpacr: '2' }])
  })
})

describe('Entra: sign_in_audience', () => {
  it.each<[Audience, string, number]>([
    ['AzureADMultipleOrgs', 'consumers', 9002332],
    ['PersonalMicrosoftAccount', 'common', 9002331],
    ['PersonalMicrosoftAccount', 'organizations', 9002331],
    ['AzureADMyOrg', 'organizations', 50194],
  ])('%s at %s is AADSTS%i', async (audience, segment, code) => {
    await using idp = await startCloud({ tenants: { third: { clients: [app(audience)] } } })
    const sent = { grant_type: 'refresh_token', client_id: `app-${audience}`, client_secret: SECRET }
    const { body } = await post(`${idp.url}/${segment}/oauth2/v2.0/token`, { ...sent, refresh_token: 'x' })
    expect(body).toMatchObject({ error: 'invalid_request', error_codes: [code] })
  })

  it('of organisations is for no personal account at common', async () => {
    const audience = 'AzureADMultipleOrgs'
    const live = { id: PERSONAL, users: [{ username: 'zoe' }] }
    await using idp = await startCloud({ tenants: { live, third: { clients: [app(audience)] } } })
    const client = await DiscoveringClient.at(`${idp.url}/common/v2.0`, `app-${audience}`, SECRET)
    expect(await client.authorize({}, 'zoe')).toMatchObject({ error: 'login_required' })
    expect(await client.authorize({}, ADA)).toHaveProperty('code')
  })
})
