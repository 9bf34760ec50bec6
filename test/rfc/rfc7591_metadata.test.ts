import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { makeKey } from '../support/assertion.ts'
import { register, registered } from '../support/registration.ts'

const start = () => startIdp({ registration: { enabled: true } })

const MACHINE = { grant_types: ['client_credentials'] }
const CALLBACK = 'https://app.example.test/callback'
const WEB = { redirect_uris: [CALLBACK] }

describe('RFC 7591 §2 Client Metadata: redirect_uris', () => {
  it.each([
    ['https://app.example.test/cb#part'],
    ['https://app.example.test/cb#'],
    ['/callback'],
    ['app.example.test/callback'],
    ['https:/app.example.test/callback'],
    ['https:callback'],
    ['http://'],
    ['https://app.example.test:99999/'],
    ['https://app.example.test\\@evil.test/'],
    ['https://app.example.test/a b'],
    ['https://app.example.test/ä'],
    [' javascript:alert(1)'],
    ['java\nscript:alert(1)'],
    ['javascript:alert(1)'],
    ['JavaScript:alert(1)'],
    ['data:text/html,x'],
    ['vbscript:x'],
    ['file:///etc/passwd'],
    ['blob:https://app.example.test/1'],
    ['about:blank'],
    [''],
    [5],
    [null],
    [[CALLBACK]],
  ])('refuses %s with invalid_redirect_uri', async (uri) => {
    await using idp = await start()
    const answer = await register(idp.issuer, { redirect_uris: [CALLBACK, uri] })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
    expect(answer.body['error_description']).toMatch(/^redirect_uris\[1\] is .+, expected /)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    'https://app.example.test/callback?tenant=a&b=%20',
    'http://localhost:3000/callback',
    'http://127.0.0.1/callback',
    'http://[::1]:8000/',
    'com.example.app:/callback',
    'myapp://callback',
    'urn:ietf:wg:oauth:2.0:oob',
  ])('takes %s and keeps its bytes', async (uri) => {
    await using idp = await start()
    expect(await registered(idp.issuer, { redirect_uris: [uri] })).toMatchObject({ redirect_uris: [uri] })
  })

  it.each([
    {},
    { redirect_uris: [] },
    { redirect_uris: CALLBACK },
    { grant_types: ['implicit'], response_types: ['id_token'] },
  ])('are needed to send users back: %j', async (metadata) => {
    await using idp = await start()
    const answer = await register(idp.issuer, metadata)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
  })
})

describe('RFC 7591 §3.2.2 Client Registration Error Response: invalid_client_metadata', () => {
  it.each([
    ['grant_types', 'client_credentials', 'a list'],
    ['grant_types', ['fax'], 'grant_types[0] is fax, expected authorization_code'],
    ['response_types', ['code fax'], 'response_types[0] is code fax, expected code'],
    ['response_types', [['code']], 'a response type as a string'],
    ['token_endpoint_auth_method', 'telepathy', 'expected client_secret_basic'],
    ['token_endpoint_auth_signing_alg', 'none', 'expected RS256'],
    ['client_name', '', 'client_name is empty, expected a string'],
    ['client_name', { en: 'Orders' }, 'a string'],
    ['client_name#fi', 5, 'client_name#fi is 5, expected a string'],
    ['logo_uri', 'javascript:alert(1)', 'an http or https URL'],
    ['logo_uri#fi', 'javascript:alert(1)', 'an http or https URL'],
    ['client_uri', 'example.test', 'an absolute URI'],
    ['policy_uri', 5, 'a URI as a string'],
    ['tos_uri', 'ftp://example.test/', 'an http or https URL'],
    ['contacts', 'ops@example.test', 'a list'],
    ['contacts', [5], 'contacts[0] is 5'],
    ['scope', ['a'], 'scope tokens'],
    ['scope', 'a"b', 'scope tokens'],
    ['software_id', 1, 'software_id is 1'],
    ['jwks', 'keys', 'a JWK Set'],
    ['jwks', { keys: {} }, 'a JWK Set'],
    ['jwks', { keys: ['x'] }, 'jwks.keys[0]'],
    ['jwks', { keys: [{ n: 'x' }] }, 'jwks.keys[0] has no kty'],
    ['jwks', { keys: [{ kty: 'RSA', x5c: [['x']] }] }, 'jwks.keys[0].x5c is nested'],
    ['jwks', { keys: [{ kty: 'EC', extra: { a: 1 } }] }, 'jwks.keys[0].extra is nested'],
  ])('refuses %s %j', async (name, value, text) => {
    await using idp = await start()
    const answer = await register(idp.issuer, { ...WEB, [name]: value })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(answer.body['error_description']).toContain(text)
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })

  it.each([
    ['redirect_uris', '[$]'],
    ['grant_types', '$'],
    ['software_version', '$'],
    ['jwks', '{"keys":[{"kty":"RSA","x5c":$}]}'],
    ['client_name#fi', '$'],
  ])('refuses %s %s with a value nested so deep that it cannot be repeated', async (name, pattern) => {
    await using idp = await start()
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    const answer = await fetch(`${idp.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"redirect_uris":["${CALLBACK}"],"${name}":${pattern.replace('$', deep)}}`,
    })
    expect(answer.status).toBe(400)
    const error = name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata'
    expect(await answer.json()).toMatchObject({ error })
  })

  it('never repeats a private key', async () => {
    await using idp = await start()
    const { jwk } = await makeKey()
    const answer = await register(idp.issuer, { ...WEB, jwks: { keys: [jwk, { ...jwk, d: 'hush-hush' }] } })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(answer.body['error_description']).toContain('jwks.keys[1] has d, a private member')
    expect(answer.text).not.toContain('hush')
  })

  it('refuses a symmetric key', async () => {
    await using idp = await start()
    const answer = await register(idp.issuer, { ...WEB, jwks: { keys: [{ kty: 'oct', k: 'hush-hush' }] } })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(answer.text).not.toContain('hush')
  })

  it('wants one set of keys, and one where the client signs with a key', async () => {
    await using idp = await startIdp({
      registration: { enabled: true, allowed_origins: ['https://app.example.test'] },
    })
    const { jwk } = await makeKey()
    const jwks_uri = 'https://app.example.test/jwks'
    const both = await register(idp.issuer, { ...WEB, jwks: { keys: [jwk] }, jwks_uri })
    expect(both.body['error_description']).toContain('jwks and jwks_uri came together')
    const signed = { ...WEB, token_endpoint_auth_method: 'private_key_jwt' }
    const none = await register(idp.issuer, signed)
    expect(none).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(none.body['error_description']).toContain('private_key_jwt needs a public key')
    expect(await register(idp.issuer, { ...signed, jwks_uri })).toMatchObject({ status: 201 })
  })

  it('wants a signing algorithm that goes with the method', async () => {
    await using idp = await start()
    const method = (token_endpoint_auth_method: string, token_endpoint_auth_signing_alg: string) =>
      register(idp.issuer, { ...WEB, token_endpoint_auth_method, token_endpoint_auth_signing_alg })
    const wrong = await method('client_secret_jwt', 'ES256')
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(await method('client_secret_jwt', 'HS384')).toMatchObject({ status: 201 })
  })

  it('knows that a public client cannot act for itself', async () => {
    await using idp = await start()
    const asked = { ...WEB, token_endpoint_auth_method: 'none' }
    const answer = await register(idp.issuer, { ...asked, ...MACHINE })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(await registered(idp.issuer, asked)).not.toHaveProperty('client_secret')
  })
})

describe('RFC 7591 §2.1 Relationship between Grant Types and Response Types', () => {
  const CODE = 'authorization_code'
  it.each([
    ['code', [CODE]],
    ['id_token', ['implicit']],
    ['token', ['implicit']],
    ['id_token token', ['implicit']],
    ['token id_token', ['implicit']],
    ['code id_token', [CODE, 'implicit']],
    ['code token', [CODE, 'implicit']],
    ['token code id_token', [CODE, 'implicit']],
  ])('%s needs %j', async (type, grants) => {
    await using idp = await start()
    const asked = { ...WEB, response_types: [type] }
    const answer = await register(idp.issuer, { ...asked, grant_types: [...grants, 'refresh_token'] })
    expect(answer).toMatchObject({ status: 201, body: { response_types: [type] } })
    for (const missing of grants) {
      const grant_types = grants.filter((grant) => grant !== missing)
      const refused = await register(idp.issuer, { ...asked, grant_types })
      expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
      expect(refused.body['error_description']).toContain(`needs the grant type ${missing}`)
    }
  })

  it('gives a client that sends no user here no response types', async () => {
    await using idp = await start()
    expect(await registered(idp.issuer, MACHINE)).toMatchObject({ response_types: [] })
  })
})
