import { generateKeyPairSync } from 'node:crypto'
import { compactVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { algorithmNamed, signingAlgs } from '../../src/keys/algorithms.ts'
import { sign } from '../../src/keys/sign.ts'

describe('signing', () => {
  it.each(signingAlgs)('makes a %s signature that jose verifies', async (alg) => {
    const { privateKey, publicKey } = await algorithmNamed(alg).generate()
    const part = (text: string) => Buffer.from(text).toString('base64url')
    const input = `${part(JSON.stringify({ alg }))}.${part('hello ✓')}`
    for (const data of [input, Buffer.from(input)]) {
      const signature = (await sign(alg, privateKey, data)).toString('base64url')
      const { payload } = await compactVerify(`${input}.${signature}`, publicKey, { algorithms: [alg] })
      expect(Buffer.from(payload).toString()).toBe('hello ✓')
    }
  })

  it('refuses a key that cannot carry the algorithm, instead of making another signature', async () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
    await expect(sign('ES256', p384, 'x')).rejects.toThrow('cannot sign ES256')
    await expect(sign('RS256', p384, 'x')).rejects.toThrow('cannot sign RS256')
  })

  it('names the algorithms there are when it is asked for another', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    await expect(sign('RS257', privateKey, 'x')).rejects.toThrow(
      /unknown signature algorithm "RS257"; expected one of RS256, .*EdDSA/,
    )
    await expect(sign('HS256', privateKey, 'x')).rejects.toThrow('HS256 signs with a client secret')
    await expect(sign('none', privateKey, 'x')).rejects.toThrow('unknown signature algorithm "none"')
  })
})
