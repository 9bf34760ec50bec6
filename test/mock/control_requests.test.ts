import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { startProvider } from '../../src/provider.ts'
import { configured } from '../support/configured.ts'
import { ask } from '../support/control_calls.ts'
import { get } from '../support/http.ts'
import { askToken, CLIENTS, requestsOf, startRecorded, threeRequests } from '../support/requests.ts'

describe('GET /_mock/requests', () => {
  it('has what clients sent and got, oldest first', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    const { body } = await get(`${idp.url}/_mock/requests`)
    expect(body).toMatchObject({
      last: 3,
      dropped: 0,
      items: [
        {
          ...{ seq: 1, method: 'POST', url: `${idp.url}/token`, path: '/token', endpoint: 'token' },
          ...{ client_id: 'orders', auth_method: 'client_secret_basic', grant_type: 'client_credentials' },
          ...{ status: 200, outcome: 'ok', notes: [], trouble: [] },
          request: { params: { grant_type: 'client_credentials' } },
          tokens: [{ name: 'access_token', where: 'response', claims: { client_id: 'orders' } }],
        },
        { seq: 2, client_id: 'reports', status: 401, outcome: 'refused', reason: 'client.secret_wrong' },
        { seq: 3, endpoint: 'jwks', response: { status: 200, body: { keys: [{ kty: 'RSA' }] } }, tokens: [] },
      ],
    })
    expect(body['items']).toHaveLength(3)
  })

  it('tells where the claims of a token came from', async () => {
    await using idp = await startRecorded()
    await askToken(idp)
    const [
      {
        tokens: [issued],
      } = { tokens: [] },
    ] = await requestsOf(idp.url)
    expect(issued?.origins).toMatchObject({
      iss: 'issuer of tenant default',
      sub: 'client orders',
      exp: 'default of dialect standard',
      iat: 'clock',
    })
  })

  it('has less where a filter is given', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    const seqs = async (query: string) => (await requestsOf(idp.url, query)).map(({ seq }) => seq)
    expect(await seqs('endpoint=token')).toEqual([1, 2])
    expect(await seqs('endpoint=token&outcome=refused')).toEqual([2])
    expect(await seqs('client=orders')).toEqual([1])
    expect(await seqs('after=2')).toEqual([3])
    expect(await seqs('limit=2')).toEqual([2, 3])
  })

  it.each([
    ['endpoint=token&colour=red', '/requests has no parameter colour'],
    ['status=4xx', 'status is 4xx, expected a whole number from 100 to 599'],
    ['outcome=bad', 'outcome is bad, expected ok or refused'],
    ['wait=61s', 'wait is 61s, expected a duration from 0s to 60s'],
    ['wait=soon', 'is no duration; expected 90s'],
    ['format=xml', 'format is xml, expected json or har'],
    ['secrets=yes', 'secrets is yes, expected mask or show'],
  ])('refuses %s', async (query, detail) => {
    await using idp = await startRecorded()
    const answer = await get(`${idp.url}/_mock/requests?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.body['detail']).toContain(detail)
  })

  it('has the time of the tenant', async () => {
    await using idp = await startRecorded()
    await ask('POST', `${idp.url}/_mock/clock`, { set: '2030-01-31T08:15:00Z', freeze: true })
    await askToken(idp)
    expect((await requestsOf(idp.url))[0]?.time).toBe('2030-01-31T08:15:00.000Z')
  })

  it('shows a tenant its own requests', async () => {
    await using idp = await startIdp({ tenants: { a: { clients: CLIENTS }, b: { clients: CLIENTS } } })
    await askToken({ issuer: `${idp.url}/a` })
    expect(await requestsOf(idp.url, 'tenant=a')).toHaveLength(1)
    expect(await requestsOf(idp.url, 'tenant=b')).toEqual([])
    const { body } = await ask('POST', `${idp.url}/_mock/sandboxes?tenant=a`)
    await askToken({ issuer: String(body['issuer']) })
    expect(await requestsOf(idp.url, `tenant=${body['id']}`)).toMatchObject([{ seq: 1 }])
    expect(await requestsOf(idp.url, 'tenant=a')).toHaveLength(1)
  })

  it('forgets on DELETE, and goes on counting', async () => {
    await using idp = await startRecorded()
    await askToken(idp)
    expect((await ask('DELETE', `${idp.url}/_mock/requests`)).status).toBe(204)
    await askToken(idp)
    expect(await requestsOf(idp.url)).toMatchObject([{ seq: 2 }])
  })
})

describe('GET /_mock/requests?wait', () => {
  it('gives what is there at once', async () => {
    await using idp = await startRecorded()
    await askToken(idp)
    expect(await requestsOf(idp.url, 'wait=60s')).toMatchObject([{ seq: 1 }])
  })

  it('answers as soon as the next one that matches is answered', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    const waiting = requestsOf(idp.url, 'wait=60s&after=3&client=reports')
    await askToken(idp)
    await askToken(idp, 'reports', 'other-s3cret')
    expect(await waiting).toMatchObject([{ seq: 5, client_id: 'reports', outcome: 'ok' }])
  })

  it('gives nothing when none came in time', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    const { body } = await get(`${idp.url}/_mock/requests?wait=0s&after=3`)
    expect(body).toEqual({ items: [], last: 3, dropped: 0 })
  })

  it('ends when the provider stops', async () => {
    const running = await startProvider(await configured({ server: { port: 0 } }))
    const call = (query: Record<string, string>) =>
      running.control.answer({ method: 'GET', path: '/requests', query })
    // The first call loads what the second one needs.
    await call({})
    const waiting = call({ wait: '60s' })
    await running.stop()
    expect(await waiting).toEqual({ json: { items: [], last: 0, dropped: 0 } })
  })
})

describe('GET /_mock/requests?format=har', () => {
  it('is an HTTP archive', async () => {
    await using idp = await startRecorded()
    await threeRequests(idp)
    const { log } = (await get(`${idp.url}/_mock/requests?format=har&endpoint=token`)).body as {
      log: { entries: unknown[] }
    }
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'idp-double' } })
    expect(log.entries).toMatchObject([
      { _seq: 1, _endpoint: 'token', request: { url: `${idp.url}/token` }, response: { status: 200 } },
      { _seq: 2, _reason: 'client.secret_wrong', response: { status: 401 } },
    ])
  })
})
