import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import { MemoryStore } from '../../src/store/memory_store.ts'
import type { Kind } from '../../src/store/store.ts'
import { storeContract } from '../contract/store.contract.ts'

const TEN_YEARS = 10 * 365 * 24 * 3600

storeContract('memory', (clock) => new MemoryStore(clock))

/** A store with room for so many entries of a kind, and the kinds of those that had to go. */
function storeOf(entries: number) {
  const clock = createClock(() => 1_700_000_000_000)
  const evicted: Kind[] = []
  const store = new MemoryStore(clock, { entries, evicted: (kind) => evicted.push(kind) })
  const add = (id: string, seconds: number) => store.add('access_token', id, id, clock.seconds() + seconds)
  const idsOf = async (...ids: readonly string[]) =>
    (await Promise.all(ids.map((id) => store.get('access_token', id)))).filter((id) => id !== undefined)
  return { clock, store, evicted, add, idsOf }
}

describe('the memory store at its limit', () => {
  it('lets the oldest go, and says so', async () => {
    const { store, evicted, add, idsOf } = storeOf(3)
    for (const id of ['a', 'b', 'c', 'd', 'e']) expect(await add(id, 60)).toBe(true)
    expect(await idsOf('a', 'b', 'c', 'd', 'e')).toEqual(['c', 'd', 'e'])
    expect(evicted).toEqual(['access_token', 'access_token'])
    expect(store.size).toBe(3)
  })

  it('lets nothing go for an id that is there already', async () => {
    const { evicted, add, idsOf } = storeOf(2)
    for (const id of ['a', 'b', 'b', 'a']) await add(id, 60)
    expect(await idsOf('a', 'b')).toEqual(['a', 'b'])
    expect(evicted).toEqual([])
  })

  it('counts each kind on its own', async () => {
    const { clock, store, evicted, add, idsOf } = storeOf(1)
    await add('a', 60)
    await store.add('assertion_jti', 'jti', true, clock.seconds() + 60)
    expect(await idsOf('a')).toEqual(['a'])
    await store.add('assertion_jti', 'jti-2', true, clock.seconds() + 60)
    expect(evicted).toEqual(['assertion_jti'])
    expect(await idsOf('a')).toEqual(['a'])
  })

  it('has another limit for a kind whose records are large', async () => {
    const clock = createClock()
    const evicted: Kind[] = []
    const limits = { entries: 3, of: { interaction: 1 }, evicted: (kind: Kind) => evicted.push(kind) }
    const store = new MemoryStore(clock, limits)
    for (const kind of ['interaction', 'session'] as const)
      for (const id of ['a', 'b', 'c']) await store.add(kind, id, id, clock.seconds() + 60)
    expect(evicted).toEqual(['interaction', 'interaction'])
    expect([await store.get('interaction', 'c'), await store.get('session', 'a')]).toEqual(['c', 'a'])
  })

  it('counts what was added again as young', async () => {
    const { clock, add, idsOf } = storeOf(2)
    await add('a', 1)
    await add('b', 60)
    clock.advance(1)
    await add('a', 60)
    await add('c', 60)
    expect(await idsOf('a', 'b', 'c')).toEqual(['a', 'c'])
  })

  it('lets no live entry go while there is one that has expired, wherever it is', async () => {
    for (let expired = 0; expired < 20; expired += 1) {
      const { clock, evicted, add, idsOf } = storeOf(20)
      const ids = Array.from({ length: 20 }, (_, n) => String(n))
      for (const [n, id] of ids.entries()) await add(id, n === expired ? 1 : 60)
      clock.advance(1)
      await add('new', 60)
      expect(evicted).toEqual([])
      expect(await idsOf(...ids, 'new')).toHaveLength(20)
    }
  })
})

describe('the memory of the memory store', () => {
  it('stays small through 1,000,000 short-lived entries that nobody asks for', async () => {
    const { clock, store, evicted, add } = storeOf(100_000)
    let most = 0
    for (let n = 0; n < 1_000_000; n += 1) {
      await add(`id-${n}`, 10)
      if (n % 100 === 0) clock.advance(1)
      most = Math.max(most, store.size)
    }
    // 1,000 live at any time.
    expect(most).toBeLessThan(3_000)
    expect(evicted).toEqual([])
  })

  it('stays small behind entries that stay long, and these stay', async () => {
    const { clock, store, evicted, add, idsOf } = storeOf(1_000)
    const long = ['first', 'second', 'third']
    for (const id of long) await add(id, TEN_YEARS)
    for (let n = 0; n < 100_000; n += 1) {
      await add(`id-${n}`, 10)
      clock.advance(1)
    }
    expect(store.size).toBeLessThan(100)
    expect(evicted).toEqual([])
    expect(await idsOf(...long)).toEqual(long)
  })

  it('stays at its limit, whatever the clock does', async () => {
    const { clock, store, add } = storeOf(10_000)
    let most = 0
    for (let n = 0; n < 200_000; n += 1) {
      await add(`id-${n}`, 3600)
      if (n % 50_000 === 0) clock.advance(n % 100_000 === 0 ? TEN_YEARS : -TEN_YEARS)
      most = Math.max(most, store.size)
    }
    expect(most).toBe(10_000)
  })

  it('holds nothing that expired at an hour that no clock shows', async () => {
    const { store, add } = storeOf(1_000)
    for (let n = 0; n < 10_000; n += 1) await add(`id-${n}`, Number.NaN)
    expect(store.size).toBeLessThan(10)
  })
})
