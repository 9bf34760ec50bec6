import { createLocalJWKSet, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { signingAlgs } from '../../src/keys/algorithms.ts'
import { jwks, kidOf, publicJwk } from '../../src/keys/jwks.ts'
import { createKeySet, type KeySpec } from '../../src/keys/keys.ts'
import { sign } from '../../src/keys/sign.ts'

const PLAIN = { certificate: false, kid: 'own' } as const
const CERTIFIED = { certificate: true, kid: 'own' } as const
const NAMED_BY_CERTIFICATE = { certificate: true, kid: 'x5t' } as const

const ALLOWED = ['kty', 'use', 'alg', 'kid', 'n', 'e', 'crv', 'x', 'y', 'x5c', 'x5t', 'x5t#S256']

function keySet(...specs: readonly Partial<KeySpec>[]) {
  const complete = specs.map((spec, index) => ({ status: 'active' as const, at: `keys[${index}]`, ...spec }))
  return createKeySet(complete, { slot: 'test' })
}

describe('RFC 7517 §5 JWK Set', () => {
  it.each(signingAlgs)(
    'shows only public members of a %s key, with and without its certificate',
    async (alg) => {
      const keys = keySet({ alg }, { alg, status: 'published' })
      for (const face of [PLAIN, CERTIFIED, NAMED_BY_CERTIFICATE]) {
        const document = JSON.parse(JSON.stringify(await jwks(keys, face)))
        expect(document.keys).toHaveLength(2)
        for (const jwk of document.keys) {
          expect(ALLOWED).toEqual(expect.arrayContaining(Object.keys(jwk)))
          for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth', 'key_ops'])
            expect(jwk).not.toHaveProperty(member)
          expect(await importJWK(jwk)).toMatchObject({ type: 'public' })
        }
      }
    },
  )

  it('shows no private member of a key that came as a private JWK with members of all kinds', async () => {
    const made = await keySet({ alg: 'RS256' }).select('active')
    const jwk = {
      ...made.privateKey.export({ format: 'jwk' }),
      key_ops: ['sign'],
      oth: undefined,
      k: 'secret',
      secret: 's3cret',
    }
    const document = await jwks(keySet({ jwk }), PLAIN)
    expect(Object.keys(document.keys[0] ?? {})).toEqual(['kty', 'use', 'alg', 'kid', 'n', 'e'])
  })

  it('publishes active and published keys in their order, and no hidden ones', async () => {
    const keys = keySet(
      { alg: 'ES256', kid: 'old', status: 'published' },
      { alg: 'ES256', kid: 'now' },
      { alg: 'ES256', kid: 'gone', status: 'hidden' },
    )
    expect((await jwks(keys, PLAIN)).keys.map(({ kid }) => kid)).toEqual(['old', 'now'])
  })

  it('verifies a token that jose looks up in it', async () => {
    const keys = keySet({ alg: 'RS256' }, { alg: 'ES256' })
    const key = await keys.select('active', 'ES256')
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const input = `${part({ alg: key.alg, kid: key.kid })}.${part({ sub: 'alice' })}`
    const token = `${input}.${(await sign(key.alg, key.privateKey, input)).toString('base64url')}`
    const { payload } = await jwtVerify(
      token,
      createLocalJWKSet(JSON.parse(JSON.stringify(await jwks(keys, PLAIN)))),
    )
    expect(payload.sub).toBe('alice')
  })
})

describe('RFC 7517 §4.5 kid', () => {
  it('is the thumbprint of the certificate where the dialect has it so', async () => {
    const key = await keySet({ alg: 'RS256' }).select('active')
    const jwk = await publicJwk(key, NAMED_BY_CERTIFICATE)
    expect(jwk.kid).toBe((await key.certificate()).x5t)
    expect(jwk.x5t).toBe(jwk.kid)
    expect(await kidOf(key, NAMED_BY_CERTIFICATE)).toBe(jwk.kid)
  })

  it('stays what the configuration says', async () => {
    const key = await keySet({ alg: 'ES256', kid: 'mine' }).select('active')
    expect(await kidOf(key, PLAIN)).toBe('mine')
    expect(await kidOf(key, NAMED_BY_CERTIFICATE)).toBe('mine')
  })
})
