import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { Budget } from '../../src/record/budget.ts'
import { Journal } from '../../src/record/journal.ts'
import { transaction } from '../support/recorded.ts'

const any = () => true
const at = (endpoint: string) => transaction({ exchange: { endpoint } })
const heavy = (length: number) => transaction({ response: { body: 'x'.repeat(length) } })
const MiB = 1024 * 1024

function journal(options: Partial<ConstructorParameters<typeof Journal>[0]> = {}): Journal {
  return new Journal({ salt: 'salt', ...options })
}

describe('the record of a tenant', () => {
  it('numbers the requests from 1, in their order', () => {
    const record = journal()
    expect([record.add(at('token')).seq, record.add(at('userinfo')).seq]).toEqual([1, 2])
    expect(record.entries.map(({ exchange }) => exchange.endpoint)).toEqual(['token', 'userinfo'])
  })

  it('keeps the newest 1,000, and counts what it forgot', () => {
    const record = journal()
    for (let count = 0; count < 2500; count += 1) record.add(at('token'))
    expect(record.entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 1000 }, (_, i) => 1501 + i))
    expect(record.dropped).toBe(1500)
  })

  it('keeps no more than 8 MiB', () => {
    const record = journal()
    for (let count = 0; count < 20; count += 1) record.add(heavy(MiB))
    expect(record.entries).toHaveLength(7)
    expect(record.entries.at(-1)?.seq).toBe(20)
  })

  it('keeps the newest however large it is', () => {
    const record = journal({ mostBytes: 10 })
    record.add(heavy(MiB))
    expect(record.add(heavy(MiB)).seq).toBe(2)
    expect(record.entries.map(({ seq }) => seq)).toEqual([2])
  })

  it('takes a JSON body without a length for as long as it may be', () => {
    const record = journal({ mostBytes: MiB })
    for (let count = 0; count < 5; count += 1)
      record.add(transaction({ request: { body: { kind: 'json', value: [] } } }))
    expect(record.entries).toHaveLength(1)
  })

  it('shares a budget with other records, and drops its own', () => {
    const budget = new Budget(4 * MiB)
    const [one, other] = [journal({ budget }), journal({ budget })]
    for (let count = 0; count < 3; count += 1) one.add(heavy(MiB))
    for (let count = 0; count < 3; count += 1) other.add(heavy(MiB))
    expect([one.entries.length, other.entries.length]).toEqual([3, 1])
    one.close()
    other.clear()
    expect(budget.used).toBe(0)
  })

  it('goes on counting after a clear', () => {
    const record = journal()
    record.add(at('token'))
    record.clear()
    expect(record.entries).toEqual([])
    expect(record.dropped).toBe(0)
    expect(record.add(at('token')).seq).toBe(2)
    expect(record.entries.map(({ seq }) => seq)).toEqual([2])
  })

  it('remembers nothing once it is closed', () => {
    const record = journal()
    record.close()
    expect(record.add(at('token')).seq).toBe(1)
    expect(record.entries).toEqual([])
  })
})

describe('waiting for a request', () => {
  const isUserinfo = ({ exchange }: { exchange: { endpoint: string } }) => exchange.endpoint === 'userinfo'

  it('gives the first that is there', async () => {
    const record = journal()
    for (const endpoint of ['token', 'userinfo', 'userinfo']) record.add(at(endpoint))
    expect((await record.next(isUserinfo, { timeoutMs: 60_000 }))?.seq).toBe(2)
    expect((await record.next(isUserinfo, { timeoutMs: 60_000, after: 2 }))?.seq).toBe(3)
  })

  it('gives the next that comes and matches', async () => {
    const record = journal()
    record.add(at('userinfo'))
    const waiting = record.next(isUserinfo, { timeoutMs: 60_000, after: 1 })
    record.add(at('token'))
    record.add(at('userinfo'))
    expect((await waiting)?.seq).toBe(3)
  })

  it('waits for a number that is far away', async () => {
    const record = journal()
    const waiting = record.next(any, { timeoutMs: 60_000, after: 2 })
    for (let count = 0; count < 3; count += 1) record.add(at('token'))
    expect((await waiting)?.seq).toBe(3)
  })

  it('gives nothing when the time is over, when nobody waits any more, and when the record is closed', async () => {
    const record = journal()
    const gone = new AbortController()
    const aborted = record.next(any, { timeoutMs: 60_000, signal: gone.signal })
    gone.abort()
    const closed = record.next(any, { timeoutMs: 60_000 })
    expect(await record.next(any, { timeoutMs: 1 })).toBeUndefined()
    record.close()
    expect(await Promise.all([aborted, closed])).toEqual([undefined, undefined])
    expect(await record.next(any, { timeoutMs: 60_000 })).toBeUndefined()
    expect(await record.next(any, { timeoutMs: 60_000, signal: gone.signal })).toBeUndefined()
  })

  it('still gives it where there was no room to keep it', async () => {
    const record = journal({ mostEntries: 1 })
    const waiting = record.next(isUserinfo, { timeoutMs: 60_000 })
    record.add(at('userinfo'))
    record.add(at('token'))
    expect((await waiting)?.seq).toBe(1)
  })
})

describe('a stream of requests', () => {
  it('begins with the next, or after a number', async () => {
    const record = journal()
    for (let count = 0; count < 3; count += 1) record.add(at('token'))
    const [next, after] = [record.stream(any), record.stream(any, { after: 1 })]
    record.add(at('token'))
    expect((await next.next()).value).toMatchObject({ entry: { seq: 4 }, skipped: 0 })
    expect((await after.next()).value).toMatchObject({ entry: { seq: 2 }, skipped: 0 })
  })

  it('gives what matches as it comes, to several at once', async () => {
    const record = journal()
    const isToken = ({ exchange }: { exchange: { endpoint: string } }) => exchange.endpoint === 'token'
    const [one, other] = [record.stream(isToken), record.stream(isToken)]
    const waiting = [one.next(), one.next(), other.next()]
    for (const endpoint of ['userinfo', 'token', 'token']) record.add(at(endpoint))
    const seqs = (await Promise.all(waiting)).map(({ value }) => value?.entry.seq)
    expect(seqs).toEqual([2, 3, 2])
  })

  it('tells who reads slowly how many were forgotten meanwhile', async () => {
    const record = journal({ mostEntries: 10 })
    const stream = record.stream(any)
    record.add(at('token'))
    expect((await stream.next()).value?.entry.seq).toBe(1)
    for (let count = 0; count < 100; count += 1) record.add(at('token'))
    expect((await stream.next()).value).toMatchObject({ entry: { seq: 92 }, skipped: 90 })
    expect((await stream.next()).value).toMatchObject({ entry: { seq: 93 }, skipped: 0 })
  })

  it('ends when the record is closed, after what is waiting is told', async () => {
    const record = journal()
    const seen: number[] = []
    const reading = (async () => {
      for await (const { entry } of record.stream(any)) seen.push(entry.seq)
    })()
    record.add(at('token'))
    await Promise.resolve()
    record.close()
    await reading
    expect(seen).toEqual([1])
  })

  it('listens to nothing once its reader is gone, also while it waits', async () => {
    const record = journal()
    let listening = 0
    const subscribe = record.subscribe.bind(record)
    record.subscribe = (listener) => {
      listening += 1
      const end = subscribe(listener)
      return () => {
        listening -= 1
        end()
      }
    }
    const stream = record.stream(any)
    const waiting = stream.next()
    expect(listening).toBe(1)
    await stream.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(listening).toBe(0)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    for await (const { entry } of record.stream(any, { after: record.add(at('token')).seq - 1 })) {
      expect(entry.seq).toBe(1)
      break
    }
    expect(listening).toBe(0)
  })

  it('counts none as skipped that it looked at', async () => {
    const record = journal({ mostEntries: 2 })
    const next = record.stream(({ exchange }) => exchange.endpoint === 'token').next()
    for (const endpoint of ['jwks', 'jwks', 'jwks', 'jwks', 'token']) record.add(at(endpoint))
    expect(await next).toMatchObject({ value: { entry: { seq: 5 }, skipped: 0 } })
  })

  it('leaves nothing behind with whoever waited for one', async () => {
    const record = journal()
    const { signal } = new AbortController()
    const waiting = record.next(any, { timeoutMs: 60_000, signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    record.add(at('token'))
    expect(await waiting).toMatchObject({ seq: 1 })
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
