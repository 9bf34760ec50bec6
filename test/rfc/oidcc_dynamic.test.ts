import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { listen } from '../support/application.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { basic, decode, get, post } from '../support/http.ts'
import { manage, register, registered } from '../support/registration.ts'
import { bearer } from '../support/token.ts'

const CALLBACK = 'https://rp.test/callback'
const BASIC = { redirect_uris: [CALLBACK] }

/** An open provider that may fetch from the client's own server. */
const start = (origin = 'https://rp.test') =>
  startIdp({ registration: { enabled: true, allowed_origins: [origin] }, users: [{ username: 'alice' }] })

/** The answer to a code of a registered client. */
async function tokens(issuer: string, client: Record<string, unknown>) {
  const client_id = String(client['client_id'])
  const url = authorizeUrl(issuer, { client_id, redirect_uri: CALLBACK })
  const code = answerAt(await signIn(new Browser(issuer), url)).get('code') ?? ''
  return redeem(issuer, { code, redirect_uri: CALLBACK }, basic(client_id, String(client['client_secret'])))
}

describe('dynamic plan: what the login page shows of a registered client', () => {
  it.each([
    ['oidcc-registration-logo-uri', 'logo_uri', /<img[^>]* src="https:\/\/rp\.test\/about"/],
    ['oidcc-registration-policy-uri', 'policy_uri', /<a[^>]* href="https:\/\/rp\.test\/about"/],
    ['oidcc-registration-tos-uri', 'tos_uri', /<a[^>]* href="https:\/\/rp\.test\/about"/],
  ])('%s: %s', async (_module, member, expected) => {
    await using idp = await start()
    const client = await registered(idp.issuer, { ...BASIC, [member]: 'https://rp.test/about' })
    const url = authorizeUrl(idp.issuer, { client_id: String(client['client_id']), redirect_uri: CALLBACK })
    expect((await new Browser(idp.issuer).open(url)).html).toMatch(expected)
  })
})

describe('dynamic plan: algorithms that a client registered', () => {
  it('oidcc-idtoken-rs256: the ID token is RS256 and names its key', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, { ...BASIC, id_token_signed_response_alg: 'RS256' })
    const { body } = await tokens(idp.issuer, client)
    const { header } = decode(String(body['id_token']))
    expect(header).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
  })

  it('oidcc-userinfo-rs256: userinfo is a signed JWT with iss and aud, and without nonce', async () => {
    await using idp = await start()
    const client = await registered(idp.issuer, { ...BASIC, userinfo_signed_response_alg: 'RS256' })
    const { body } = await tokens(idp.issuer, client)
    const { headers, text } = await get(`${idp.issuer}/userinfo`, bearer(body['access_token']))
    expect(headers.get('content-type')).toBe('application/jwt')
    const expected = { issuer: idp.issuer, audience: String(client['client_id']), algorithms: ['RS256'] }
    const { payload } = await jwtVerify(
      text,
      createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`)),
      expected,
    )
    expect(payload.sub).toBe(decode(String(body['id_token'])).claims['sub'])
    expect(payload).not.toHaveProperty('nonce')
  })
})

describe('dynamic plan: keys at the jwks_uri of a client', () => {
  it('oidcc-registration-jwks-uri, oidcc-refresh-token-rp-key-rotation: verify it, the new one as soon as it is there', async () => {
    await using rp = await listen()
    await using idp = await start(rp.url)
    const [one, two] = [await makeKey('ES256', 'one'), await makeKey('ES256', 'two')]
    const publish = ({ jwk }: typeof one) =>
      rp.serve((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
    const client = await registered(idp.issuer, {
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `${rp.url}/jwks.json`,
    })
    const ask = async ({ privateKey: key, jwk }: typeof one) => {
      const header = { kid: jwk.kid }
      const aud = idp.issuer
      const signed = await assertion({ client: String(client['client_id']), aud, key, header })
      return (await post(`${idp.issuer}/token`, assertionForm(signed))).status
    }
    publish(one)
    // oidcc-ensure-client-assertion-with-iss-aud-succeeds: the audience is the issuer.
    expect([await ask(one), await ask(two)]).toEqual([200, 401])
    publish(two)
    expect([await ask(one), await ask(two)]).toEqual([401, 200])
  })
})

describe('dynamic plan: metadata that is refused or comes back', () => {
  it('oidcc-redirect-uri-regfrag: no fragment in a redirect URI', async () => {
    await using idp = await start()
    const { status, body } = await register(idp.issuer, { redirect_uris: [`${CALLBACK}#foobar`] })
    expect([status, body['error']]).toEqual([400, 'invalid_redirect_uri'])
  })

  it.each([
    ['oidcc-registration-sector-uri', [CALLBACK], 201],
    ['oidcc-registration-sector-bad', ['https://rp.test/other'], 400],
  ])('%s: a sector document with %j gives %i', async (_module, listed, expected) => {
    await using rp = await listen()
    rp.serve((_request, response) => response.end(JSON.stringify(listed)))
    await using idp = await start(rp.url)
    const sector_identifier_uri = `${rp.url}/redirect_uris.json`
    const { status } = await register(idp.issuer, {
      ...BASIC,
      subject_type: 'pairwise',
      sector_identifier_uri,
    })
    expect(status).toBe(expected)
  })

  it('oidcc-3rd_party-init-login: initiate_login_uri comes back, at once and later', async () => {
    await using idp = await start()
    const initiate_login_uri = 'https://rp.test/login'
    const client = await registered(idp.issuer, { ...BASIC, initiate_login_uri })
    expect(client).toMatchObject({ initiate_login_uri })
    expect((await manage(client)).body).toMatchObject({ initiate_login_uri })
  })

  it('oidcc-3rd_party-init-login-nohttps: over http it is refused', async () => {
    await using idp = await start()
    const { status, body } = await register(idp.issuer, { ...BASIC, initiate_login_uri: 'http://rp.test/' })
    expect([status, body['error']]).toEqual([400, 'invalid_client_metadata'])
  })
})
