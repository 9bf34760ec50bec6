import { generateKeyPairSync } from 'node:crypto'
import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createKeySet, type KeySpec, keySetOf } from '../../src/keys/keys.ts'

function keySet(...specs: readonly Partial<KeySpec>[]) {
  const complete = specs.map((spec, index) => ({ status: 'active' as const, at: `keys[${index}]`, ...spec }))
  return createKeySet(complete, { slot: 'test' })
}

describe('key sets', () => {
  it('generate an RS256 key when nothing else is said', async () => {
    const key = await keySet({}).select('active')
    expect(key).toMatchObject({ alg: 'RS256', jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid: key.kid } })
    expect(key.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n })
  })

  it('make new keys each time', async () => {
    const [one, two] = await Promise.all([keySet({}).select('active'), keySet({}).select('active')])
    expect(one.kid).not.toBe(two.kid)
    expect(one.jwk.n).not.toBe(two.jwk.n)
  })

  it('make one key for any number of callers at once', async () => {
    const keys = keySet({ alg: 'RS256' })
    keys.begin()
    const made = await Promise.all(Array.from({ length: 20 }, () => keys.select('active')))
    expect(new Set(made).size).toBe(1)
    expect((await keys.published())[0]).toBe(made[0])
    expect((await keys.all())[0]).toBe(made[0])
  })

  it('let the event loop run while they make an RSA key', async () => {
    let ticks = 0
    let made = false
    const key = keySet({ alg: 'RS256' })
      .select('active')
      .finally(() => {
        made = true
      })
    while (!made) {
      await tick()
      ticks += 1
    }
    await key
    expect(ticks).toBeGreaterThan(5)
  })

  it('know their algorithms before a key is made, and say when the keys are there', async () => {
    const keys = keySet({}, { alg: 'ES256' }, { alg: 'ES256' }, { alg: 'PS256', status: 'published' })
    expect(keys.algs()).toEqual(['RS256', 'ES256'])
    expect(keys.ready()).toBe(false)
    keys.begin()
    expect(keys.ready()).toBe(false)
    await keys.published()
    expect(keys.ready()).toBe(true)
  })

  it('make no hidden key that nobody asked for', async () => {
    const keys = keySet({ alg: 'ES256' }, { alg: 'RS256', status: 'hidden' })
    keys.begin()
    expect(await keys.all()).toHaveLength(1)
    expect(keys.entries[1]?.done()).toBe(false)
    const hidden = await keys.select('hidden')
    expect(await keys.all()).toContain(hidden)
    expect(await keys.published()).not.toContain(hidden)
  })

  it('select the first key of a status and algorithm', async () => {
    const keys = keySet(
      { alg: 'ES256', kid: 'a', status: 'published' },
      { alg: 'ES256', kid: 'b' },
      { alg: 'EdDSA', kid: 'c' },
      { alg: 'ES256', kid: 'd' },
    )
    expect((await keys.select('active')).kid).toBe('b')
    expect((await keys.select('active', 'EdDSA')).kid).toBe('c')
    expect((await keys.select('published')).kid).toBe('a')
  })

  it('say which keys there are when none fits', async () => {
    const keys = keySet({ alg: 'ES256' }, { alg: 'RS256', status: 'published' })
    await expect(keys.select('active', 'PS256')).rejects.toThrow(
      'keys: no active key for PS256, there are: ES256 (active), RS256 (published); add { alg: PS256, status: active } to keys',
    )
    await expect(keySet().select('hidden')).rejects.toThrow(
      'keys: no hidden key, there are: none; add { status: hidden } to keys',
    )
  })

  it('refuse an unknown algorithm at once and say where it stands', () => {
    expect(() => keySet({}, { alg: 'RS255' })).toThrow(
      'keys[1]: unknown signature algorithm "RS255"; expected one of RS256,',
    )
  })

  it('can be composed anew: a rotation is a new set with the same keys', async () => {
    const before = keySet({ alg: 'ES256', kid: 'old' })
    const next = keySet({ alg: 'ES256', kid: 'new' })
    const after = keySetOf([
      ...next.entries,
      ...before.entries.map((entry) => ({ ...entry, status: 'published' as const })),
    ])
    expect((await after.select('active')).kid).toBe('new')
    expect(await after.published()).toContain(await before.select('active'))
    expect((await before.select('active')).kid).toBe('old')
  })

  it('try again after a failure', async () => {
    let tries = 0
    const privateKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    const stateFile = {
      path: 'keys.json',
      check: async () => undefined,
      secret: async () => '',
      close: async () => undefined,
      async key() {
        tries += 1
        if (tries < 3) throw new Error('disk full')
        return privateKey
      },
    }
    const keys = createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], {
      slot: 'test',
      stateFile,
    })
    keys.begin()
    await tick()
    await expect(keys.select('active')).rejects.toThrow('disk full')
    expect(keys.ready()).toBe(false)
    expect((await keys.select('active')).alg).toBe('EdDSA')
  })
})
