import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signingAlgs } from '../../src/keys/algorithms.ts'
import { createKeySet, type KeySpec } from '../../src/keys/keys.ts'

const keyOf = (spec: Partial<KeySpec>) =>
  createKeySet([{ status: 'active', at: 'keys[0]', ...spec }], { slot: 'test' }).select('active')

/** The required members of each key type, in lexicographic order. */
const REQUIRED: Record<string, readonly string[]> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
}

/** As section 3 says it, written out: what the product leaves to jose. */
function thumbprint(jwk: Readonly<Record<string, unknown>>): string {
  const members = REQUIRED[String(jwk.kty)]?.map((name) => [name, jwk[name]]) ?? []
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url')
}

// https://www.rfc-editor.org/rfc/rfc7638.html#section-3.1 (a public key; the RFC shows no private one)
const EXAMPLE = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
}

describe('RFC 7638 §3 JWK Thumbprint', () => {
  it('is computed in these tests as in the example of section 3.1', () => {
    expect(thumbprint(EXAMPLE)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })

  it.each(signingAlgs)('is the kid of a %s key that the configuration does not name', async (alg) => {
    const key = await keyOf({ alg })
    expect(key.kid).toBe(thumbprint(key.publicKey.export({ format: 'jwk' })))
    expect(key).toMatchObject({ thumbprint: key.kid, kidGiven: false })
  })

  it('is of the key alone: neither its name nor its other members count', async () => {
    const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as Record<string, unknown>
    const key = await keyOf({ jwk: { ...jwk, kid: 'mine', use: 'sig', alg: 'EdDSA' } })
    expect(key).toMatchObject({ kid: 'mine', kidGiven: true, thumbprint: thumbprint(jwk) })
  })
})
