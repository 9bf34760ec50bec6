import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { startProvider } from '../../src/provider.ts'
import { configured } from '../support/configured.ts'
import { ask } from '../support/control_calls.ts'
import { get } from '../support/http.ts'
import { askToken, eventsOf, type Recorded, startRecorded, threeRequests } from '../support/requests.ts'

describe('GET /_mock/requests/stream', () => {
  const open = async ({ url }: Recorded, query = '', headers = {}) => {
    const gone = new AbortController()
    const response = await fetch(`${url}/_mock/requests/stream?${query}`, { headers, signal: gone.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    return { events: eventsOf(response), [Symbol.dispose]: () => gone.abort() }
  }

  it('sends requests as they are answered', async () => {
    await using idp = await startRecorded()
    await askToken(idp)
    using stream = await open(idp, 'endpoint=token')
    await get(`${idp.issuer}/jwks.json`)
    await askToken(idp)
    await askToken(idp, 'reports', 'other-s3cret')
    expect((await stream.events.next()).value).toMatchObject({
      ...{ id: '3', event: 'request' },
      data: { seq: 3, client_id: 'orders', tokens: [{ name: 'access_token' }] },
    })
    expect((await stream.events.next()).value).toMatchObject({ id: '4', data: { client_id: 'reports' } })
  })

  it('goes on after the last event, or after a number', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    using after = await open(idp, 'after=1')
    expect((await after.events.next()).value).toMatchObject({ id: '2' })
    using resumed = await open(idp, 'after=1', { 'last-event-id': '2' })
    expect((await resumed.events.next()).value).toMatchObject({ id: '3' })
  })

  it('begins anew for a number of before a restart', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    using stream = await open(idp, '', { 'last-event-id': '500' })
    expect((await stream.events.next()).value).toMatchObject({ id: '1' })
  })

  it('leaves nothing behind with whoever waits for many', async () => {
    const running = await startProvider(await configured({ server: { port: 0 } }))
    const { signal } = new AbortController()
    const sent = { method: 'GET', path: '/requests/stream', query: {}, signal }
    const answered = (await running.control.answer(sent)) as { events: AsyncGenerator<string> }
    for await (const event of answered.events) {
      expect([event, getEventListeners(signal, 'abort').length]).toEqual([': requests\n\n', 1])
      break
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await running.stop()
  })

  it('is over at once for whoever has gone before it began', async () => {
    const running = await startProvider(await configured({ server: { port: 0 } }))
    const sent = { method: 'GET', path: '/requests/stream', query: {}, signal: AbortSignal.abort() }
    const { events } = (await running.control.answer(sent)) as { events: AsyncIterable<string> }
    const all: string[] = []
    for await (const event of events) all.push(event)
    expect(all).toEqual([': requests\n\n'])
    await running.stop()
  })

  it('tells that requests were forgotten before they could be sent', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    await ask('DELETE', `${idp.url}/_mock/requests`)
    await askToken(idp)
    using stream = await open(idp, 'after=1')
    expect((await stream.events.next()).value).toEqual({ event: 'skipped', data: { skipped: 2 } })
    expect((await stream.events.next()).value).toMatchObject({ id: '4' })
  })

  it('ends when the provider stops', async () => {
    const idp = await startRecorded()
    using stream = await open(idp)
    await idp.stop()
    expect((await stream.events.next()).done).toBe(true)
  })

  it('refuses a number that is none', async () => {
    await using idp = await startRecorded()
    const { status, body } = await get(`${idp.url}/_mock/requests/stream`, { 'last-event-id': 'x' })
    expect([status, body['detail']]).toEqual([400, expect.stringContaining('after is x, expected a whole')])
  })
})
