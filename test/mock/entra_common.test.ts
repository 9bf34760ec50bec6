import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { DEVICE_CODE, typeCode } from '../support/device.ts'
import { CALLBACK } from '../support/discovered.ts'
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

const SCOPE = `openid profile offline_access ${API.identifier}/read`
const [ADA, BOB] = ['ada@contoso.example', 'bob@fabrikam.example']
const info = (body: Record<string, unknown>) =>
  JSON.parse(Buffer.from(String(body['client_info']), 'base64url').toString('utf8'))

describe('Entra at common, organizations and consumers', () => {
  it.each([
    ['common', '{tenantid}'],
    ['COMMON', '{tenantid}'],
    ['organizations', '{tenantid}'],
    ['consumers', PERSONAL],
  ])('%s shows itself in every address, and %s in the issuers', async (segment, id) => {
    await using idp = await startCloud()
    const at = `${idp.url}/${segment.toLowerCase()}`
    const { body } = await get(`${idp.url}/${segment}/v2.0/.well-known/openid-configuration`)
    expect(body).toMatchObject({
      issuer: `${idp.url}/${id}/v2.0`,
      token_endpoint: `${at}/oauth2/v2.0/token`,
      authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${at}/oauth2/v2.0/logout`,
      jwks_uri: `${at}/discovery/v2.0/keys`,
      tenant_region_scope: null,
    })
    const v1 = await get(`${idp.url}/${segment}/.well-known/openid-configuration`)
    expect(v1.body).toMatchObject({ issuer: `${idp.url}/${id}/`, token_endpoint: `${at}/oauth2/token` })
    const { body: jwks } = await get(String(body['jwks_uri']))
    expect(jwks['keys']).toEqual([expect.objectContaining({ issuer: `${idp.url}/${id}/v2.0` })])
    expect((await get(`${at}/discovery/keys`)).body['keys']).toEqual([
      expect.not.objectContaining({ issuer: expect.anything() }),
    ])
  })

  it('shows the region of a tenant, and of no other address', async () => {
    await using idp = await startCloud()
    const { body } = await get(`${idp.url}/${CONTOSO}/v2.0/.well-known/openid-configuration`)
    expect(body['tenant_region_scope']).toBe('EU')
  })

  it.each([
    [ADA, CONTOSO],
    [BOB, FABRIKAM],
  ])('signs %s in, whose tokens are those of the tenant that is their home', async (user, tenant) => {
    await using idp = await startCloud()
    const client = await clientAt(idp, 'common')
    const { id, access, body } = await signedIn(client, user, SCOPE)
    const home = { iss: `${idp.url}/${tenant}/v2.0`, tid: tenant }
    expect(id).toMatchObject({ ...home, aud: APP, preferred_username: user })
    expect(access).toMatchObject({ ...home, aud: API.id, scp: 'read', oid: id['oid'] })
    expect(info(body)).toEqual({ uid: id['oid'], utid: tenant })
    const { payload } = await jwtVerify(
      String(body['id_token']),
      createRemoteJWKSet(new URL(client.url('jwks_uri'))),
    )
    expect(payload.iss).toBe(home.iss)
    const direct = await signedIn(await clientAt(idp, tenant), user, SCOPE)
    expect([direct.id['sub'], direct.id['oid']]).toEqual([id['sub'], id['oid']])
  })

  it('takes a code and a refresh token of common at the home of the user, and the other way round', async () => {
    await using idp = await startCloud()
    const [common, home] = await Promise.all([clientAt(idp, 'common'), clientAt(idp, FABRIKAM)])
    const there = await common.authorize({ scope: SCOPE }, BOB)
    const atHome = await home.redeem(there['code'])
    const back = await common.refresh(atHome.body['refresh_token'])
    const again = await home.refresh(back.body['refresh_token'])
    for (const { status, body } of [atHome, back, again])
      expect([status, claimsIn(body).access['tid']]).toEqual([200, FABRIKAM])
    const { code } = await home.authorize({ scope: SCOPE }, BOB)
    expect(claimsIn((await common.redeem(code)).body).id['tid']).toBe(FABRIKAM)
  })

  it('refuses at another tenant with AADSTS700005 and AADSTS50020 what is for the home of the user', async () => {
    await using idp = await startCloud()
    const [common, other] = await Promise.all([clientAt(idp, 'common'), clientAt(idp, CONTOSO)])
    const { code } = await common.authorize({ scope: SCOPE }, BOB)
    const redeemed = await other.redeem(code)
    expect([redeemed.status, redeemed.body]).toMatchObject([
      400,
      { error: 'invalid_grant', error_codes: [700005] },
    ])
    const { body } = await common.redeem(code)
    const refreshed = await other.refresh(body['refresh_token'])
    expect([refreshed.status, refreshed.body]).toMatchObject([
      400,
      { error: 'invalid_grant', error_codes: [50020] },
    ])
  })

  it('lets a device in that asked at common, with the tokens of the home of whoever allows it', async () => {
    await using idp = await startCloud()
    const common = await clientAt(idp, 'common')
    const home = await clientAt(idp, FABRIKAM)
    const other = await clientAt(idp, CONTOSO)
    const sent = { client_id: APP, client_secret: SECRET, scope: SCOPE }
    const { body } = await post(common.url('device_authorization_endpoint'), sent)
    const page = await typeCode(common.browser, body['verification_uri'], body['user_code'], BOB)
    await common.browser.submit(page, { action: 'allow' })
    const poll = { grant_type: DEVICE_CODE, device_code: String(body['device_code']) }
    expect((await other.token(poll)).body['error_codes']).toEqual([700005])
    const { status, body: tokens } = await home.token(poll)
    expect([status, claimsIn(tokens).id]).toMatchObject([200, { tid: FABRIKAM }])
  })

  it('keeps one login for all: a tenant knows who signed in at common, and common who did there', async () => {
    await using idp = await startCloud()
    const [common, home] = await Promise.all([clientAt(idp, 'common'), clientAt(idp, FABRIKAM)])
    const { body } = await signedIn(common, BOB)
    const silent = await common.browser.open(home.request({ prompt: 'none', scope: 'openid' }))
    expect(silent.left?.searchParams.has('code')).toBe(true)
    const other = await common.browser.open((await clientAt(idp, CONTOSO)).request({ prompt: 'none' }))
    expect(other.left?.searchParams.get('error')).toBe('login_required')
    const query = { id_token_hint: String(body['id_token']), post_logout_redirect_uri: CALLBACK }
    const out = await common.browser.open(
      `${common.url('end_session_endpoint')}?${new URLSearchParams(query)}`,
    )
    expect([out.left?.href, common.browser.cookies.size]).toEqual([CALLBACK, 0])
    const after = await common.browser.open(home.request({ prompt: 'none', scope: 'openid' }))
    expect(after.left?.searchParams.get('error')).toBe('login_required')
  })

  it('knows the APIs of Microsoft there', async () => {
    await using idp = await startCloud()
    const client = await clientAt(idp, 'common')
    const scope = 'openid https://vault.azure.net/user_impersonation'
    const { access, status } = await signedIn(client, BOB, scope)
    expect([status, access]).toMatchObject([200, { aud: 'https://vault.azure.net', tid: FABRIKAM }])
  })

  it('opens userinfo with the token of any tenant', async () => {
    await using idp = await startCloud()
    const { body, id } = await signedIn(await clientAt(idp, 'common'), BOB)
    for (const segment of ['common', FABRIKAM]) {
      const token = { authorization: `Bearer ${String(body['access_token'])}` }
      const answer = await get(`${idp.url}/${segment}/oidc/userinfo`, token)
      expect([answer.status, answer.body]).toMatchObject([200, { sub: id['sub'], name: 'Bob' }])
    }
  })

  it('tells users of the same name apart', async () => {
    const same = { users: [{ username: 'eve' }] }
    await using idp = await startCloud({ tenants: { one: same, two: { ...same, aliases: ['two.example'] } } })
    const first = await signedIn(await clientAt(idp, 'common'), 'eve')
    const second = await signedIn(await clientAt(idp, 'common'), 'eve@two.example')
    const issuer = (tenant: string) => idp.issuerOf(tenant)
    expect([first.id['iss'], second.id['iss']]).toEqual([issuer('one'), issuer('two')])
    expect(second.id['preferred_username']).toBe('eve')
  })

  it.each([
    ['new@fabrikam.example', FABRIKAM],
    ['new@elsewhere.example', CONTOSO],
  ])(
    'takes %s, whom nobody declares, for a user of %s: by the domain, else of the first',
    async (name, tid) => {
      await using idp = await startCloud()
      const client = await clientAt(idp, 'common')
      const page = await client.browser.open(client.request())
      const { left } = await client.browser.submit(page, { username: name })
      const { body } = await client.redeem(left?.searchParams.get('code') ?? undefined)
      expect(claimsIn(body).id['tid']).toBe(tid)
    },
  )

  it('signs whom login_hint means in where nobody chooses, and never a guest, who is at home elsewhere', async () => {
    const guest = { username: 'guest@elsewhere.example', entra: { user_type: 'Guest' as const } }
    const host = { users: [guest, { username: 'yve@host.example' }] }
    await using idp = await startCloud({ login: { mode: 'auto' }, tenants: { host } })
    const client = await clientAt(idp, 'common')
    const signIn = async (login_hint: string) => {
      const { code } = await client.authorize({ login_hint, scope: 'openid profile' })
      const { tid, preferred_username } = claimsIn((await client.redeem(code)).body).id
      return [tid, preferred_username]
    }
    expect(await signIn(BOB)).toEqual([FABRIKAM, BOB])
    expect(await signIn(ADA)).toEqual([CONTOSO, ADA])
    const page = await (await clientAt(idp, 'common')).browser.open(client.request({ prompt: 'none' }))
    expect(page.left?.searchParams.get('error')).toBe('login_required')
    expect((await signIn(guest.username))[1]).not.toBe(guest.username)
    expect((await signIn('yve@host.example'))[1]).toBe('yve@host.example')
  })

  it('refuses an application of one tenant with AADSTS50194, on a page and at the token endpoint', async () => {
    await using idp = await startCloud()
    const client = await clientAt(idp, 'common', SINGLE)
    const page = await client.browser.open(client.request())
    expect([page.status, page.headers.get('x-mock-reason')]).toEqual([400, 'client.single_tenant'])
    const answer = await client.refresh('any')
    expect(answer.body).toMatchObject({ error: 'invalid_request', error_codes: [50194] })
    expect((await signedIn(await clientAt(idp, CONTOSO, SINGLE), ADA)).status).toBe(200)
  })

  it.each([
    ['common', 'client_credentials', 400],
    ['organizations', 'client_credentials', 400],
    ['consumers', 'client_credentials', 400],
    ['common', 'password', 400],
    ['organizations', 'password', 200],
  ])('%s answers %s with %i', async (segment, grant_type, status) => {
    await using idp = await startCloud()
    const asked = grant_type === 'password' ? { scope: 'openid', username: BOB, password: 'x' } : {}
    const form = { grant_type, client_id: APP, client_secret: SECRET, scope: `${API.id}/.default`, ...asked }
    const answer = await post(`${idp.url}/${segment}/oauth2/v2.0/token`, form)
    expect(answer.status).toBe(status)
    if (status === 200) return expect(claimsIn(answer.body).id['tid']).toBe(FABRIKAM)
    expect(answer.body).toMatchObject({ error: 'invalid_request', error_codes: [9001023] })
    expect(answer.body['error_description']).toContain('send it to /TENANT')
  })

  it.each(['magic', 'constructor', '__proto__'])(
    'refuse the grant type %s, which nobody has',
    async (name) => {
      await using idp = await startCloud()
      const form = { grant_type: name, client_id: APP, client_secret: SECRET }
      const { status, body } = await post(`${idp.url}/common/oauth2/v2.0/token`, form)
      expect([status, body['error'], body['error_codes']]).toEqual([400, 'unsupported_grant_type', [70003]])
    },
  )
})
