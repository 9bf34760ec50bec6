import { describe, expect, it } from 'vitest'
import {
  ADA,
  APP,
  BILLING,
  ORDERS,
  ownToken,
  signIn,
  startEntra,
  TENANT,
  tokensOf,
  v1Of,
} from '../support/entra_tenant.ts'
import { decode } from '../support/http.ts'

const HOME = '6babcaad-604b-40ac-a9d7-9fd97c0b779f'
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'
const READ = `${ORDERS.identifier}/read openid profile offline_access`
const words = (text: string) => text.split(' ').sort()
const names = (claims: object) => Object.keys(claims).sort()

describe('Entra: the claims of each kind of access token', () => {
  it('of an application at an API of v1', async () => {
    await using entra = await startEntra()
    const { access } = tokensOf(await ownToken(entra, `${BILLING}/.default`))
    expect(names(access)).toEqual(words('aud iss iat nbf exp aio appid appidacr idp oid rh sub tid uti ver'))
    expect(access).toMatchObject({ aud: BILLING, oid: access['sub'], tid: TENANT, ver: '1.0' })
  })

  it('of an application at an API of v2', async () => {
    await using entra = await startEntra()
    const { access } = tokensOf(await ownToken(entra, `${ORDERS.identifier}/.default`))
    expect(names(access)).toEqual(words('aud iss iat nbf exp aio azp azpacr oid rh sub tid uti ver'))
  })

  it('of a user at an API of v1', async () => {
    await using entra = await startEntra()
    const { access } = await signIn(entra.app, { scope: `${BILLING}/pay openid` })
    expect(names(access)).toEqual(
      words(
        'aud iss iat nbf exp acr aio amr appid appidacr family_name given_name ipaddr name oid rh scp sub tid unique_name upn uti ver',
      ),
    )
  })

  it('of a user at an API of v2', async () => {
    await using entra = await startEntra()
    const { access } = await signIn(entra.app, { scope: READ })
    expect(names(access)).toEqual(
      words('aud iss iat nbf exp aio azp azpacr name oid preferred_username rh scp sub tid uti ver'),
    )
  })

  it('of Graph say whether a user or an application has them', async () => {
    await using entra = await startEntra({ client: { client_name: 'Orders' } })
    const own = tokensOf(await ownToken(entra, 'https://graph.microsoft.com/.default')).access
    expect(own).toMatchObject({ idtyp: 'app', app_displayname: 'Orders', tenant_region_scope: 'EU' })
    expect((await signIn(entra.app)).access).toMatchObject({ idtyp: 'user' })
  })

  it('of Graph alone have a nonce in the header', async () => {
    await using entra = await startEntra()
    const headerOf = ({ body }: { readonly body: Record<string, unknown> }) =>
      decode(String(body['access_token'])).header
    const graph = [await ownToken(entra, 'https://graph.microsoft.com/.default'), await signIn(entra.app)]
    for (const answer of graph) expect(headerOf(answer)).toHaveProperty('nonce')
    const others = [await ownToken(entra, `${BILLING}/.default`), await signIn(entra.app, { scope: READ })]
    for (const answer of others) expect(headerOf(answer)).not.toHaveProperty('nonce')
  })

  it('never have scp without a user', async () => {
    await using entra = await startEntra({ client: { scope: 'read' } })
    for (const name of [BILLING, ORDERS.identifier])
      expect(tokensOf(await ownToken(entra, `${name}/.default`)).access).not.toHaveProperty('scp')
  })
})

describe('Entra: subjects', () => {
  it('of an access token are one for each API, whatever its name and version', async () => {
    await using entra = await startEntra()
    const { id, access } = await signIn(entra.app, { scope: READ })
    const byId = (await signIn(entra.app, { scope: `${ORDERS.id}/read openid` })).access
    const other = (await signIn(entra.app, { scope: `${BILLING}/pay openid` })).access
    expect(byId['sub']).toBe(access['sub'])
    expect(new Set([id['sub'], access['sub'], other['sub'], access['oid']]).size).toBe(4)
  })

  it('of a Graph token and of userinfo are that of the ID token', async () => {
    await using entra = await startEntra()
    for (const app of [entra.app, await v1Of(entra)]) {
      const { body, id, access } = await signIn(app)
      expect(access['sub']).toBe(id['sub'])
      expect((await app.userinfo(body['access_token'])).body['sub']).toBe(id['sub'])
    }
  })
})

describe('Entra: guests', () => {
  const guest = (home_tenant_id: string) => ({
    user: { email: undefined, entra: { user_type: 'Guest' as const, home_tenant_id } },
  })

  it('have idp and email, and a name that tells the one at home', async () => {
    await using entra = await startEntra(guest(HOME))
    const idp = `${entra.idp.url}/${HOME}/`
    const email = ADA.username
    const external = 'ada_contoso.example#EXT#@contoso.onmicrosoft.com'
    const v1 = await signIn(await v1Of(entra), { resource: BILLING })
    for (const claims of [v1.access, v1.id])
      expect(claims).toMatchObject({ idp, email, unique_name: external, upn: external })
    const v2 = await signIn(entra.app, { scope: READ })
    for (const claims of [v2.access, v2.id])
      expect(claims).toMatchObject({ idp, email, preferred_username: ADA.username })
    expect(v2.id).not.toHaveProperty('upn')
  })

  it('with a personal account are of live.com', async () => {
    await using entra = await startEntra(guest(PERSONAL))
    expect((await signIn(entra.app)).id['idp']).toBe('live.com')
  })

  it('are at home elsewhere for client_info too', async () => {
    await using entra = await startEntra(guest(HOME))
    const { body, id } = await signIn(entra.app, { scope: READ })
    const info = JSON.parse(Buffer.from(String(body['client_info']), 'base64url').toString())
    expect(info).toEqual({ uid: expect.any(String), utid: HOME })
    expect(info.uid).not.toBe(id['oid'])
  })

  it('are nobody by default: members have none of this', async () => {
    await using entra = await startEntra()
    const { id, access } = await signIn(await v1Of(entra), { resource: BILLING })
    for (const claims of [id, access]) {
      expect(claims).toMatchObject({ upn: ADA.username })
      for (const name of ['idp', 'email']) expect(claims).not.toHaveProperty(name)
    }
  })
})

describe('Entra: capabilities of the client (CAE)', () => {
  const announced = (value: string) => JSON.stringify({ access_token: { xms_cc: { values: [value] } } })

  it.each(['cp1', 'CP1'])('are xms_cc in access tokens where it announces %s', async (value) => {
    await using entra = await startEntra()
    const claims = announced(value)
    const own = tokensOf(await ownToken(entra, `${ORDERS.identifier}/.default`, { claims }))
    const { access, id, body } = await signIn(entra.app, { scope: READ, claims })
    const refreshed = tokensOf(await entra.app.refresh(body['refresh_token'], { claims }))
    for (const each of [own.access, access, refreshed.access]) expect(each['xms_cc']).toEqual(['cp1'])
    expect(id).not.toHaveProperty('xms_cc')
  })

  it.each(['{', '{"access_token":null}', announced('cp2'), '[]'])('are not made of %s', async (claims) => {
    await using entra = await startEntra()
    const { access } = tokensOf(await ownToken(entra, `${BILLING}/.default`, { claims }))
    expect(access).not.toHaveProperty('xms_cc')
  })
})

describe('Entra: client_info of an authorization response', () => {
  it.each(['query', 'fragment', 'form_post'])('comes by %s where it is asked for', async (response_mode) => {
    await using entra = await startEntra()
    const params = { client_info: '1', response_mode, scope: 'openid profile' }
    const answer = await entra.app.authorize(params, ADA.username)
    const { oid } = tokensOf(await entra.app.redeem(answer['code'])).id
    const info = JSON.parse(Buffer.from(String(answer['client_info']), 'base64url').toString())
    expect(info).toEqual({ uid: oid, utid: TENANT })
  })

  it('comes with no refusal, and not unasked', async () => {
    await using entra = await startEntra()
    const refused = await entra.app.authorize({ client_info: '1', prompt: 'none' })
    expect(refused).toMatchObject({ error: 'login_required' })
    const answer = await entra.app.authorize({}, ADA.username)
    for (const each of [refused, answer]) expect(each).not.toHaveProperty('client_info')
  })

  it('comes with no token of an application', async () => {
    await using entra = await startEntra()
    const { body } = await ownToken(entra, `${BILLING}/.default`, { client_info: '1' })
    expect(Object.keys(body)).toEqual(['token_type', 'expires_in', 'ext_expires_in', 'access_token'])
  })
})

describe('Entra: lifetimes', () => {
  it('of a code are ten minutes', async () => {
    await using entra = await startEntra()
    const [one, two] = [await entra.app.authorize({}, ADA.username), await entra.app.authorize()]
    await entra.idp.clock.advance('590s')
    expect((await entra.app.redeem(one['code'])).status).toBe(200)
    await entra.idp.clock.advance('11s')
    expect((await entra.app.redeem(two['code'])).body).toMatchObject({ error_codes: [70008] })
  })

  it('of a refresh token do not end with its use, unless the client is configured for it', async () => {
    await using entra = await startEntra()
    const { body } = await signIn(entra.app, { scope: READ })
    for (let times = 0; times < 3; times++) {
      const again = await entra.app.refresh(body['refresh_token'])
      expect([again.status, again.body['refresh_token'] === body['refresh_token']]).toEqual([200, false])
    }
    await using strict = await startEntra({ client: { refresh_token: { rotate: true } } })
    const { refresh_token } = (await signIn(strict.app, { scope: READ })).body
    expect((await strict.app.refresh(refresh_token)).status).toBe(200)
    expect((await strict.app.refresh(refresh_token)).body).toMatchObject({ error_codes: [50173] })
  })
})

describe('Entra: how a client proved itself', () => {
  it('is appidacr and azpacr, 0 where it is public', async () => {
    const open = { client_secret: undefined, token_endpoint_auth_method: 'none' as const }
    await using entra = await startEntra({ client: { ...open, grant_types: ['password'] } })
    const form = { grant_type: 'password', username: ADA.username, password: ADA.password, client_id: APP[0] }
    for (const [scope, name] of [
      [`${BILLING}/pay`, 'appidacr'],
      [`${ORDERS.identifier}/read`, 'azpacr'],
    ] as const) {
      const response = await fetch(entra.app.url('token_endpoint'), {
        method: 'POST',
        body: new URLSearchParams({ ...form, scope }),
      })
      const { access_token } = (await response.json()) as Record<string, unknown>
      expect(decode(String(access_token)).claims[name]).toBe('0')
    }
  })
})
