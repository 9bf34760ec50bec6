import { createHash, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { contentEncryptions, encryptionAlgs } from '../../src/keys/encryption.ts'
import { encryptTo } from '../../src/tokens/encryption.ts'
import { contextOf } from '../support/context.ts'

const SECRET = 'the s3cret of a client, with ümlauts'
const PUBLIC_KEY_ALGS = encryptionAlgs.filter((alg) => /^(RSA|ECDH)/.test(alg))
const SECRET_ALGS = encryptionAlgs.filter((alg) => !PUBLIC_KEY_ALGS.includes(alg))

/** OpenID Connect Core §10.2: by which hash, and how many octets of it. */
const LENGTHS: Record<string, readonly [hash: string, octets: number]> = {
  A128KW: ['sha256', 16],
  A192KW: ['sha256', 24],
  A256KW: ['sha256', 32],
  A128GCMKW: ['sha256', 16],
  A192GCMKW: ['sha256', 24],
  A256GCMKW: ['sha256', 32],
  'A128CBC-HS256': ['sha256', 32],
  'A192CBC-HS384': ['sha384', 48],
  'A256CBC-HS512': ['sha512', 64],
  A128GCM: ['sha256', 16],
  A192GCM: ['sha256', 24],
  A256GCM: ['sha256', 32],
}

function derived(alg: string, enc: string): Buffer {
  const [hash, octets] = LENGTHS[alg === 'dir' ? enc : alg] ?? ['', 0]
  return createHash(hash).update(SECRET, 'utf8').digest().subarray(0, octets)
}

async function makeKey(alg: string, about: Record<string, unknown> = {}, options = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, ...options })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), ...about } as Record<string, string> }
}

const clientOf = (jwks: readonly Record<string, unknown>[]) =>
  contextOf({ clients: [{ client_id: 'app', jwks: { keys: jwks as never } }] })

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('OpenID Connect Core §10.2 encryption to the key of a client', () => {
  it.each(PUBLIC_KEY_ALGS)(
    'encrypts with %s and every content encryption, under the kid of the key',
    async (alg) => {
      const { privateKey, jwk } = await makeKey(alg, { kid: 'for-encryption', use: 'enc', alg })
      const { cx, client } = await clientOf([jwk])
      for (const enc of contentEncryptions) {
        const jwe = await encryptTo(client, 'hello ✓', { alg, enc, cty: 'JWT' }, cx)
        const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey)
        expect(Buffer.from(plaintext).toString('utf8')).toBe('hello ✓')
        expect(protectedHeader).toMatchObject({ alg, enc, cty: 'JWT', kid: 'for-encryption' })
      }
    },
  )

  it.each(['P-256', 'P-384', 'P-521', 'X25519'])('agrees on a key on the curve %s', async (crv) => {
    const { privateKey, jwk } = await makeKey('ECDH-ES', {}, { crv })
    const { cx, client } = await clientOf([jwk])
    const jwe = await encryptTo(client, 'hello', { alg: 'ECDH-ES' }, cx)
    expect(Buffer.from((await compactDecrypt(jwe, privateKey)).plaintext).toString()).toBe('hello')
  })

  it('takes A128CBC-HS256 where no enc is registered, and says no cty and no kid where there is none', async () => {
    const { jwk } = await makeKey('RSA-OAEP')
    const { cx, client } = await clientOf([jwk])
    const jwe = await encryptTo(client, 'x', { alg: 'RSA-OAEP' }, cx)
    expect(decodeProtectedHeader(jwe)).toEqual({ alg: 'RSA-OAEP', enc: 'A128CBC-HS256' })
  })

  it('passes over keys for signatures, of another type, curve or alg, and prefers one for encryption', async () => {
    const rsa = (about: Record<string, unknown>) => makeKey('RSA-OAEP-256', about)
    const [right, plain] = await Promise.all([rsa({ kid: 'right', use: 'enc' }), rsa({ kid: 'plain' })])
    const wrong = await Promise.all([
      rsa({ kid: 'signs', use: 'sig' }),
      rsa({ kid: 'verifies', key_ops: ['verify'] }),
      rsa({ kid: 'other-alg', alg: 'RSA-OAEP' }),
      rsa({ kid: 'ps', alg: 'PS256' }),
      makeKey('ECDH-ES', { kid: 'ec' }),
    ])
    const { cx, client } = await clientOf([...wrong, plain, right].map(({ jwk }) => jwk))
    const jwe = await encryptTo(client, 'x', { alg: 'RSA-OAEP-256' }, cx)
    expect(decodeProtectedHeader(jwe).kid).toBe('right')
    const without = await clientOf([...wrong, plain].map(({ jwk }) => jwk))
    const other = await encryptTo(without.client, 'x', { alg: 'RSA-OAEP-256' }, without.cx)
    expect(decodeProtectedHeader(other).kid).toBe('plain')
  })

  it('fetches jwks_uri for each use, so that a rotated key counts at once', async () => {
    const [one, two] = await Promise.all(['one', 'two'].map((kid) => makeKey('ECDH-ES', { kid })))
    let published = one?.jwk
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [published] })))
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const jwks_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
    const { cx, client } = await contextOf({ clients: [{ client_id: 'app', jwks_uri }] })
    const kid = async () => decodeProtectedHeader(await encryptTo(client, 'x', { alg: 'ECDH-ES' }, cx)).kid
    expect(await kid()).toBe('one')
    published = two?.jwk
    expect(await kid()).toBe('two')
    for (const each of servers.splice(0)) {
      each.close()
      each.closeAllConnections()
    }
    await expect(kid()).rejects.toMatchObject({
      reason: 'client.no_encryption_key',
      error: 'invalid_request',
      message: expect.stringMatching(/jwks_uri gave no keys: .*ECONNREFUSED/),
    })
  })

  it('tells a client without a fitting key which one it needs', async () => {
    const { jwk } = await makeKey('ECDH-ES', { kid: 'mine', use: 'sig' })
    const { cx, client } = await clientOf([jwk])
    await expect(encryptTo(client, 'x', { alg: 'RSA-OAEP' }, cx)).rejects.toMatchObject({
      reason: 'client.no_encryption_key',
      message: expect.stringMatching(/no key of client app fits RSA-OAEP.* mine \(EC P-256 sig\)/),
    })
    const none = { ...client, jwks: undefined }
    await expect(encryptTo(none, 'x', { alg: 'ECDH-ES' }, cx)).rejects.toThrow(
      /EC key on P-256.*registered: none/,
    )
  })

  it('refuses a key that is too small or broken as the client’s mistake, not as its own', async () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
    for (const jwk of [{ ...small, kid: 'small' }, { kty: 'RSA', n: '!', e: 'AQAB' }, { kty: 'RSA' }]) {
      const { cx, client } = await clientOf([jwk as Record<string, unknown>])
      await expect(encryptTo(client, 'x', { alg: 'RSA-OAEP' }, cx)).rejects.toMatchObject({
        reason: 'client.no_encryption_key',
      })
    }
  })

  it('refuses an alg or enc that it does not know', async () => {
    const { cx, client } = await contextOf({ clients: [{ client_id: 'app', client_secret: SECRET }] })
    await expect(encryptTo(client, 'x', { alg: 'RSA1_5' }, cx)).rejects.toThrow(
      /alg is RSA1_5, expected RSA-OAEP/,
    )
    await expect(encryptTo(client, 'x', { alg: 'dir', enc: 'A64' }, cx)).rejects.toThrow(
      /enc is A64, expected A128/,
    )
  })
})

describe('OpenID Connect Core §10.2 encryption with the client secret', () => {
  it.each(SECRET_ALGS)(
    'derives the key of %s from the left-most bits of a hash of the secret',
    async (alg) => {
      const { cx, client } = await contextOf({ clients: [{ client_id: 'app', client_secret: SECRET }] })
      for (const enc of contentEncryptions) {
        const jwe = await encryptTo(client, 'hello ✓', { alg, enc }, cx)
        const { plaintext, protectedHeader } = await compactDecrypt(jwe, derived(alg, enc))
        expect(Buffer.from(plaintext).toString('utf8')).toBe('hello ✓')
        expect(protectedHeader).toMatchObject({ alg, enc })
        expect(protectedHeader).not.toHaveProperty('kid')
      }
    },
  )

  it('tells a client without a secret what to register', async () => {
    const { cx, client } = await clientOf([])
    await expect(encryptTo(client, 'x', { alg: 'dir' }, cx)).rejects.toMatchObject({
      reason: 'client.no_encryption_key',
      message: expect.stringMatching(/client app has no secret .*register client_secret/),
    })
  })
})
