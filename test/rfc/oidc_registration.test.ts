import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { manage, register, registered } from '../support/registration.ts'

const CALLBACK = 'https://app.example.test/callback'
const WEB = { redirect_uris: [CALLBACK] }
const BOTH = { grant_types: ['authorization_code', 'implicit'] }

const start = (...allowed_origins: string[]) => startIdp({ registration: { enabled: true, allowed_origins } })

const refused = { status: 400, body: { error: 'invalid_client_metadata' } }

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A host of the client's that answers each path with this text, and 404 elsewhere. */
async function host(documents: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    response.writeHead(path in documents ? 200 : 404).end(documents[path])
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

describe('OpenID Connect Dynamic Client Registration §2 Client Metadata', () => {
  it('registers all of it, and gives it back', async () => {
    await using idp = await start('https://app.example.test')
    const { jwk } = await makeKey('ES256', 'mine')
    const asked = {
      ...WEB,
      ...BOTH,
      response_types: ['code', 'token id_token code'],
      application_type: 'native',
      contacts: ['ops@app.example.test'],
      client_name: 'Orders',
      logo_uri: 'https://app.example.test/logo.png',
      client_uri: 'https://app.example.test/',
      policy_uri: 'https://app.example.test/policy',
      tos_uri: 'https://app.example.test/tos',
      jwks: { keys: [jwk] },
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'HS256',
      id_token_encrypted_response_alg: 'ECDH-ES',
      id_token_encrypted_response_enc: 'A256GCM',
      userinfo_signed_response_alg: 'RS256',
      userinfo_encrypted_response_alg: 'dir',
      request_object_signing_alg: 'ES256',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      default_max_age: 0,
      require_auth_time: true,
      default_acr_values: ['2', '1'],
      initiate_login_uri: 'https://app.example.test/login',
      request_uris: ['https://app.example.test/requests/1#hash'],
      post_logout_redirect_uris: ['https://app.example.test/'],
      frontchannel_logout_uri: 'https://app.example.test/front',
      frontchannel_logout_session_required: true,
      backchannel_logout_uri: 'https://app.example.test/back',
      backchannel_logout_session_required: true,
      scope: 'openid profile',
      software_id: 'orders',
      software_version: '1.2.3',
    }
    const client = await registered(idp.issuer, asked)
    expect(client).toMatchObject({ ...asked, userinfo_encrypted_response_enc: 'A128CBC-HS256' })
    expect((await manage(client)).body).toEqual(client)
  })

  it('fills in the defaults', async () => {
    await using idp = await start()
    expect(await registered(idp.issuer, WEB)).toMatchObject({
      response_types: ['code'],
      grant_types: ['authorization_code'],
      application_type: 'web',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      token_endpoint_auth_method: 'client_secret_basic',
      require_auth_time: false,
    })
  })

  it.each([
    ['id_token_signed_response_alg', 'ES256', 'expected RS256, HS256, HS384, HS512 or none'],
    ['id_token_signed_response_alg', 'RS1', 'expected RS256'],
    ['userinfo_signed_response_alg', 'PS256', 'expected RS256'],
    ['request_object_signing_alg', 'MD5', 'expected RS256'],
    ['request_object_encryption_alg', 'RSA-OAEP', 'does not decrypt request objects; leave it out'],
    ['request_object_encryption_enc', 'A128GCM', 'does not decrypt request objects; leave it out'],
    ['introspection_signed_response_alg', 'HS256', 'expected RS256'],
    ['id_token_encrypted_response_alg', 'RSA1_5', 'expected RSA-OAEP'],
    ['id_token_encrypted_response_alg', 'RSA-OAEP', 'RSA-OAEP needs a public key of the client'],
    ['userinfo_encrypted_response_alg', 'ECDH-ES', 'ECDH-ES needs a public key of the client'],
    ['id_token_encrypted_response_enc', 'A128GCM', 'came without id_token_encrypted_response_alg'],
    ['userinfo_encrypted_response_enc', 'A128GCM', 'came without userinfo_encrypted_response_alg'],
    ['application_type', 'desktop', 'expected web or native'],
    ['subject_type', 'private', 'expected public or pairwise'],
    ['default_max_age', '60', 'a whole number of seconds'],
    ['default_max_age', -1, 'a whole number of seconds'],
    ['default_max_age', 0.5, 'a whole number of seconds'],
    ['require_auth_time', 'true', 'true or false, without quotes'],
    ['default_acr_values', '1', 'a list'],
    ['initiate_login_uri', 'http://app.example.test/login', 'an https URL'],
    ['request_uris', ['app.example.test'], 'request_uris[0] is app.example.test, expected an absolute URI'],
    ['post_logout_redirect_uris', ['javascript:alert(1)'], 'a URI that a browser can be sent to'],
    ['frontchannel_logout_uri', 'https://other.example.test/', 'where none of redirect_uris is'],
    ['frontchannel_logout_uri', 'https://app.example.test/#x', 'a URI without fragment'],
    ['frontchannel_logout_session_required', 1, 'true or false'],
    ['backchannel_logout_uri', 'https://app.example.test/#x', 'a URI without fragment'],
  ])('refuses %s %j', async (name, value, text) => {
    await using idp = await start('https://app.example.test')
    const answer = await register(idp.issuer, { ...WEB, [name]: value })
    expect(answer).toMatchObject(refused)
    expect(answer.body['error_description']).toContain(text)
  })

  it('lets an ID token be unsigned only where it does not pass through the browser', async () => {
    await using idp = await start()
    const asked = { ...WEB, ...BOTH, id_token_signed_response_alg: 'none' }
    expect(await register(idp.issuer, { ...asked, response_types: ['code token'] })).toMatchObject({
      status: 201,
    })
    expect(await register(idp.issuer, { ...asked, response_types: ['code', 'id_token code'] })).toMatchObject(
      refused,
    )
  })

  it('signs with the algorithms that the tenant has keys for', async () => {
    await using idp = await startIdp({ keys: [{ alg: 'ES256' }], registration: { enabled: true } })
    expect(await registered(idp.issuer, WEB)).toMatchObject({ id_token_signed_response_alg: 'ES256' })
    const rsa = await register(idp.issuer, { ...WEB, id_token_signed_response_alg: 'RS256' })
    expect(rsa).toMatchObject(refused)
  })

  it('gives a secret to whoever signs, verifies or decrypts with one, long enough for HS512', async () => {
    await using idp = await start()
    const publicClient = { ...WEB, token_endpoint_auth_method: 'none' }
    expect(await registered(idp.issuer, publicClient)).not.toHaveProperty('client_secret')
    for (const more of [
      { id_token_signed_response_alg: 'HS512' },
      { userinfo_signed_response_alg: 'HS384' },
      { request_object_signing_alg: 'HS256' },
      { id_token_encrypted_response_alg: 'A128KW' },
      { userinfo_encrypted_response_alg: 'dir' },
    ]) {
      const { client_secret, ...rest } = await registered(idp.issuer, { ...publicClient, ...more })
      expect(String(client_secret).length).toBeGreaterThanOrEqual(64)
      expect(rest).toMatchObject({ client_secret_expires_at: 0 })
    }
  })
})

describe('URLs that the provider would call', () => {
  const url = 'https://app.example.test/x'

  it.each([
    ['jwks_uri', url],
    ['request_uris', ['https://known.example.test/', url]],
    ['sector_identifier_uri', url],
    ['backchannel_logout_uri', url],
  ])('have an origin that the configuration knows: %s', async (name, value) => {
    await using idp = await start('https://known.example.test')
    const answer = await register(idp.issuer, { ...WEB, [name]: value })
    expect(answer).toMatchObject(refused)
    expect(answer.body['error_description']).toContain(
      'add https://app.example.test to registration.allowed_origins in the configuration',
    )
  })

  it('can be at the origin of a client of the configuration', async () => {
    await using idp = await startIdp({
      registration: { enabled: true },
      clients: [{ client_id: 'app', jwks_uri: 'https://app.example.test/jwks' }],
    })
    expect(await register(idp.issuer, { ...WEB, backchannel_logout_uri: url })).toMatchObject({ status: 201 })
  })

  it('are not called where they are not allowed', async () => {
    const { origin, asked } = await host({ '/list': JSON.stringify([CALLBACK]) })
    await using idp = await start()
    expect(await register(idp.issuer, { ...WEB, sector_identifier_uri: `${origin}/list` })).toMatchObject(
      refused,
    )
    expect(asked).toEqual([])
  })
})

describe('OpenID Connect Dynamic Client Registration §5 sector_identifier_uri Validation', () => {
  const other = 'https://other.example.test/callback'

  it('takes pairwise subjects for redirect URIs of one host', async () => {
    await using idp = await start()
    const asked = { subject_type: 'pairwise', redirect_uris: [CALLBACK, `${CALLBACK}/2`] }
    expect(await registered(idp.issuer, asked)).toMatchObject(asked)
    const several = await register(idp.issuer, { ...asked, redirect_uris: [CALLBACK, other] })
    expect(several).toMatchObject(refused)
    expect(several.body['error_description']).toContain('app.example.test, other.example.test')
    const own = await register(idp.issuer, { ...asked, redirect_uris: ['com.one:/cb', 'com.two:/cb'] })
    expect(own.body['error_description']).toContain('com.one:, com.two:')
  })

  it('takes any that the list has', async () => {
    const { origin, asked } = await host({ '/list': JSON.stringify([other, CALLBACK]) })
    await using idp = await start(origin)
    const sector_identifier_uri = `${origin}/list`
    const metadata = { subject_type: 'pairwise', redirect_uris: [CALLBACK, other], sector_identifier_uri }
    expect(await registered(idp.issuer, metadata)).toMatchObject(metadata)
    expect(asked).toEqual(['/list'])
  })

  it.each([
    ['one that lacks a redirect URI', '/short', 'does not have https://app.example.test/callback'],
    ['one that is no list', '/object', 'expected a JSON array'],
    ['one that is no JSON', '/text', 'gives no list of redirect URIs'],
    ['one that is not there', '/missing', 'status 404'],
  ])('refuses a list: %s', async (_what, path, text) => {
    const { origin } = await host({
      '/short': JSON.stringify([other]),
      '/object': JSON.stringify({ [CALLBACK]: true }),
      '/text': CALLBACK,
    })
    await using idp = await start(origin)
    for (const subject_type of ['pairwise', 'public']) {
      const metadata = { ...WEB, subject_type, sector_identifier_uri: `${origin}${path}` }
      const answer = await register(idp.issuer, metadata)
      expect(answer).toMatchObject(refused)
      expect(answer.body['error_description']).toContain(text)
    }
  })
})
