import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKeySet, type KeySpec } from '../../src/keys/keys.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')

const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as Record<string, unknown>

const given = (spec: Partial<KeySpec>) =>
  createKeySet([{ status: 'active', at: 'keys[0]', ...spec }], { slot: 'test' })

describe('keys from the configuration', () => {
  it.each([
    ['PKCS #8', pkcs8(rsa.privateKey), 'RS256'],
    ['PKCS #1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), 'RS256'],
    ['SEC 1', p256.privateKey.export({ type: 'sec1', format: 'pem' }).toString(), 'ES256'],
    ['PKCS #8', pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey), 'ES384'],
    ['PKCS #8', pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey), 'ES512'],
    ['PKCS #8', pkcs8(ed25519.privateKey), 'EdDSA'],
  ])('are read from %s PEM, and the kind of key decides the algorithm: %#', async (_, pem, alg) => {
    const keys = given({ pem })
    expect(keys.algs()).toEqual([alg])
    expect(keys.ready()).toBe(true)
    expect((await keys.select('active')).alg).toBe(alg)
  })

  it('have the same kid as PEM and as JWK, at every start', async () => {
    const kids = await Promise.all(
      [
        { pem: pkcs8(rsa.privateKey) },
        { jwk: jwkOf(rsa.privateKey) },
        { jwk: jwkOf(rsa.privateKey), alg: 'PS512' },
      ].map(async (spec) => (await given(spec).select('active')).kid),
    )
    expect(new Set(kids).size).toBe(1)
  })

  it('take alg and kid from the JWK unless the configuration says otherwise', async () => {
    const jwk = { ...jwkOf(rsa.privateKey), alg: 'PS256', kid: 'from-jwk', use: 'sig' }
    expect(await given({ jwk }).select('active')).toMatchObject({
      alg: 'PS256',
      kid: 'from-jwk',
      kidGiven: true,
    })
    expect(await given({ jwk, alg: 'RS512', kid: 'mine' }).select('active')).toMatchObject({
      alg: 'RS512',
      kid: 'mine',
    })
  })

  it('accept a certificate before the private key in the same file', () => {
    const pem = `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${pkcs8(p256.privateKey)}`
    expect(given({ pem }).algs()).toEqual(['ES256'])
  })
})

const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'top' } as const
const legacy = { type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'top' } as const
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey

describe('keys that cannot be used say why, and where they stand', () => {
  it.each<[string, Partial<KeySpec>, string]>([
    ['not PEM', { pem: 'hello' }, 'keys[0]: not PEM, expected a private key in PEM'],
    [
      'a public key',
      { pem: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
      'keys[0]: not a private key but a PUBLIC KEY, expected',
    ],
    [
      'an encrypted key',
      { pem: rsa.privateKey.export(encrypted).toString() },
      'an encrypted private key, expected one without',
    ],
    [
      'a legacy encrypted key',
      { pem: rsa.privateKey.export(legacy).toString() },
      'an encrypted private key, expected one',
    ],
    [
      'damaged PEM',
      { pem: `-----BEGIN ${'PRIVATE'} KEY-----\nAAAA\n-----END ${'PRIVATE'} KEY-----` },
      'that OpenSSL cannot read',
    ],
    ['a short RSA key', { pem: pkcs8(short) }, 'an RSA key of 1024 bits, expected 2048 or more'],
    [
      'an rsa-pss key',
      { pem: pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey) },
      'an RSA key that is restricted to RSASSA-PSS (rsa-pss) cannot sign here; expected an RSA key',
    ],
    [
      'a foreign curve',
      { pem: pkcs8(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey) },
      'a key of type ec on secp256k1 cannot sign here; expected an RSA key (2048 bits or more), an EC key on P-256',
    ],
    [
      'X25519',
      { pem: pkcs8(generateKeyPairSync('x25519').privateKey) },
      'a key of type x25519 cannot sign here',
    ],
    [
      'the wrong alg for the curve',
      { pem: pkcs8(p256.privateKey), alg: 'ES384' },
      'keys[0]: alg ES384 does not fit a key of type ec on prime256v1; it can carry ES256. Change alg, or leave it out',
    ],
    [
      'the wrong alg for the key type',
      { pem: pkcs8(rsa.privateKey), alg: 'EdDSA' },
      'alg EdDSA does not fit a key of type rsa; it can carry RS256, RS384, RS512, PS256, PS384, PS512.',
    ],
    [
      'an unknown alg',
      { pem: pkcs8(rsa.privateKey), alg: 'RS1' },
      'unknown signature algorithm "RS1"; expected one of',
    ],
    ['a public JWK', { jwk: jwkOf(rsa.publicKey) }, 'not a private key: this JWK has no member d'],
    ['a symmetric JWK', { jwk: { kty: 'oct', k: 'AAAA' } }, 'a symmetric JWK (kty oct)'],
    ['a JWK set', { jwk: { keys: [] } }, 'a JWK set, expected one JWK'],
    [
      'an encryption JWK',
      { jwk: { ...jwkOf(rsa.privateKey), use: 'enc' } },
      'a JWK whose use is "enc", expected sig',
    ],
    [
      'an RSA JWK without its primes',
      { jwk: { ...jwkOf(rsa.privateKey), p: undefined, q: undefined } },
      'a JWK that cannot be read',
    ],
    [
      'a JWK of nothing',
      { jwk: { kty: 'EC', d: 'AA' } },
      'expected kty RSA, EC (P-256, P-384, P-521) or OKP (Ed25519)',
    ],
  ])('%s', (_, spec, message) => {
    expect(() => given(spec)).toThrow(message)
    expect(() => given(spec)).toThrow(expect.objectContaining({ name: 'KeyError', at: 'keys[0]' }))
  })
})
