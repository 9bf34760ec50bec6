/** What is shown of requests that were made to be hard to show. */
import { describe, expect, it } from 'vitest'
import { membersOf } from '../../src/protocol/json.ts'
import { view } from '../../src/record/view.ts'
import { form, type Happened, jwt, recorded } from '../support/recorded.ts'

const shown = (happened: Happened) => view(recorded(happened), { secrets: 'mask', salt: 'salt' })

const MARK = /^\*\*\*[\w-]{6}$/

describe('a request that was made to be hard to show', () => {
  it('is shown in no time where a text is all beginnings of tokens', () => {
    const note = 'ey'.repeat(100_000)
    expect(shown({ request: { body: form({ note }) } }).request.body.form).toEqual({ note })
  })

  it('is shown in no time where it has very many secrets', () => {
    const value = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [
        [`t${at}_token`, `secret-${at}`],
        [`n${at}`, 'a text'],
      ]).flat(),
    )
    const { json } = shown({ request: { body: { kind: 'json', value } } }).request.body
    expect(json).toMatchObject({ t0_token: expect.stringMatching(MARK), n9999: 'a text' })
    expect(JSON.stringify(json)).not.toContain('secret-')
  })

  it('has header fields that are called like members of every object, and hides what they repeat', () => {
    const { headers } = shown({
      request: { headers: { constructor: 'top-s3cret', 'x-api-key': 'top-s3cret' } },
    }).request
    expect(headers).toEqual({ constructor: headers['x-api-key'], 'x-api-key': expect.stringMatching(MARK) })
  })

  it('hides the beginning of a long secret also where a message has something before it', () => {
    const client_secret = `${'s3cret/'.repeat(5)}${'y'.repeat(70)}`
    const { description, request } = shown({
      request: { body: form({ client_secret }) },
      exchange: { description: `resource urn:${client_secret.slice(0, 73)}... is unknown` },
    })
    expect(description).toBe(`resource urn:${request.body.form?.['client_secret']} is unknown`)
  })

  it('hides a token also where it is percent-encoded, or inside of another one', () => {
    const inner = jwt({ sub: 'alice' }, 'aW5uZXItY2FuYXJ5')
    const request = jwt({ client_id: 'web', id_token_hint: inner })
    const payload = request.split('.')[1] as string
    const {
      description,
      tokens,
      request: sent,
    } = shown({
      request: { body: form({ request, note: request }) },
      exchange: { description: `came: id%3D${inner}` },
    })
    expect(description).toMatch(/^came: id%3Dey[\w-]+\.[\w-]+\.\*\*\*[\w-]{6}$/)
    expect(JSON.stringify(sent)).not.toContain(payload)
    expect(sent.params['request']).toMatch(/^ey[\w-]+\.\*\*\*[\w-]{6}$/)
    expect(sent.params['note']).toBe(sent.params['request'])
    expect(tokens[0]).toMatchObject({
      claims: { client_id: 'web', id_token_hint: expect.stringMatching(/\.\*\*\*[\w-]{6}$/) },
    })
  })

  it('hides a cookie that is new, and that no request has shown before', () => {
    const { headers } = shown({ response: { headers: { 'set-cookie': 'sid=top-s3cret; Path=/' } } }).response
    expect(headers['set-cookie']).toMatch(/^sid=\*\*\*[\w-]{6}; Path=\/$/)
  })
})

describe('the origins of claims', () => {
  it('are those of the very token, in whichever order they were issued', () => {
    const issued = [1, 2].map((n) => ({
      ...{ typ: 'JWT', header: membersOf({ alg: 'RS256' }) },
      claims: membersOf({ n }, `origin ${n}`),
    }))
    const body = membersOf({ access_token: jwt({ n: 2 }), id_token: jwt({ n: 1 }) })
    const { tokens } = shown({ response: { body }, exchange: { issued } })
    expect(tokens.map(({ name, origins }) => [name, origins])).toEqual([
      ['access_token', { n: 'origin 2' }],
      ['id_token', { n: 'origin 1' }],
    ])
  })
})
