import { createHash } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/config/input.ts'
import { startIdp } from '../../src/index.ts'
import { get } from '../support/http.ts'
import {
  HYBRID,
  IMPLICIT,
  isLoginPage,
  REDIRECT_URI,
  RelyingParty,
  startOp,
} from '../support/relying_party.ts'

const by = (type: string, mode: 'default' | 'form_post' = 'default') => ({ type, mode })
const TYPES = [...new Set([...IMPLICIT, ...HYBRID].map(({ type }) => type)), 'code', 'token', 'none']

/** The same words in every order. */
function orders(words: readonly string[]): string[] {
  if (words.length < 2) return [...words]
  return words.flatMap((word) =>
    orders(words.filter((each) => each !== word)).map((rest) => `${word} ${rest}`),
  )
}

describe('RFC 6749 §4.2 Implicit Grant', () => {
  it('answers response_type=token with an access token, its type, lifetime and scope in the fragment, and no ID token', async () => {
    await using idp = await startOp({ scope: 'read write' })
    const rp = new RelyingParty(idp.issuer, by('token'))
    const answer = await rp.authorize({ scope: 'read', nonce: undefined })
    expect(Object.keys(answer).sort()).toEqual([
      'access_token',
      'expires_in',
      'iss',
      'scope',
      'state',
      'token_type',
    ])
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: '3600', scope: 'read' })
    const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks.json`))
    const { payload } = await jwtVerify(answer['access_token'] ?? '', keys, {
      issuer: idp.issuer,
      typ: 'at+jwt',
    })
    expect(payload).toMatchObject({ client_id: 'client', scope: 'read' })
    expect(answer).not.toHaveProperty('refresh_token')
  })

  it('gives no ID token for scope=openid either, but UserInfo takes the access token', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, by('token'))
    const answer = await rp.authorize({ scope: 'openid email' })
    expect(answer).not.toHaveProperty('id_token')
    expect((await rp.userinfo(answer['access_token'])).body).toMatchObject({ email: 'alice@example.test' })
  })

  it('ignores offline_access, as no refresh token can follow', async () => {
    await using idp = await startOp()
    const answer = await new RelyingParty(idp.issuer, by('token')).authorize({
      scope: 'openid offline_access',
    })
    expect(answer['scope']).toBe('openid')
  })

  it('does not return a state that was not sent', async () => {
    await using idp = await startOp()
    for (const type of TYPES) {
      const rp = new RelyingParty(idp.issuer, by(type, 'form_post'))
      expect(await rp.authorize({ state: undefined }), type).not.toHaveProperty('state')
    }
  })
})

describe('OAuth 2.0 Multiple Response Types §4 None Response Type', () => {
  it('answers with state and iss in the query, and no code or token', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, by('none'))
    const page = await rp.open({ nonce: undefined })
    expect(isLoginPage(page)).toBe(true)
    expect(rp.received(await rp.pick(page), 'query')).toEqual({ state: rp.sent['state'], iss: idp.issuer })
  })

  it('leaves the user signed in for the next request', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, by('none'))
    await rp.pick(await rp.open())
    expect(rp.received(await rp.open({ prompt: 'none' }), 'query')).not.toHaveProperty('error')
  })

  it('refuses prompt=none with login_required where nobody is signed in', async () => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, by('none'))
    expect(rp.received(await rp.open({ prompt: 'none' }), 'query')).toMatchObject({ error: 'login_required' })
  })

  it.each(TYPES.filter((type) => type !== 'none'))('refuses none beside %s', async (type) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, by(`${type} none`))
    const place = type === 'code' ? 'query' : 'fragment'
    expect(rp.received(await rp.open(), place)['error']).toBe('unsupported_response_type')
  })
})

describe('OAuth 2.0 Multiple Response Types §3 Definitions of Multiple-Valued Response Type Combinations', () => {
  it.each(TYPES.flatMap((type) => orders(type.split(' '))))(
    'takes the words in any order: %s',
    async (type) => {
      await using idp = await startOp()
      const rp = new RelyingParty(idp.issuer, by(type, 'form_post'))
      const answer = await rp.authorize()
      const came = ['code', 'access_token', 'id_token'].filter((name) => name in answer)
      const wanted = ['code', 'token', 'id_token'].filter((word) => type.split(' ').includes(word))
      expect(came).toEqual(wanted.map((word) => (word === 'token' ? 'access_token' : word)))
    },
  )

  it.each([
    ['query', 'unknown'],
    ['query', 'Code'],
    ['query', 'code code'],
    ['fragment', 'id_token unknown'],
    ['fragment', 'token token'],
    ['fragment', 'code id_token token token'],
  ] as const)('tells unsupported_response_type in the %s for %s', async (place, type) => {
    await using idp = await startOp()
    const rp = new RelyingParty(idp.issuer, by(type))
    expect(rp.received(await rp.open(), place)['error']).toBe('unsupported_response_type')
  })

  it('advertises every response type', async () => {
    await using idp = await startOp()
    const { body } = await get(`${idp.issuer}/.well-known/openid-configuration`)
    expect([...(body['response_types_supported'] as string[])].sort()).toEqual([...TYPES].sort())
    expect(body['grant_types_supported']).toEqual(expect.arrayContaining(['authorization_code', 'implicit']))
  })
})

describe('RFC 7591 §2 response_types', () => {
  it.each(TYPES.filter((type) => type !== 'code'))(
    'refuses %s with unauthorized_client to a client that registered code, by the way that its answer would take',
    async (type) => {
      await using idp = await startOp({ response_types: ['code'] })
      for (const mode of ['default', 'form_post'] as const) {
        const rp = new RelyingParty(idp.issuer, by(type, mode))
        const place = type === 'none' ? 'query' : 'fragment'
        const answer = rp.received(await rp.open(), mode === 'default' ? place : mode)
        expect(answer['error']).toBe('unauthorized_client')
      }
    },
  )

  it.each(TYPES)(
    'lets a client without the implicit grant use %s only if no token comes that way',
    async (type) => {
      await using idp = await startOp({ grant_types: ['authorization_code'] })
      const rp = new RelyingParty(idp.issuer, by(type, 'form_post'))
      const answer = await rp.authorize()
      expect(answer['error']).toBe(/token/.test(type) ? 'unauthorized_client' : undefined)
    },
  )

  it.each(TYPES.filter((type) => type.includes('id_token')))(
    'needs openid in the scope of %s',
    async (type) => {
      await using idp = await startOp()
      const rp = new RelyingParty(idp.issuer, by(type))
      expect(rp.received(await rp.open({ scope: 'profile' }))['error']).toBe('invalid_scope')
    },
  )
})

describe('OpenID Connect Core §3.3.2.11 ID Token of the hybrid flow', () => {
  const HASHES = { RS256: 256, PS384: 384, ES256: 256, ES512: 512, EdDSA: 512 } as const
  const half = (text: string, size: number) => {
    const octets = createHash(`sha${size}`).update(text, 'ascii').digest()
    return octets.subarray(0, octets.length / 2).toString('base64url')
  }

  it.each(Object.entries(HASHES))(
    'makes at_hash and c_hash of an %s token with SHA-%i',
    async (alg, size) => {
      await using idp = await startIdp({
        users: [{ username: 'alice' }],
        keys: [{ alg: 'RS256' }, ...(alg === 'RS256' ? [] : [{ alg }])] as ConfigInput['keys'] & {},
        clients: [
          {
            client_id: 'client',
            client_secret: 's',
            grant_types: ['authorization_code', 'implicit'],
            redirect_uris: [REDIRECT_URI],
            id_token_signed_response_alg: alg as 'RS256',
          },
        ],
      })
      const rp = new RelyingParty(idp.issuer, by('code id_token token'))
      const answer = await rp.authorize()
      const { payload, protectedHeader } = await rp.verified(answer['id_token'])
      const { code = '', access_token = '' } = answer
      expect(protectedHeader.alg).toBe(alg)
      expect(payload).toMatchObject({ at_hash: half(access_token, size), c_hash: half(code, size) })
    },
  )
})
