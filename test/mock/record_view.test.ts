import { describe, expect, it } from 'vitest'
import { membersOf } from '../../src/protocol/json.ts'
import { type RequestView, view } from '../../src/record/view.ts'
import { formPost } from '../../src/response_modes/form_post.ts'
import { form, type Happened, jwt, paramsOf, recorded } from '../support/recorded.ts'

const SALT = 'salt of the record'

function shown(happened: Happened, secrets: 'mask' | 'show' = 'mask'): RequestView {
  return view(recorded(happened), { secrets, salt: SALT })
}

const MARK = /^\*\*\*[\w-]{6}$/

describe('what is shown of a request', () => {
  it('has who asked for what, when, and what came of it', () => {
    const { request, response, ...facts } = shown({
      url: 'http://localhost:8080/token?x=1',
      response: { status: 401, body: membersOf({ error: 'invalid_client' }) },
      exchange: {
        ...{ client_id: 'web', auth_method: 'client_secret_post', grant_type: 'password', user: 'alice' },
        ...{ reason: 'client.secret_wrong', description: 'no', trouble: ['a client was not told'] },
        notes: [{ level: 'warn', check: 'grant_type', text: 'let pass' }],
      },
    })
    expect(facts).toEqual({
      ...{ seq: 1, time: '2030-01-31T08:15:00.000Z', ms: 1.5, method: 'POST' },
      ...{ url: 'http://localhost:8080/token?x=1', path: '/token', endpoint: 'token', tenant: 'default' },
      ...{ client_id: 'web', auth_method: 'client_secret_post', grant_type: 'password', user: 'alice' },
      ...{ status: 401, outcome: 'refused', reason: 'client.secret_wrong', description: 'no' },
      notes: [{ level: 'warn', check: 'grant_type', text: 'let pass' }],
      trouble: ['a client was not told'],
      tokens: [],
    })
    expect(request).toEqual({ headers: {}, query: {}, params: {}, body: {} })
    expect(response).toEqual({ status: 401, headers: {}, body: { error: 'invalid_client' } })
  })

  it('shows parameters that came more than once as a list, and the effective ones beside', () => {
    const { request } = shown({
      request: { query: new Map([['resource', ['a', 'b']]]), body: form({ clientid: 'web' }) },
      exchange: { params: paramsOf({ client_id: 'web' }) },
    })
    expect(request.query).toEqual({ resource: ['a', 'b'] })
    expect(request.body).toEqual({ form: { clientid: 'web' } })
    expect(request.params).toEqual({ client_id: 'web' })
  })

  it('shows everything as it came where that is wanted', () => {
    const happened = {
      url: 'http://localhost/token?client_secret=top-s3cret',
      request: { headers: { authorization: 'Basic d2ViOnRvcA==', cookie: 'a=b' } },
    }
    const clear = shown(happened, 'show')
    expect(clear.url).toBe(happened.url)
    expect(clear.request.headers).toEqual(happened.request.headers)
  })
})

describe('what is masked', () => {
  const CANARY = 'canary/+ "&<0123456789>\\é'

  it.each([
    'client_secret',
    'clientSecret',
    'password',
    'code',
    'code_verifier',
    'refresh_token',
    'device_code',
    'access_token',
    'token',
    'client_assertion',
    'assertion',
    'interaction',
    'registration_access_token',
  ])('the parameter %s, wherever it comes and whatever repeats it', (name) => {
    const query = new URLSearchParams({ [name]: CANARY })
    const entry = shown({
      url: `http://localhost/token?${query}&next=${encodeURIComponent(`/x?${query}`)}`,
      request: {
        query: paramsOf({ [name]: CANARY, note: CANARY }),
        headers: { referer: `https://app.example/?${query}` },
        body: { kind: 'json', value: { [name]: CANARY, [CANARY]: [CANARY] } },
      },
      response: {
        headers: { location: `https://app.example/cb#${query}` },
        body: `<p>${CANARY.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&quot;')}</p>`,
      },
      exchange: {
        description: `${name} is ${CANARY.replace('é', '?').replace('\\', '/').replace('"', "'")}`,
      },
    })
    expect(JSON.stringify(entry)).not.toContain('0123456789')
    expect(entry.request.query[name]).toMatch(MARK)
    // Equal values are seen to be equal.
    expect(entry.request.query['note']).toBe(entry.request.query[name])
    expect(entry.description).toBe(`${name} is ${entry.request.query[name]}`)
    expect(new URL(entry.url).searchParams.get(name)).toBe(entry.request.query[name])
  })

  it('Basic credentials but for the client_id, and the secret is seen to be that of a form', () => {
    const header = Buffer.from('web:top%2Fs3cret').toString('base64')
    const { request } = shown({
      request: { headers: { authorization: `Basic ${header}` }, body: form({ client_secret: 'top/s3cret' }) },
    })
    const { client_secret } = request.body.form ?? {}
    expect(request.headers['authorization']).toBe(`Basic web:${client_secret}`)
    expect(client_secret).toMatch(MARK)
  })

  it.each(['top-s3cret', 'Basic top-s3cret', 'Secret top-s3cret', 'Bearer top-s3cret', 'Digest top-s3cret'])(
    'the Authorization header %s',
    (authorization) => {
      const entry = shown({ request: { headers: { authorization } } })
      expect(JSON.stringify(entry)).not.toContain('s3cret')
    },
  )

  it('cookies but for their names, and secret headers', () => {
    const { request, response } = shown({
      request: {
        headers: { cookie: 'one=top-s3cret; other=x', 'x-identity-header': 'top-s3cret', secret: 's' },
      },
      response: { headers: { 'set-cookie': 'one=top-s3cret; Path=/; HttpOnly' } },
    })
    const { cookie, 'x-identity-header': header, secret } = request.headers
    expect(cookie).toBe(`one=${header}; other=${cookie?.split('=')[2]}`)
    expect(response.headers).toEqual({ 'set-cookie': `one=${header}; Path=/; HttpOnly` })
    expect([header, secret, cookie?.split('=')[2]]).toEqual([1, 2, 3].map(() => expect.stringMatching(MARK)))
  })

  it('of a token its signature alone', () => {
    const token = jwt({ sub: 'alice' })
    const [header, claims] = token.split('.')
    const { request, response, description, tokens } = shown({
      request: { headers: { authorization: `Bearer ${token}` }, body: form({ client_assertion: token }) },
      response: { body: membersOf({ access_token: token, refresh_token: 'opaque' }) },
      exchange: { description: `the token is ${token}` },
    })
    const masked = expect.stringMatching(new RegExp(`^${header}\\.${claims}\\.\\*\\*\\*[\\w-]{6}$`))
    expect(request.body.form).toEqual({ client_assertion: masked })
    expect(request.headers['authorization']).toBe(`Bearer ${request.body.form?.['client_assertion']}`)
    expect(response.body).toEqual({ access_token: masked, refresh_token: expect.stringMatching(MARK) })
    expect(description).toBe(`the token is ${request.body.form?.['client_assertion']}`)
    expect(tokens.map(({ name, where, claims: read }) => [name, where, read])).toEqual([
      ['access_token', 'request', { sub: 'alice' }],
      ['client_assertion', 'request', { sub: 'alice' }],
      ['access_token', 'response', { sub: 'alice' }],
    ])
  })

  it('private keys, and what is no text at all', () => {
    const jwk = { kty: 'EC', x: 'public', d: 'private-canary' }
    const { request } = shown({
      request: { body: { kind: 'json', value: { jwks: { keys: [jwk] }, client_secret: 1_234_567, n: 1 } } },
    })
    expect(request.body.json).toEqual({
      jwks: { keys: [{ kty: 'EC', x: 'public', d: expect.stringMatching(MARK) }] },
      client_secret: expect.stringMatching(MARK),
      n: 1,
    })
  })

  it.each([
    ['{"client_secret":"top-s3cret"}', { json: { client_secret: expect.stringMatching(MARK) } }],
    ['a=1&client_secret=top-s3cret', { text: expect.stringMatching(/^a=1&client_secret=\*\*\*[\w-]{6}$/) }],
    ['<password>top-s3cret</password>', { text: expect.stringMatching(MARK) }],
  ])('a body that came as something else: %s', (text, body) => {
    expect(shown({ request: { body: { kind: 'other', text } } }).request.body).toEqual(body)
  })

  it('the beginning of a long secret, as messages cut it', () => {
    const secret = 'x1'.repeat(100)
    const entry = shown({
      request: { body: form({ client_secret: secret }) },
      exchange: { description: `got ${secret.slice(0, 77)}...` },
    })
    expect(entry.description).toBe(`got ${entry.request.body.form?.['client_secret']}...`)
  })

  it('no ordinary words: a secret that is a part of one, a password that is the username', () => {
    const entry = shown({
      request: { body: form({ client_secret: 'secret', username: 'wonderland', password: 'wonderland' }) },
      exchange: { user: 'wonderland', description: 'client_secret is secret' },
    })
    const { client_secret, username, password } = entry.request.body.form ?? {}
    expect([entry.user, username]).toEqual(['wonderland', 'wonderland'])
    expect(password).toMatch(MARK)
    expect(entry.description).toBe(`client_secret is ${client_secret}`)
  })

  it('otherwise in another record', () => {
    const entry = recorded({ request: { body: form({ client_secret: 'top-s3cret' }) } })
    const [one, other] = ['one', 'other'].map((salt) => view(entry, { secrets: 'mask', salt }))
    expect(one?.request.body).not.toEqual(other?.request.body)
  })
})

describe('the tokens of a request', () => {
  it('are found in parameters, redirects, pages and bare answers', () => {
    const [first, second] = [jwt({ n: 1 }), jwt({ n: 2 })]
    const named = (happened: Happened) =>
      shown(happened).tokens.map(({ name, where, claims }) => [name, where, claims])
    expect(
      named({
        request: { query: paramsOf({ request: first, id_token_hint: second }) },
        response: { headers: { location: `https://app.example/#id_token=${first}&state=1` } },
      }),
    ).toEqual([
      ['request', 'request', { n: 1 }],
      ['id_token_hint', 'request', { n: 2 }],
      ['id_token', 'response', { n: 1 }],
    ])
    expect(named({ response: formPost.respond('https://app.example', [['id_token', first]]) })).toEqual([
      ['id_token', 'response', { n: 1 }],
    ])
    expect(named({ response: { body: second }, exchange: { endpoint: 'userinfo' } })).toEqual([
      ['userinfo', 'response', { n: 2 }],
    ])
  })

  it('tell where their claims came from, and what an opaque one stands for', () => {
    const claims = membersOf({ sub: 'alice' }, 'user alice')
    const issued = (typ: string) => ({ typ, header: membersOf({ alg: 'RS256' }), claims })
    const { tokens } = shown({
      response: { body: membersOf({ access_token: 'opaque-one', id_token: jwt({ sub: 'alice' }) }) },
      exchange: { issued: [issued('opaque'), issued('JWT'), issued('logout+jwt')] },
    })
    const same = { claims: { sub: 'alice' }, origins: { sub: 'user alice' } }
    expect(tokens).toEqual([
      { name: 'access_token', where: 'response', header: { alg: 'RS256' }, ...same },
      { name: 'id_token', where: 'response', header: { alg: 'RS256', typ: 'JWT' }, ...same },
      { name: 'logout_token', where: 'outbound', header: { alg: 'RS256' }, ...same },
    ])
  })
})
