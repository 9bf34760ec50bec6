import {
  compactDecrypt,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import { describe, expect, it } from 'vitest'
import { type StartOptions, startIdp } from '../../src/index.ts'
import { Browser, idClaims, signIn } from '../support/browser.ts'
import { decode, get } from '../support/http.ts'
import {
  appNamed,
  byeOf,
  idTokenAt,
  inAndOut,
  loginUrl,
  logoutUrl,
  startReceiver,
  USERS,
} from '../support/sign_out.ts'

const BYE = byeOf('app')
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const start = (clients: StartOptions['clients'], more: StartOptions = {}) =>
  startIdp({ users: USERS, clients, ...more })

describe('OpenID Connect Back-Channel Logout §2.1 Indicating OP Support', () => {
  it('is told in the metadata', async () => {
    await using idp = await start([])
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect(body).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    })
  })
})

describe('OpenID Connect Back-Channel Logout §2.5 Back-Channel Logout Request', () => {
  it('posts a form with the logout token alone before the browser is answered', async () => {
    await using app = await startReceiver()
    await using idp = await start([appNamed('app', { backchannel_logout_uri: `${app.url}?a=b` })])
    const { page } = await inAndOut(idp.issuer)
    expect(page.left?.href).toBe(BYE)
    expect(app.requests).toMatchObject([
      { method: 'POST', url: '/told?a=b', type: 'application/x-www-form-urlencoded' },
    ])
    expect([...(app.requests[0]?.form.keys() ?? [])]).toEqual(['logout_token'])
  })

  it('tells every client of the session, and no other, each with a token of its own', async () => {
    await using app = await startReceiver()
    const clients = ['app', 'shop', 'idle'].map((id) => appNamed(id, { backchannel_logout_uri: app.url }))
    await using idp = await start([...clients, appNamed('quiet')])
    const browser = new Browser(idp.url)
    for (const client_id of ['shop', 'quiet']) await idTokenAt(browser, { ...idp, client_id })
    await inAndOut(idp.issuer, { browser })
    const told = app.tokens().map((token) => decode(token).claims)
    expect(told.map(({ aud }) => aud).sort()).toEqual(['app', 'shop'])
    expect(new Set(told.map(({ jti }) => jti)).size).toBe(2)
    expect(new Set(told.map(({ sid }) => sid)).size).toBe(1)
  })

  it('tells nobody twice, and nobody of a session that ran out', async () => {
    await using app = await startReceiver()
    await using idp = await start([appNamed('app', { backchannel_logout_uri: app.url })])
    const { id_token } = await inAndOut(idp.issuer)
    await new Browser(idp.url).open(logoutUrl(idp.issuer, { id_token_hint: id_token }))
    expect(app.requests).toHaveLength(1)
    const browser = new Browser(idp.url)
    const id_token_hint = await idTokenAt(browser, idp)
    await idp.clock.advance('9h')
    await browser.open(logoutUrl(idp.issuer, { id_token_hint }))
    expect(app.requests).toHaveLength(1)
  })

  it('tells also where the person was asked first', async () => {
    await using app = await startReceiver()
    await using idp = await start([appNamed('app', { backchannel_logout_uri: app.url })])
    const browser = new Browser(idp.url)
    await idTokenAt(browser, idp)
    const asked = await browser.open(logoutUrl(idp.issuer))
    expect(app.requests).toEqual([])
    await browser.submit(asked, { action: 'logout' })
    expect(app.requests).toHaveLength(1)
  })
})

describe('OpenID Connect Back-Channel Logout §2.4 Logout Token', () => {
  it('has the type, the claims and the event that it must have, and no nonce', async () => {
    await using app = await startReceiver()
    await using idp = await start([appNamed('app', { backchannel_logout_uri: app.url })])
    const { id_token } = await inAndOut(idp.issuer)
    const { sub, sid } = idClaims({ id_token })
    const jwks = (await get(`${idp.issuer}/jwks.json`)).body as unknown as JSONWebKeySet
    const [token = ''] = app.tokens()
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
      issuer: idp.issuer,
      audience: 'app',
      typ: 'logout+jwt',
      algorithms: ['RS256'],
    })
    expect(protectedHeader.kid).toBe(decode(id_token).header['kid'])
    const { iat = 0 } = payload
    expect(payload).toEqual({
      iss: idp.issuer,
      sub,
      aud: 'app',
      iat: expect.any(Number),
      exp: iat + 120,
      jti: expect.stringMatching(/^[\w-]{20,}$/),
      events: { [EVENT]: {} },
      sid,
    })
  })

  it('names the user by the subject that the client knows', async () => {
    await using app = await startReceiver()
    const more = { backchannel_logout_uri: app.url, subject_type: 'pairwise' as const }
    await using idp = await start([appNamed('app', more), appNamed('shop', more)])
    const browser = new Browser(idp.url)
    const shop = await idTokenAt(browser, { ...idp, client_id: 'shop' })
    const { id_token } = await inAndOut(idp.issuer, { browser })
    const subs = app.tokens().map((token) => [decode(token).claims['aud'], decode(token).claims['sub']])
    expect(Object.fromEntries(subs)).toEqual({
      app: idClaims({ id_token })['sub'],
      shop: idClaims({ id_token: shop })['sub'],
    })
    expect(new Set(subs.map(([, sub]) => sub)).size).toBe(2)
  })

  it.each(['RS256', 'ES256', 'HS256'] as const)(
    'is signed with %s where the ID tokens of the client are',
    async (alg) => {
      await using app = await startReceiver()
      const client = appNamed('app', { backchannel_logout_uri: app.url, id_token_signed_response_alg: alg })
      await using idp = await start([client], { keys: [{ alg: 'RS256' }, { alg: 'ES256' }] })
      const { id_token } = await inAndOut(idp.issuer)
      const [token = ''] = app.tokens()
      expect(decode(token).header).toMatchObject({ alg, typ: 'logout+jwt' })
      expect(decode(id_token).header['alg']).toBe(alg)
      const jwks = (await get(`${idp.issuer}/jwks.json`)).body as unknown as JSONWebKeySet
      const verified =
        alg === 'HS256'
          ? jwtVerify(token, Buffer.from('s3cret-of-app'))
          : jwtVerify(token, createLocalJWKSet(jwks))
      expect((await verified).payload.aud).toBe('app')
    },
  )

  it('is signed also where the ID tokens of the client are not', async () => {
    await using app = await startReceiver()
    const unsigned = {
      id_token_signed_response_alg: 'none' as const,
      grant_types: ['authorization_code' as const],
    }
    const more = { backchannel_logout_uri: app.url, ...unsigned }
    await using idp = await start([appNamed('app', more)])
    const browser = new Browser(idp.url)
    const signed = await signIn(browser, loginUrl({ ...idp, client_id: 'app' }, { response_type: 'code' }))
    expect(signed.left?.searchParams.has('code')).toBe(true)
    await browser.submit(await browser.open(logoutUrl(idp.issuer)), { action: 'logout' })
    expect(decode(app.tokens()[0] ?? '').header['alg']).toBe('RS256')
  })

  it('is encrypted where the ID tokens of the client are', async () => {
    await using app = await startReceiver()
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true })
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kty: 'EC', use: 'enc', alg: 'ECDH-ES' }] }
    const more = {
      backchannel_logout_uri: app.url,
      jwks,
      id_token_encrypted_response_alg: 'ECDH-ES' as const,
    }
    await using idp = await start([appNamed('app', more)])
    const browser = new Browser(idp.url)
    await idTokenAt(browser, idp)
    await browser.submit(await browser.open(logoutUrl(idp.issuer)), { action: 'logout' })
    const { plaintext, protectedHeader } = await compactDecrypt(app.tokens()[0] ?? '', privateKey)
    expect(protectedHeader.cty).toBe('JWT')
    expect(decode(Buffer.from(plaintext).toString()).claims['events']).toEqual({ [EVENT]: {} })
  })

  it('has the issuer that the client knows where every caller sees another', async () => {
    await using app = await startReceiver()
    const client = appNamed('app', { backchannel_logout_uri: app.url })
    await using idp = await start([client], { issuer: { mode: 'request' } })
    const id_token_hint = await idTokenAt(new Browser(idp.url), idp)
    const elsewhere = idp.issuer.replace('localhost', '127.0.0.1')
    await new Browser(elsewhere).open(logoutUrl(elsewhere, { id_token_hint }))
    expect(decode(app.tokens()[0] ?? '').claims['iss']).toBe(idp.issuer)
  })
})
