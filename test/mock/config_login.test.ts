import { describe, expect, it } from 'vitest'
import { type ClientInput, clientOf, problemsIn } from '../support/configured.ts'

const REDIRECT = 'http://localhost:3000/callback'
const BOTH = { redirect_uris: [REDIRECT], grant_types: ['authorization_code', 'implicit'] }
const JWKS = { keys: [{ kty: 'RSA', n: 'n', e: 'AQAB' }] }

/** What is wrong with one client, beginning at the key of the client. */
async function problemsOf(client: Partial<ClientInput>): Promise<string[]> {
  const problems = await problemsIn({ clients: [{ client_id: 'web', ...client }] })
  return problems.map((problem) => problem.replace(/^clients\[0\]\./, ''))
}

describe('RFC 7591 §2 grant_types', () => {
  it('is authorization_code where users have a place to come back to, else client_credentials', async () => {
    expect((await clientOf({ redirect_uris: [REDIRECT] })).grant_types).toEqual(['authorization_code'])
    expect((await clientOf({})).grant_types).toEqual(['client_credentials'])
    expect((await clientOf({ redirect_uris: [] })).grant_types).toEqual(['client_credentials'])
    expect((await clientOf({ redirect_uris: [REDIRECT], grant_types: [] })).grant_types).toEqual([])
  })
})

describe('RFC 7591 §2.1 response_types', () => {
  it.each([
    [['client_credentials'], []],
    [['refresh_token', 'password'], []],
    [['authorization_code'], ['code', 'none']],
    [['implicit'], ['id_token', 'id_token token', 'token', 'none']],
    [
      ['authorization_code', 'implicit'],
      [
        'code',
        'id_token',
        'id_token token',
        'code id_token',
        'code token',
        'code id_token token',
        'token',
        'none',
      ],
    ],
  ])('are all that %j permits', async (grant_types, types) => {
    expect((await clientOf({ redirect_uris: [REDIRECT], grant_types })).response_types).toEqual(types)
  })

  it('have their words in any order, and resolve to alphabetical order', async () => {
    const response_types = ['token id_token', 'id_token code', 'token code', 'token code id_token', 'none']
    expect((await clientOf({ ...BOTH, response_types })).response_types).toEqual([
      'id_token token',
      'code id_token',
      'code token',
      'code id_token token',
      'none',
    ])
  })

  it.each(['', 'cod', 'code code', 'none code', 'code id_token token none', 'toString'])(
    'are not %j',
    async (type) => {
      const [problem, ...more] = await problemsOf({ ...BOTH, response_types: ['code', type] })
      expect(problem).toContain(
        'response_types[1]: expected one of code, id_token, id_token token, code id_token,',
      )
      expect(problem).toContain(`got string ${JSON.stringify(type)}`)
      expect(more).toEqual([])
    },
  )

  it.each([
    ['code', ['implicit'], 'code needs authorization_code: add it to grant_types'],
    ['token', ['authorization_code'], 'token needs implicit: add it to grant_types'],
    ['code token', ['authorization_code'], 'code token needs implicit: add it'],
    [
      'token id_token code',
      ['client_credentials'],
      'code id_token token needs authorization_code and implicit: add them',
    ],
  ])('%j needs its grant, where there is %j', async (type, grant_types, problem) => {
    expect(await problemsOf({ redirect_uris: [REDIRECT], grant_types, response_types: [type] })).toEqual([
      expect.stringContaining(`response_types[0]: ${problem}`),
    ])
  })
})

describe('RFC 9700 §2.1.1 require_pkce', () => {
  it.each<[boolean, Partial<ClientInput>]>([
    [true, {}],
    [true, { token_endpoint_auth_method: 'none', client_secret: 's' }],
    [false, { client_secret: 's' }],
    [false, { secrets: ['s'] }],
    [false, { jwks: JWKS }],
    [false, { jwks_uri: 'http://localhost/jwks' }],
    [false, { grant_types: ['implicit'] }],
    [false, { require_pkce: false }],
    [true, { client_secret: 's', require_pkce: true }],
  ])('is %j for a client of the code flow with %j', async (expected, client) => {
    expect((await clientOf({ redirect_uris: [REDIRECT], ...client })).require_pkce).toBe(expected)
  })

  it('is false for a client where nobody signs in', async () => {
    expect((await clientOf({})).require_pkce).toBe(false)
  })
})

describe('OpenID Connect Core §8 subject types', () => {
  const hosts = ['https://one.example.test/cb', 'https://two.example.test/cb']

  it('need a sector_identifier_uri for redirect URIs on several hosts', async () => {
    const pairwise = { subject_type: 'pairwise' as const, redirect_uris: hosts }
    expect(await problemsOf(pairwise)).toEqual([
      'subject_type: redirect_uris are on several hosts (one.example.test, two.example.test): pairwise needs sector_identifier_uri',
    ])
    expect(await problemsOf({ ...pairwise, redirect_uris: [REDIRECT, 'com.example.app:/cb'] })).toHaveLength(
      1,
    )
    expect(
      await problemsOf({ ...pairwise, sector_identifier_uri: 'https://one.example.test/s.json' }),
    ).toEqual([])
    expect(await problemsOf({ ...pairwise, redirect_uris: [REDIRECT, 'http://localhost:4000/'] })).toEqual([])
    expect(await problemsOf({ redirect_uris: hosts })).toEqual([])
  })
})

describe('a client where users sign in', () => {
  it('has every default filled in', async () => {
    expect(await clientOf({})).toMatchObject({
      redirect_uris: [],
      post_logout_redirect_uris: [],
      response_types: [],
      require_pkce: false,
      consent: false,
      require_auth_time: true,
      default_acr_values: [],
      subject_type: 'public',
      id_token: { scope_claims: false },
      request_uris: [],
      refresh_token: {},
      frontchannel_logout_session_required: true,
      backchannel_logout_session_required: true,
    })
  })

  it('keeps what is given, with lifetimes in seconds', async () => {
    const client = {
      ...BOTH,
      consent: true,
      default_max_age: 0,
      require_auth_time: false,
      default_acr_values: ['2', '1'],
      id_token: { lifetime: '5m', scope_claims: true },
      refresh_token: { lifetime: '30d', rotate: false },
      request_object_signing_alg: 'none',
      request_uris: ['https://app.example.test/request.jwt#hash'],
      initiate_login_uri: 'https://app.example.test/login',
      client_uri: 'https://app.example.test/#about',
      logo_uri: 'https://app.example.test/logo.png',
      policy_uri: 'https://app.example.test/privacy',
      tos_uri: 'https://app.example.test/terms',
    }
    expect(await clientOf(client)).toMatchObject({
      ...client,
      id_token: { lifetime: 300, scope_claims: true },
      refresh_token: { lifetime: 2_592_000, rotate: false },
    })
  })

  it.each<[keyof ClientInput, unknown, string]>([
    ['default_max_age', -1, 'a number of seconds, 0 or more'],
    ['default_max_age', '1h', 'a number of seconds, 0 or more'],
    ['request_uris', ['ftp://x/y'], 'an http or https URL'],
    ['logo_uri', 'data:image/png;base64,x', 'an http or https URL'],
    ['initiate_login_uri', 'https://x/#y', 'an http or https URL without fragment'],
    ['sector_identifier_uri', 'urn:x', 'an http or https URL without fragment'],
    ['backchannel_logout_uri', 'com.example.app:/logout', 'an http or https URL without fragment'],
    ['frontchannel_logout_uri', 'com.example.app:/logout', 'an http or https URL without fragment'],
    ['subject_type', 'private', 'one of public, pairwise'],
    ['refresh_token', { rotation: true }, 'did you mean rotate?'],
    ['id_token', { lifetime: '5x' }, 'a duration such as'],
    ['consent', 'yes', 'true or false'],
  ])('has no %s %j', async (key, value, part) => {
    const [problem, ...more] = await problemsOf({ ...BOTH, [key]: value })
    expect(problem).toMatch(new RegExp(`^${key}`))
    expect(problem).toContain(part)
    expect(more).toEqual([])
  })
})
