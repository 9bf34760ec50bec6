import { describe, expect, it } from 'vitest'
import { membersOf } from '../../src/protocol/json.ts'
import { har } from '../../src/record/har.ts'
import { view } from '../../src/record/view.ts'
import { form, type Happened, paramsOf, recorded } from '../support/recorded.ts'

function archive(...happened: readonly Happened[]) {
  const views = happened.map((each, at) => view(recorded(each, at + 1), { secrets: 'mask', salt: 'salt' }))
  return har(views, '1.2.3') as { log: { entries: Record<string, unknown>[] } & Record<string, unknown> }
}

const pair = { name: expect.any(String), value: expect.any(String) }
const common = {
  httpVersion: expect.any(String),
  headersSize: expect.any(Number),
  bodySize: expect.any(Number),
}

describe('HAR 1.2', () => {
  const { log } = archive(
    {
      url: 'http://localhost:8080/token?tenant=a&tenant=b',
      request: {
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'one=s3cret; other=x' },
        query: new Map([['tenant', ['a', 'b']]]),
        body: form({ client_secret: 'top-s3cret' }),
      },
      response: { status: 401, body: membersOf({ error: 'invalid_client' }) },
      exchange: { client_id: 'web', reason: 'client.secret_wrong', description: 'top-s3cret is wrong' },
    },
    {
      ms: -3,
      url: 'http://localhost:8080/authorize?client_id=web',
      request: { method: 'GET', query: paramsOf({ client_id: 'web' }) },
      response: { status: 303, headers: { location: 'https://app.example/?code=top-s3cret' } },
    },
  )
  const [refused, redirect] = log.entries

  it('has every member that the specification asks for', () => {
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'idp-double', version: '1.2.3' } })
    for (const entry of log.entries) {
      expect(entry).toMatchObject({
        startedDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        time: expect.any(Number),
        request: { ...common, method: expect.any(String), url: expect.stringMatching(/^http:/) },
        response: {
          ...{ ...common, status: expect.any(Number), statusText: expect.any(String) },
          content: { size: expect.any(Number), mimeType: expect.any(String) },
          redirectURL: expect.any(String),
        },
        cache: {},
        timings: { send: 0, receive: 0 },
      })
      const { request, response } = entry as Record<string, Record<string, unknown[]>>
      const lists = [
        request?.headers,
        request?.cookies,
        request?.queryString,
        response?.headers,
        response?.cookies,
      ]
      for (const list of lists) expect(list).toEqual(list?.map(() => pair))
    }
  })

  it('lists repeated parameters one by one, and a form as parameters without text', () => {
    expect(refused?.['request']).toMatchObject({
      queryString: [
        { name: 'tenant', value: 'a' },
        { name: 'tenant', value: 'b' },
      ],
      postData: { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'client_secret' }] },
    })
    expect(refused).not.toHaveProperty('request.postData.text')
    expect(redirect).not.toHaveProperty('request.postData')
  })

  it('begins when the request came; no time is negative', () => {
    const [, , third] = archive({}, {}, { at: Date.UTC(2030, 0, 1), ms: 250 }).log.entries
    expect(third).toMatchObject({
      startedDateTime: '2029-12-31T23:59:59.750Z',
      time: 250,
      timings: { wait: 250 },
    })
    expect(redirect).toMatchObject({ time: 0, timings: { wait: 0 } })
  })

  it('tells what happened beside what the format has, and no secret', () => {
    expect(refused).toMatchObject({
      ...{ _seq: 1, _endpoint: 'token', _tenant: 'default', _client_id: 'web' },
      ...{ _outcome: 'refused', _reason: 'client.secret_wrong' },
      comment: expect.stringMatching(/^\*\*\*[\w-]{6} is wrong$/),
      response: { statusText: 'Unauthorized', content: { text: '{"error":"invalid_client"}', size: 26 } },
    })
    expect(redirect).toMatchObject({
      response: { redirectURL: expect.stringMatching(/\?code=\*\*\*[\w-]{6}$/) },
    })
    expect(JSON.stringify(log)).not.toContain('s3cret')
  })
})
