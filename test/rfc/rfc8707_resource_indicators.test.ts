import { describe, expect, it } from 'vitest'
import { startIdp } from '../../src/index.ts'
import { basic, decode, post } from '../support/http.ts'

const A = 'https://a.example.test'
const B = 'https://b.example.test/v1'
const ME = basic('orders', 's3cret')

const start = () =>
  startIdp({
    resources: [
      { identifier: A, scopes: ['a:read', 'both'], roles: ['a-admin'] },
      { identifier: B, scopes: ['b:read', 'both'], roles: ['b-admin'] },
      { identifier: 'urn:example:opaque', access_token: { format: 'opaque' } },
    ],
    clients: [
      {
        client_id: 'orders',
        client_secret: 's3cret',
        scope: 'a:read b:read both',
        roles: ['a-admin', 'b-admin', 'own'],
      },
    ],
  })

type Pairs = [string, string][]
const grant = (...pairs: Pairs): Pairs => [['grant_type', 'client_credentials'], ...pairs]

describe('RFC 8707 §2 Resource Parameter', () => {
  it('makes the resource the aud', async () => {
    await using idp = await start()
    const { body } = await post(`${idp.issuer}/token`, grant(['resource', A]), ME)
    expect(decode(String(body.access_token)).claims.aud).toBe(A)
  })

  it('takes several, in their order, each once', async () => {
    await using idp = await start()
    const form = grant(['resource', B], ['resource', A], ['resource', B])
    const { status, body } = await post(`${idp.issuer}/token`, form, ME)
    expect(status).toBe(200)
    expect(decode(String(body.access_token)).claims.aud).toEqual([B, A])
  })

  it.each([
    ['that is not declared', 'https://unknown.example'],
    ['that differs by a slash', `${A}/`],
    ['that differs by letter case', A.toUpperCase()],
    ['with a fragment', `${A}#part`],
    ['with an empty fragment', `${A}#`],
    ['that is relative', '/v1/orders'],
    ['that is no URI', 'orders'],
  ])('refuses a resource %s with invalid_target', async (_what, resource) => {
    await using idp = await start()
    const answer = await post(`${idp.issuer}/token`, grant(['resource', resource]), ME)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  it('refuses all where one of several is unknown', async () => {
    await using idp = await start()
    const form = grant(['resource', A], ['resource', 'https://unknown.example'])
    const answer = await post(`${idp.issuer}/token`, form, ME)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  it('takes audience as another name, also for what is no URI', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: 'orders-api' }],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const answer = await post(`${idp.issuer}/token`, grant(['audience', 'orders-api']), ME)
    expect(decode(String(answer.body.access_token)).claims.aud).toBe('orders-api')
    const unknown = await post(`${idp.issuer}/token`, grant(['audience', 'other-api']), ME)
    expect(unknown).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  it('knows a resource by its id too', async () => {
    await using idp = await startIdp({
      resources: [{ identifier: A, id: 'urn:example:id' }],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const { status } = await post(`${idp.issuer}/token`, grant(['resource', 'urn:example:id']), ME)
    expect(status).toBe(200)
  })
})

describe('RFC 8707 §2.2 Access Token Request', () => {
  it.each([
    [A, 'a:read both'],
    [B, 'b:read both'],
  ])('keeps of the scope what belongs to %s', async (resource, scope) => {
    await using idp = await start()
    const { body } = await post(`${idp.issuer}/token`, grant(['resource', resource]), ME)
    expect(body.scope).toBe(scope)
    expect(decode(String(body.access_token)).claims.scope).toBe(scope)
  })

  it('leaves scope out where nothing of it belongs to the resource', async () => {
    await using idp = await start()
    const form = grant(['resource', A], ['scope', 'b:read'])
    const { status, body } = await post(`${idp.issuer}/token`, form, ME)
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('scope')
    expect(decode(String(body.access_token)).claims).not.toHaveProperty('scope')
  })

  it('keeps of the roles what belongs to the resource, and what nobody declares', async () => {
    await using idp = await start()
    const { body } = await post(`${idp.issuer}/token`, grant(['resource', A]), ME)
    expect(decode(String(body.access_token)).claims.roles).toEqual(['a-admin', 'own'])
  })

  it('refuses resources that want tokens of different formats together', async () => {
    await using idp = await start()
    const form = grant(['resource', A], ['resource', 'urn:example:opaque'])
    const answer = await post(`${idp.issuer}/token`, form, ME)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect(answer.body.error_description).toMatch(/different format; ask for one token each/)
    const alone = await post(`${idp.issuer}/token`, grant(['resource', 'urn:example:opaque']), ME)
    expect(String(alone.body.access_token)).not.toContain('.')
  })

  it('refuses resources that want different algorithms together', async () => {
    await using idp = await startIdp({
      keys: [{ alg: 'RS256' }, { alg: 'ES256' }],
      resources: [
        { identifier: A, access_token: { signing_alg: 'RS256' } },
        { identifier: B, access_token: { signing_alg: 'ES256' } },
      ],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const answer = await post(`${idp.issuer}/token`, grant(['resource', A], ['resource', B]), ME)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  it('sees no conflict where one resource says what is the default for the other', async () => {
    await using idp = await startIdp({
      keys: [{ alg: 'RS256' }, { alg: 'ES256' }],
      resources: [
        { identifier: A },
        { identifier: B, access_token: { format: 'jwt', signing_alg: 'RS256' } },
      ],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const { status, body } = await post(`${idp.issuer}/token`, grant(['resource', A], ['resource', B]), ME)
    expect(status).toBe(200)
    expect(decode(String(body.access_token)).header.alg).toBe('RS256')
  })

  it('gives a token for several resources the shortest of their lifetimes', async () => {
    await using idp = await startIdp({
      resources: [
        { identifier: A, access_token: { lifetime: '10m' } },
        { identifier: B, access_token: { lifetime: '2m' } },
      ],
      clients: [{ client_id: 'orders', client_secret: 's3cret' }],
    })
    const { body } = await post(`${idp.issuer}/token`, grant(['resource', A], ['resource', B]), ME)
    expect(body.expires_in).toBe(120)
  })
})
