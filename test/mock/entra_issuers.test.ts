import { describe, expect, it } from 'vitest'
import { API, APP, CONTOSO, claimsIn, FABRIKAM, SECRET, startCloud } from '../support/entra_cloud.ts'
import { requestAs } from '../support/raw.ts'

const OIDC = '/.well-known/openid-configuration'
const TOKEN = `/${CONTOSO}/oauth2/v2.0/token`
const form = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: APP,
  client_secret: SECRET,
  scope: `${API.identifier}/.default`,
}).toString()

type Settings = Parameters<typeof startCloud>[0]

/** The same server under another name. */
async function seenAs(host: (port: number) => string, settings: Settings = {}) {
  const idp = await startCloud(settings)
  const port = Number(new URL(idp.url).port)
  const headers = { host: host(port) }
  const at = (path: string, more: object = {}) => requestAs({ port, path, headers, ...more })
  return { idp, port, at, [Symbol.asyncDispose]: () => idp.stop() }
}

describe('Entra: issuers', () => {
  it.each([
    ['localhost', (port: number) => `localhost:${port}`],
    ['127.0.0.1', (port: number) => `127.0.0.1:${port}`],
    ['the name of a container', (port: number) => `entra:${port}`],
    ['a host of its own, which is none of Microsoft', () => 'login.contoso.example'],
  ])('follow the caller who uses %s', async (_what, host) => {
    await using site = await seenAs(host)
    const origin = `http://${host(site.port)}`
    const v2 = await site.at(`/${CONTOSO}/v2.0${OIDC}`)
    expect(v2.body).toMatchObject({
      issuer: `${origin}/${CONTOSO}/v2.0`,
      token_endpoint: `${origin}${TOKEN}`,
      jwks_uri: `${origin}/${CONTOSO}/discovery/v2.0/keys`,
    })
    expect((await site.at(`/${CONTOSO}${OIDC}`)).body['issuer']).toBe(`${origin}/${CONTOSO}/`)
    const { body } = await site.at(TOKEN, { form })
    expect(claimsIn(body).access).toMatchObject({ iss: `${origin}/${CONTOSO}/v2.0`, tid: CONTOSO })
    expect((await site.at(`/common/v2.0${OIDC}`)).body['issuer']).toBe(`${origin}/{tenantid}/v2.0`)
  })

  it.each([
    ['issuer.url', { url: 'https://login.example.test' }, () => 'https://login.example.test'],
    ['issuer.mode: fixed', { mode: 'fixed' as const }, (port: number) => `http://localhost:${port}`],
  ])('stay where %s pins them', async (_what, issuer, base) => {
    await using site = await seenAs((port) => `127.0.0.1:${port}`, { issuer })
    for (const [segment, id] of [
      [CONTOSO, CONTOSO],
      ['common', '{tenantid}'],
    ])
      expect((await site.at(`/${segment}/v2.0${OIDC}`)).body['issuer']).toBe(`${base(site.port)}/${id}/v2.0`)
    const { body } = await site.at(TOKEN, { form })
    expect(claimsIn(body).access['iss']).toBe(`${base(site.port)}/${CONTOSO}/v2.0`)
  })

  it.each([
    ['entra.issuer: microsoft', { entra: { issuer: 'microsoft' as const } }],
    [
      'a tenant that answers for a host of Microsoft',
      { tenants: { host: { hosts: ['login.windows.net'] } } },
    ],
  ])('are those of Microsoft with %s, at every address', async (_what, settings) => {
    await using site = await seenAs((port) => `localhost:${port}`, settings)
    const [v1, v2] = ['https://sts.windows.net', 'https://login.microsoftonline.com']
    for (const [segment, id] of [
      [FABRIKAM, FABRIKAM],
      ['common', '{tenantid}'],
    ]) {
      expect((await site.at(`/${segment}${OIDC}`)).body['issuer']).toBe(`${v1}/${id}/`)
      expect((await site.at(`/${segment}/v2.0${OIDC}`)).body['issuer']).toBe(`${v2}/${id}/v2.0`)
      expect((await site.at(`/${segment}/discovery/v2.0/keys`)).body['keys']).toEqual([
        expect.objectContaining({ issuer: `${v2}/${id}/v2.0` }),
      ])
    }
    const { body } = await site.at(TOKEN, { form })
    expect(claimsIn(body).access['iss']).toBe(`${v2}/${CONTOSO}/v2.0`)
    expect((await site.at(`/${CONTOSO}/v2.0${OIDC}`)).body['token_endpoint']).toMatch(/^http:\/\/localhost:/)
  })

  it('can be their own though a host of Microsoft is answered for', async () => {
    const tenants = { host: { hosts: ['login.windows.net'] } }
    await using site = await seenAs(() => 'login.windows.net', { tenants, entra: { issuer: 'own' } })
    expect((await site.at(`/${CONTOSO}/v2.0${OIDC}`)).body['issuer']).toBe(
      `http://login.windows.net/${CONTOSO}/v2.0`,
    )
  })

  it.each([
    ['request', {}],
    ['fixed', { issuer: { url: 'https://login.example.test' } }],
    ['of Microsoft', { entra: { issuer: 'microsoft' as const } }],
  ])('of tokens are known again under every name, when they are %s', async (_what, settings) => {
    await using site = await seenAs((port) => `localhost:${port}`, settings)
    const { body } = await site.at(TOKEN, { form })
    const authorization = `Bearer ${String(body['access_token'])}`
    for (const host of [`localhost:${site.port}`, `127.0.0.1:${site.port}`, 'entra'])
      for (const segment of [CONTOSO, 'common']) {
        const path = `/${segment}/oidc/userinfo`
        const answer = await requestAs({ port: site.port, path, headers: { host, authorization } })
        expect([host, segment, answer.status]).toEqual([host, segment, 200])
      }
    const other = `/${FABRIKAM}/oidc/userinfo`
    const { status } = await site.at(other, { headers: { host: 'entra', authorization } })
    expect(status).toBe(401)
  })

  it('are at the host of a CIAM tenant, which is found by the name in it', async () => {
    const tenants = { wing: { id: FABRIKAM.replace(/^./, '6'), hosts: ['wingtip.ciamlogin.com'] } }
    await using site = await seenAs(() => 'wingtip.ciamlogin.com', {
      tenants,
      issuer: { url: 'https://login.example.test' },
    })
    const issuer = `http://wingtip.ciamlogin.com/${tenants.wing.id}/v2.0`
    for (const segment of ['wingtip.onmicrosoft.com', 'Wingtip.onmicrosoft.com', tenants.wing.id])
      expect((await site.at(`/${segment}/v2.0${OIDC}`)).body).toMatchObject({
        issuer,
        token_endpoint: issuer.replace(/v2\.0$/, 'oauth2/v2.0/token'),
      })
  })
})
