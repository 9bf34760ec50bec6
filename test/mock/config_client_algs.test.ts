import { describe, expect, it } from 'vitest'
import { type ClientInput, clientOf, problemsIn } from '../support/configured.ts'

const REDIRECT = 'http://localhost:3000/callback'
const WEB = { client_id: 'web', redirect_uris: [REDIRECT] }
const JWKS = { keys: [{ kty: 'RSA', n: 'n', e: 'AQAB' }] }
const SECRETS = [{ client_secret: 's' }, { secrets: ['s'] }]

/** What is wrong with a client where users sign in, beginning at the key of the client. */
async function problemsOf(client: Partial<ClientInput>, ...algs: readonly string[]): Promise<string[]> {
  const keys = algs.map((alg) => ({ alg }))
  const problems = await problemsIn({ keys, clients: [{ ...WEB, ...client }] })
  return problems.map((problem) => problem.replace(/^clients\[0\]\./, ''))
}

describe.each(['id_token_signed_response_alg', 'userinfo_signed_response_alg'] as const)('%s', (key) => {
  it('is that of an active key', async () => {
    expect(await problemsOf({ [key]: 'ES256' }, 'RS256', 'ES256')).toEqual([])
    expect(await problemsOf({ [key]: 'RS256' })).toEqual([])
    expect(await problemsOf({ [key]: 'ES256' }, 'RS256')).toEqual([
      expect.stringContaining(`${key}: no active key signs with ES256: add { alg: ES256 } to keys`),
    ])
  })

  it.each(['HS256', 'HS384', 'HS512'])('%s needs a secret', async (alg) => {
    for (const secret of SECRETS) expect(await problemsOf({ [key]: alg, ...secret })).toEqual([])
    expect(await problemsOf({ [key]: alg, jwks: JWKS })).toEqual([
      `${key}: ${alg} needs client_secret, client_secret_file or secrets`,
    ])
  })

  it('may be none, and no name of something else', async () => {
    expect(await problemsOf({ [key]: 'none' })).toEqual([])
    expect(await problemsOf({ [key]: 'RSA-OAEP' })).toEqual([
      expect.stringContaining(`${key}: expected one of RS256,`),
    ])
  })
})

describe('OpenID Connect Registration §2 id_token_signed_response_alg none', () => {
  it.each<[grants: string[], types: string[] | undefined, type: string]>([
    [['implicit'], undefined, 'id_token'],
    [['authorization_code', 'implicit'], ['code', 'code id_token'], 'code id_token'],
    [['authorization_code', 'implicit'], ['token id_token'], 'id_token token'],
  ])(
    'is refused where the authorization endpoint returns ID tokens: %j, %j',
    async (grant_types, types, type) => {
      const client = {
        grant_types,
        id_token_signed_response_alg: 'none',
        ...(types && { response_types: types }),
      }
      expect(await problemsOf(client)).toEqual([
        `id_token_signed_response_alg: none is not allowed with response type ${type}: ID tokens of the authorization endpoint are signed`,
      ])
    },
  )

  it('is allowed where only the token endpoint returns them', async () => {
    const client = { grant_types: ['authorization_code', 'implicit'], response_types: ['code', 'code token'] }
    expect(await problemsOf({ ...client, id_token_signed_response_alg: 'none' })).toEqual([])
  })
})

describe('request_object_signing_alg', () => {
  it('is any that the client can sign with, and none', async () => {
    const jwks_uri = 'http://localhost/jwks'
    expect(await problemsOf({ request_object_signing_alg: 'none' })).toEqual([])
    expect(await problemsOf({ request_object_signing_alg: 'HS256', client_secret: 's' })).toEqual([])
    expect(await problemsOf({ request_object_signing_alg: 'PS256', jwks: JWKS })).toEqual([])
    expect(await problemsOf({ request_object_signing_alg: 'PS256', jwks_uri })).toEqual([])
    expect(await problemsOf({ request_object_signing_alg: 'PS256', client_secret: 's' })).toEqual([
      'request_object_signing_alg: PS256 needs jwks, jwks_uri, certificate or certificate_file',
    ])
    expect(await problemsOf({ request_object_signing_alg: 'HS256' })).toEqual([
      'request_object_signing_alg: HS256 needs client_secret, client_secret_file or secrets',
    ])
  })
})

describe.each(['id_token', 'userinfo'] as const)('encryption of %s', (what) => {
  const alg = `${what}_encrypted_response_alg` as const
  const enc = `${what}_encrypted_response_enc` as const

  it.each(['RSA-OAEP', 'ECDH-ES'])('by %s needs public keys', async (name) => {
    expect(await problemsOf({ [alg]: name, jwks: JWKS })).toEqual([])
    expect(await problemsOf({ [alg]: name, jwks_uri: 'http://localhost/jwks' })).toEqual([])
    expect(await problemsOf({ [alg]: name, client_secret: 's' })).toEqual([
      `${alg}: ${name} needs jwks or jwks_uri`,
    ])
  })

  it.each(['dir', 'A128KW', 'A256GCMKW'])('by %s needs a secret', async (name) => {
    for (const secret of SECRETS) expect(await problemsOf({ [alg]: name, ...secret })).toEqual([])
    expect(await problemsOf({ [alg]: name, jwks: JWKS })).toEqual([
      `${alg}: ${name} needs client_secret, client_secret_file or secrets`,
    ])
  })

  it('is of its content by A128CBC-HS256 unless it says otherwise', async () => {
    expect((await clientOf({ [alg]: 'dir', client_secret: 's' }))[enc]).toBe('A128CBC-HS256')
    expect((await clientOf({ [alg]: 'dir', [enc]: 'A256GCM', client_secret: 's' }))[enc]).toBe('A256GCM')
    expect((await clientOf({}))[enc]).toBeUndefined()
  })

  it('is not of the content alone', async () => {
    expect(await problemsOf({ [enc]: 'A256GCM' })).toEqual([
      `${enc}: ${enc} needs ${alg}: add it, or leave this out`,
    ])
    expect(await problemsOf({ [enc]: 'A256GCM', [alg]: 'nonsense' })).toEqual([
      expect.stringContaining(`${alg}: expected one of RSA-OAEP,`),
    ])
  })
})

describe('Front-Channel Logout 1.0 §2 frontchannel_logout_uri', () => {
  it.each(['http://localhost:3000/logout?x', 'HTTP://LOCALHOST:3000/'])('may be %s', async (uri) => {
    expect(await problemsOf({ frontchannel_logout_uri: uri })).toEqual([])
  })

  it.each([
    ['https://localhost:3000/logout', 'https://localhost:3000'],
    ['http://localhost/logout', 'http://localhost'],
    ['http://127.0.0.1:3000/logout', 'http://127.0.0.1:3000'],
  ])('has scheme, host and port of a redirect URI, unlike %s', async (uri, origin) => {
    expect(await problemsOf({ frontchannel_logout_uri: uri })).toEqual([
      expect.stringContaining(`frontchannel_logout_uri: ${origin} is not the origin of a redirect URI`),
    ])
  })

  it('has none to compare with in a client where nobody signs in', async () => {
    const client = { redirect_uris: [], frontchannel_logout_uri: 'http://localhost:3000/logout' }
    expect(await problemsOf(client)).toHaveLength(1)
  })
})
