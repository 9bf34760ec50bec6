/** What every store must do; run it for each implementation. */
import { describe, expect, it } from 'vitest'
import { type Clock, createClock } from '../../src/clock.ts'
import type { Kind, Store } from '../../src/store/store.ts'

const KINDS: readonly Kind[] = ['access_token', 'revoked_token', 'assertion_jti']
const TEN_YEARS = 10 * 365 * 24 * 3600

/** A clock that stands still until it is moved, and a store that reads it. */
function open(make: (clock: Clock) => Store) {
  const clock = createClock(() => 1_700_000_000_000)
  return { clock, store: make(clock), at: (seconds: number) => clock.seconds() + seconds }
}

export function storeContract(name: string, make: (clock: Clock) => Store): void {
  describe(`${name}: the contract of a store`, () => {
    it('gives back what was added, as often as it is asked', async () => {
      const { store, at } = open(make)
      expect(await store.add('access_token', 'a', { sub: 'alice' }, at(60))).toBe(true)
      expect(await store.get('access_token', 'a')).toEqual({ sub: 'alice' })
      expect(await store.get('access_token', 'a')).toEqual({ sub: 'alice' })
      expect(await store.get('access_token', 'b')).toBeUndefined()
    })

    it('keeps the first record of an id and says that the second was not new', async () => {
      const { store, clock, at } = open(make)
      expect(await store.add('access_token', 'a', 'first', at(60))).toBe(true)
      expect(await store.add('access_token', 'a', 'second', at(3600))).toBe(false)
      expect(await store.get('access_token', 'a')).toBe('first')
      clock.advance(60)
      expect(await store.get('access_token', 'a')).toBeUndefined()
    })

    it('tells exactly one of 10,000 that add the same id at once that it was new', async () => {
      const { store, at } = open(make)
      const adding = Array.from({ length: 10_000 }, (_, n) => store.add('assertion_jti', 'jti', n, at(60)))
      const added = await Promise.all(adding)
      expect(added.filter(Boolean)).toHaveLength(1)
      expect(await store.get('assertion_jti', 'jti')).toBe(added.indexOf(true))
    })

    it('gives exactly one of 10,000 that take the same id at once the record', async () => {
      const { store, at } = open(make)
      await store.add('access_token', 'a', 'record', at(60))
      const taken = await Promise.all(Array.from({ length: 10_000 }, () => store.take('access_token', 'a')))
      expect(taken.filter((record) => record !== undefined)).toEqual(['record'])
      expect(await store.get('access_token', 'a')).toBeUndefined()
      expect(await store.add('access_token', 'a', 'again', at(60))).toBe(true)
    })

    it('keeps kinds apart, and ids of any spelling', async () => {
      const { store, at } = open(make)
      const ids = ['__proto__', 'constructor', 'hasOwnProperty', '', ' ', 'a\0b', 'ä', 'x'.repeat(4096)]
      for (const kind of KINDS) {
        for (const id of ids) {
          expect(await store.get(kind, id)).toBeUndefined()
          expect(await store.add(kind, id, `${kind} ${id}`, at(60))).toBe(true)
        }
      }
      for (const kind of KINDS) for (const id of ids) expect(await store.take(kind, id)).toBe(`${kind} ${id}`)
    })

    it.each(['get', 'take'] as const)(
      'has a record until the second in which it expires: %s',
      async (how) => {
        const { store, clock, at } = open(make)
        for (const id of ['a', 'b']) await store.add('access_token', id, 'record', at(60))
        clock.advance(59)
        expect(await store[how]('access_token', 'a')).toBe('record')
        clock.advance(1)
        expect(await store[how]('access_token', 'b')).toBeUndefined()
      },
    )

    it('takes an id anew once its record has expired', async () => {
      const { store, clock, at } = open(make)
      await store.add('assertion_jti', 'jti', 'old', at(60))
      clock.advance(60)
      expect(await store.add('assertion_jti', 'jti', 'new', at(60))).toBe(true)
      expect(await store.get('assertion_jti', 'jti')).toBe('new')
    })

    it.each([
      ['now', 0],
      ['in the past', -TEN_YEARS],
      ['never said', Number.NaN],
    ])('has nothing of a record that expires %s', async (_, seconds) => {
      const { store, at } = open(make)
      await store.add('access_token', 'a', 'record', at(seconds))
      expect(await store.get('access_token', 'a')).toBeUndefined()
      expect(await store.take('access_token', 'a')).toBeUndefined()
      expect(await store.add('access_token', 'a', 'another', at(60))).toBe(true)
    })

    it('shows nothing again that it said is gone, when the clock goes ten years ahead and back', async () => {
      const { store, clock, at } = open(make)
      for (const id of ['got', 'taken']) await store.add('access_token', id, 'old', at(60))
      clock.advance(TEN_YEARS)
      expect(await store.get('access_token', 'got')).toBeUndefined()
      expect(await store.take('access_token', 'taken')).toBeUndefined()
      clock.advance(-TEN_YEARS)
      expect(await store.get('access_token', 'got')).toBeUndefined()
      expect(await store.get('access_token', 'taken')).toBeUndefined()
      expect(await store.add('access_token', 'got', 'new', at(60))).toBe(true)
      expect(await store.get('access_token', 'got')).toBe('new')
    })

    it('has nothing again of what ran out before the clock went back, though nobody asked for it', async () => {
      const { store, clock, at } = open(make)
      await store.add('session', 'a', 'record', at(60))
      await store.add('code', 'remembered', { expires: at(60) }, at(660))
      await store.add('code', 'longer', { expires: at(61) }, at(660))
      clock.advance(60)
      store.beforeBack()
      clock.advance(-60)
      expect(await store.get('session', 'a')).toBeUndefined()
      expect(await store.get('code', 'remembered')).toBeUndefined()
      expect(await store.get('code', 'longer')).toEqual({ expires: at(61) })
    })

    it.each(['revoked_token', 'assertion_jti', 'token_grant', 'used_code', 'ended_session'] as const)(
      'still has a %s when the clock went on and back',
      async (kind) => {
        const { store, clock, at } = open(make)
        const expires = kind === 'ended_session' ? Number.POSITIVE_INFINITY : at(600)
        await store.add(kind, 'a', true, expires)
        clock.advance(kind === 'used_code' ? 599 : TEN_YEARS)
        store.beforeBack()
        clock.advance(kind === 'used_code' ? -599 : -TEN_YEARS)
        expect(await store.get(kind, 'a')).toBe(true)
        expect(await store.add(kind, 'a', true, expires)).toBe(false)
      },
    )

    it('keeps what has not expired when the clock goes ten years back and forth', async () => {
      const { store, clock, at } = open(make)
      await store.add('access_token', 'a', 'record', at(60))
      clock.advance(-TEN_YEARS)
      expect(await store.get('access_token', 'a')).toBe('record')
      expect(await store.add('access_token', 'a', 'another', at(60))).toBe(false)
      clock.advance(TEN_YEARS + 59)
      expect(await store.get('access_token', 'a')).toBe('record')
      clock.advance(1)
      expect(await store.get('access_token', 'a')).toBeUndefined()
    })

    it('replaces a record by what is made of it, and gives that back', async () => {
      const { store, at } = open(make)
      await store.add('session', 'a', { clients: ['one'] }, at(60))
      const joined = await store.update<{ clients: string[] }>('session', 'a', ({ clients }) => ({
        clients: [...clients, 'two'],
      }))
      expect(joined).toEqual({ clients: ['one', 'two'] })
      expect(await store.get('session', 'a')).toEqual({ clients: ['one', 'two'] })
      expect(await store.add('session', 'a', 'another', at(60))).toBe(false)
      expect(await store.take('session', 'a')).toEqual({ clients: ['one', 'two'] })
    })

    it('keeps the time of a record that is replaced', async () => {
      const { store, clock, at } = open(make)
      await store.add('session', 'a', 1, at(60))
      clock.advance(59)
      expect(await store.update<number>('session', 'a', (record) => record + 1)).toBe(2)
      expect(await store.get('session', 'a')).toBe(2)
      clock.advance(1)
      expect(await store.get('session', 'a')).toBeUndefined()
    })

    it('replaces nothing that is absent, taken, expired or of another kind', async () => {
      const { store, clock, at } = open(make)
      for (const id of ['taken', 'expired']) await store.add('session', id, 'record', at(60))
      await store.take('session', 'taken')
      clock.advance(60)
      await store.add('consent', 'of another kind', 'record', at(60))
      for (const id of ['absent', 'taken', 'expired', 'of another kind', '__proto__']) {
        const changes: unknown[] = []
        expect(await store.update('session', id, (record) => void changes.push(record))).toBeUndefined()
        expect(changes).toEqual([])
        expect(await store.get('session', id)).toBeUndefined()
      }
    })

    it('loses none of 1,000 replacements at once', async () => {
      const { store, at } = open(make)
      await store.add('session', 'a', [], at(60))
      const all = Array.from({ length: 1_000 }, (_, n) => n)
      const updating = all.map((n) => store.update<number[]>('session', 'a', (list) => [...list, n]))
      const lengths = (await Promise.all(updating)).map((list) => list?.length)
      expect(lengths.toSorted((one, other) => Number(one) - Number(other))).toEqual(all.map((n) => n + 1))
      expect((await store.get('session', 'a')) as number[]).toHaveLength(1_000)
    })

    it('does not bring back what is taken while it is replaced', async () => {
      const { store, at } = open(make)
      for (let n = 0; n < 100; n += 1) {
        await store.add('session', `${n}`, 'old', at(60))
        const [taken] = await Promise.all([
          store.take('session', `${n}`),
          store.update('session', `${n}`, () => 'new'),
        ])
        expect(['old', 'new']).toContain(taken)
        expect(await store.get('session', `${n}`)).toBeUndefined()
      }
    })
  })
}
