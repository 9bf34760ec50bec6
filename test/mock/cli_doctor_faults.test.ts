import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { command, doctor, type Faults, provider } from '../support/doctor.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const METADATA = '/.well-known/openid-configuration'

describe('idp-double doctor, of a provider of somebody else', () => {
  it('finds nothing wrong where nothing is', async () => {
    await using idp = await provider()
    const { code, failed, informed } = await doctor(idp.url)
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
    expect(informed.join('\n')).toContain('oauth-authorization-server is not there')
    expect(informed.join('\n')).toContain('a single-page app cannot')
    expect(informed.join('\n')).toContain('without Cache-Control')
  })

  it('passes on nothing that steers the terminal', async () => {
    await using idp = await provider({
      metadata: (all) => ({ ...all, issuer: 'http://x.test/\u001b[2J\u202e' }),
    })
    const { stdout } = await command(idp.url)
    expect(stdout).toContain('http://x.test/?[2J?')
    expect(stdout).not.toContain('\u001b')
  })

  it.each<[string, Faults['at'], RegExp]>([
    [
      'a redirect',
      { [METADATA]: (_, r, url) => r.writeHead(302, { location: `${url}/realm${METADATA}` }).end() },
      /^metadata: \S+ redirects to \S+; strict clients follow no redirect$/,
    ],
    [
      'a fault of the server',
      { [METADATA]: (_, r) => r.writeHead(503).end() },
      /^metadata: \S+ answers 503$/,
    ],
    [
      'a page',
      { [METADATA]: (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hello') },
      /^metadata: \S+ answers a page that is no JSON object: <html>Hello$/,
    ],
    [
      'a list',
      { [METADATA]: (_, r) => r.writeHead(200, JSON_TYPE).end('[]') },
      /^metadata: \S+ answers something that is no JSON object: \[\]$/,
    ],
    [
      'an answer that breaks off',
      { [METADATA]: (_, r) => r.writeHead(200, { 'content-length': '9' }).write('{', () => r.destroy()) },
      /^connection: /,
    ],
  ])('says that the metadata is %s', async (_, at, message) => {
    await using idp = await provider(at === undefined ? {} : { at })
    const { code, failed } = await doctor(idp.url)
    expect({ code, failed }).toEqual({ code: 1, failed: [expect.stringMatching(message)] })
  })

  it('finds the issuer that a redirect leads to', async () => {
    const location = 'http://localhost:1/realm'
    const at: Faults['at'] = {
      [METADATA]: (_, r) => r.writeHead(301, { location: location + METADATA }).end(),
    }
    await using idp = await provider({ at })
    expect((await doctor(idp.url)).change_first).toBe(`give the client ${location}`)
  })

  it.each<[string, Faults, RegExp]>([
    [
      'is no JSON by its type',
      { headers: { 'content-type': 'text/plain' } },
      /^metadata: its content type is text\/plain/,
    ],
    [
      'lacks members',
      { metadata: ({ jwks_uri, subject_types_supported, ...rest }) => rest },
      /^members: the metadata has no jwks_uri, no subject_types_supported, which/,
    ],
    [
      'has members of another type',
      { metadata: (all) => ({ ...all, response_types_supported: 'code' }) },
      /^members: response_types_supported is code, expected a list of strings$/,
    ],
    ['has no issuer', { metadata: ({ issuer, ...rest }) => rest }, /^members: the metadata has no issuer, /],
    [
      'names another issuer',
      { metadata: (all) => ({ ...all, issuer: 'http://localhost:1' }) },
      /^issuer: .* differ in host or port/,
    ],
    [
      'spells the issuer otherwise',
      { metadata: (all) => ({ ...all, issuer: String(all['issuer']).toUpperCase() }) },
      /^issuer: .* differ in the spelling/,
    ],
    [
      'has a text as its issuer',
      { metadata: (all) => ({ ...all, issuer: 'me' }) },
      /^issuer: the metadata says me, .*that is no URL$/,
    ],
    [
      'has a token endpoint that is not there',
      { metadata: (all) => ({ ...all, token_endpoint: `${all['issuer']}/gone` }) },
      /^endpoints: token_endpoint: POST \S+\/gone answers 404, expected 400 or 401/,
    ],
    [
      'has a userinfo endpoint that fails',
      { at: { '/userinfo': (_, r) => r.writeHead(500).end() } },
      /^endpoints: userinfo_endpoint: GET \S+ answers 500, expected 401$/,
    ],
    [
      'has a token endpoint where nothing listens',
      { metadata: (all) => ({ ...all, token_endpoint: 'http://localhost:1/token' }) },
      /^endpoints: token_endpoint http:\/\/localhost:1\/token: nothing listens on localhost, port 1$/,
    ],
    [
      'has keys where nothing listens',
      { metadata: (all) => ({ ...all, jwks_uri: 'http://localhost:1/jwks' }) },
      /^jwks: http:\/\/localhost:1\/jwks: nothing listens on localhost, port 1$/,
    ],
    [
      'has no keys at its jwks_uri',
      { at: { '/jwks': (_, r) => r.writeHead(404).end() } },
      /^jwks: \S+ answers 404$/,
    ],
    [
      'has no list of keys',
      { at: { '/jwks': (_, r) => r.writeHead(200, JSON_TYPE).end('{}') } },
      /^jwks: \S+ answers no JSON object with a list of keys$/,
    ],
    [
      'is of another time',
      { headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } },
      /^clock: the provider's is \d+ s (behind|ahead)/,
    ],
  ])('says that one %s', async (_, faults, message) => {
    await using idp = await provider(faults)
    const { code, failed } = await doctor(idp.url)
    expect({ code, failed }).toEqual({ code: 1, failed: [expect.stringMatching(message)] })
  })

  it('only warns where a browser alone needs what is not found from here', async () => {
    await using idp = await provider({
      metadata: (all) => ({ ...all, authorization_endpoint: 'http://localhost:1/authorize' }),
    })
    const { code, warned } = await doctor(idp.url)
    expect(code).toBe(0)
    expect(warned).toContainEqual(expect.stringMatching(/nothing listens .*; only browsers need it$/))
  })

  it('asks for no authorization endpoint where no grant has a use for one', async () => {
    const metadata: Faults['metadata'] = ({ authorization_endpoint, ...rest }) => ({
      ...rest,
      grant_types_supported: ['client_credentials'],
    })
    await using idp = await provider({ metadata })
    expect((await doctor(idp.url)).failed).toEqual([])
  })

  it('asks for no endpoint where a platform hands out tokens by itself', async () => {
    await using idp = await provider({
      metadata: ({ authorization_endpoint, token_endpoint, userinfo_endpoint, ...rest }) => rest,
    })
    const { failed, informed } = await doctor(idp.url)
    expect(failed).toEqual([])
    expect(informed).toContainEqual(expect.stringMatching(/^members: no endpoint gives tokens/))
  })

  it('finds the metadata of a server of OAuth alone', async () => {
    const send: NonNullable<Faults['at']>[string] = (_, r, url) => {
      const metadata = { issuer: url, token_endpoint: `${url}/token`, response_types_supported: [] }
      const grants = { grant_types_supported: ['client_credentials'] }
      r.writeHead(200, JSON_TYPE).end(JSON.stringify({ ...metadata, ...grants }))
    }
    const at = {
      [METADATA]: (_: unknown, r: Parameters<typeof send>[1]) => void r.writeHead(404).end(),
      '/.well-known/oauth-authorization-server': send,
    }
    await using idp = await provider({ at })
    const { code, failed, warned } = await doctor(idp.url)
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
    expect(warned).toContainEqual(expect.stringContaining('clients of OpenID Connect find nothing'))
  })

  it('knows the template that stands for every tenant of Microsoft', async () => {
    const issuer = 'https://login.microsoftonline.com/{tenantid}/v2.0'
    await using idp = await provider({ metadata: (all) => ({ ...all, issuer, tenant_region_scope: null }) })
    const { warned, failed } = await doctor(idp.url)
    expect(warned).toContainEqual(expect.stringMatching(/^issuer: .*fill in the tenant of each user/))
    expect(failed).toEqual([expect.stringMatching(/^msal: the libraries of Microsoft refuse/)])
  })
})

describe('idp-double doctor, of the keys', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })

  it.each<[string, NonNullable<Faults['keys']>, RegExp]>([
    ['there is none', () => [], /^keys: none is for signatures$/],
    ['all are for encryption', (key) => [{ ...key, use: 'enc' }], /^keys: none is for signatures$/],
    ['one is private', (key) => [{ ...key, d: 'AQAB' }], /^keys: the key one shows its private members d: /],
    [
      'one is a secret',
      (key) => [key, { kty: 'oct', k: 'AQAB', kid: 'two' }],
      /^keys: the key two shows its private members k: /,
    ],
    [
      'one cannot be read',
      (key) => [key, { kty: 'RSA', kid: 'two' }],
      /^keys: the key two is no key that can be read$/,
    ],
    ['two have one kid', (key) => [key, key], /^keys: several keys have the kid one$/],
    ['two have no kid', ({ kid, ...key }) => [key, key], /^keys: several keys have the kid none at all$/],
    ['one is short', (key) => [key, { ...short, kid: 'two' }], /^keys: the key two has 1024 bits/],
    ['none fits', () => [{ ...curve, kid: 'one' }], /^algorithms: no key fits RS256, /],
    ['none is for the algorithm', (key) => [{ ...key, alg: 'PS256' }], /^algorithms: no key fits RS256, /],
  ])('says that %s', async (_, keys, message) => {
    await using idp = await provider({ keys })
    const { code, failed } = await doctor(idp.url)
    expect(code).toBe(1)
    expect(failed).toContainEqual(expect.stringMatching(message))
  })

  it('warns of a single key without kid, of algorithms without a key, and of keys that are kept for long', async () => {
    await using idp = await provider({
      keys: ({ kid, ...key }) => [key],
      metadata: (all) => ({ ...all, id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256'] }),
      headers: { 'cache-control': 'max-age=604800' },
    })
    const { code, warned } = await doctor(idp.url)
    expect(code).toBe(0)
    expect(warned).toContainEqual(expect.stringMatching(/^keys: the key has no kid/))
    expect(warned).toContainEqual('algorithms: no key fits ES256, which is advertised')
    expect(warned).toContainEqual(expect.stringMatching(/^caching: the keys may be kept for 604800 s/))
  })
})
