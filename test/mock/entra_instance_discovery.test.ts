import { describe, expect, it } from 'vitest'
import { CONTOSO, FABRIKAM, startCloud } from '../support/entra_cloud.ts'
import { get } from '../support/http.ts'
import { requestAs } from '../support/raw.ts'

const PATH = '/common/discovery/instance'
const OIDC = '/v2.0/.well-known/openid-configuration'
const MICROSOFT = ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net']
const real = { preferred_network: MICROSOFT[0], preferred_cache: MICROSOFT[1], aliases: MICROSOFT }
const own = (host: string) => ({ preferred_network: host, preferred_cache: host, aliases: [host] })

describe('Entra: instance discovery', () => {
  it('lists the host with its port beside those of Microsoft, for a day', async () => {
    await using idp = await startCloud()
    const { host } = new URL(idp.url)
    // As MSAL for JavaScript asks: the value is not encoded.
    const query = `api-version=1.1&authorization_endpoint=${idp.url}/${FABRIKAM}/oauth2/v2.0/authorize`
    const { status, body, headers } = await get(`${idp.url}${PATH}?${query}`)
    expect([status, body]).toEqual([
      200,
      {
        tenant_discovery_endpoint: `${idp.url}/${FABRIKAM}${OIDC}`,
        'api-version': '1.1',
        metadata: [real, own(host)],
      },
    ])
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'max-age=86400, private',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, OPTIONS',
    })
  })

  it.each([
    ['an id', FABRIKAM, FABRIKAM],
    ['a domain', 'Fabrikam.Example', 'Fabrikam.Example'],
    ['common', 'common', 'common'],
    ['organizations', 'organizations', 'organizations'],
    ['nobody', 'nobody.example', CONTOSO],
  ])('leads whoever asks about %s to metadata that is there', async (_what, segment, found) => {
    await using idp = await startCloud()
    const asked = encodeURIComponent(`https://localhost/${segment}/oauth2/v2.0/authorize`)
    const { body } = await get(`${idp.url}${PATH}?api-version=1.0&authorization_endpoint=${asked}`)
    expect([body['tenant_discovery_endpoint'], body['api-version']]).toEqual([
      `${idp.url}/${found}${OIDC}`,
      '1.0',
    ])
    expect((await get(String(body['tenant_discovery_endpoint']))).status).toBe(200)
  })

  it('vouches for the host that is asked about, too', async () => {
    await using idp = await startCloud()
    const port = Number(new URL(idp.url).port)
    const path = `${PATH}?authorization_endpoint=https://localhost:8443/${CONTOSO}/oauth2/v2.0/authorize`
    const { body } = await requestAs({ port, path, headers: { host: 'login.microsoftonline.com' } })
    expect(body['metadata']).toEqual([real, own('localhost:8443')])
    expect(body['tenant_discovery_endpoint']).toBe(`http://login.microsoftonline.com/${CONTOSO}${OIDC}`)
  })

  it.each([
    ['GET', PATH],
    ['GET', `/${CONTOSO}/discovery/instance`],
    ['GET', '/nobody/discovery/instance?api-version=9&authorization_endpoint=::'],
    ['GET', `${PATH}?authorization_endpoint=%zz&x=1`],
    ['HEAD', PATH],
    ['POST', PATH],
    ['PATCH', PATH],
  ])('is never refused, for no library forgives that: %s %s', async (method, path) => {
    await using idp = await startCloud()
    const sent = method === 'POST' ? { body: '{', headers: { 'content-type': 'application/json' } } : {}
    expect((await fetch(`${idp.url}${path}`, { method, ...sent })).status).toBe(200)
  })

  it('can be read by scripts, with or without a preflight', async () => {
    await using idp = await startCloud()
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
    const preflight = await fetch(`${idp.url}${PATH}`, { method: 'OPTIONS', headers })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      headers.origin,
    ])
    const { headers: got } = await get(`${idp.url}${PATH}`, { origin: headers.origin })
    expect(got.get('access-control-allow-origin')).toBe(headers.origin)
  })

  it('is not there without a tenant of Entra', async () => {
    const { startIdp } = await import('../../src/index.ts')
    await using idp = await startIdp()
    expect((await get(`${idp.url}${PATH}`)).status).toBe(404)
  })
})

describe('Entra: user realm', () => {
  const cloud = {
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  }

  it.each([
    ['bob@fabrikam.example', 'Managed', 'fabrikam.example'],
    ['someone.new@Fabrikam.Example', 'Managed', 'Fabrikam.Example'],
    ['zoe@sub.example', 'Managed', 'sub.example'],
    ['eve@elsewhere.example', 'Unknown', 'elsewhere.example'],
  ])('knows of %s that the account is %s', async (upn, account_type, domain_name) => {
    await using idp = await startCloud({ tenants: { third: { users: [{ username: 'yve@sub.example' }] } } })
    const { status, body } = await get(
      `${idp.url}/common/userrealm/${encodeURIComponent(upn)}?api-version=1.0`,
    )
    expect([status, body]).toEqual([200, { ver: '1.0', account_type, domain_name, ...cloud }])
  })

  it('has the names of version 2 for who asks so', async () => {
    await using idp = await startCloud()
    const { body } = await get(`${idp.url}/common/userrealm/?user=bob@fabrikam.example&api-version=2.1`)
    const bob = { Login: 'bob@fabrikam.example', NameSpaceType: 'Managed', DomainName: 'fabrikam.example' }
    expect(body).toEqual({ ...bob, ...cloud })
  })
})
