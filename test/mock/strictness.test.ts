import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import { CHECKS, type Check } from '../../src/protocol/checks.ts'
import { assertion, assertionForm, type ClientKey, makeKey } from '../support/assertion.ts'
import { basic, decode, post } from '../support/http.ts'
import { startLogged } from '../support/logged.ts'
import { LOGIN_MISTAKES } from '../support/login_mistakes.ts'

const CLIENTS = [
  { client_id: 'orders', client_secret: 's3cret', scope: 'read' },
  { client_id: 'post-only', client_secret: 's3cret', token_endpoint_auth_method: 'client_secret_post' },
  { client_id: 'no-grant', client_secret: 's3cret', grant_types: [] },
]
const GRANT = { grant_type: 'client_credentials' }
const ME = basic('orders', 's3cret')

interface Mistake {
  readonly check: Check
  readonly what: string
  readonly refusal: readonly [status: number, error: string]
  /** Sends the request; gives the last answer. */
  readonly send: (issuer: string, key: ClientKey) => Promise<Awaited<ReturnType<typeof post>>>
}

/** An assertion of the client `partner` with one mistake. */
const assert = (claims: object) => async (issuer: string, key: ClientKey) => {
  const jwt = await assertion({ client: 'partner', aud: issuer, key: key.privateKey, claims: { ...claims } })
  return await post(`${issuer}/token`, assertionForm(jwt))
}

const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** At least one for every check. */
const MISTAKES: readonly Mistake[] = [
  {
    check: 'client_secret',
    what: 'a wrong secret',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, GRANT, basic('orders', 'wrong')),
  },
  {
    check: 'client_secret',
    what: 'no secret',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_id: 'orders' }),
  },
  {
    check: 'client_secret',
    what: 'no assertion',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_id: 'partner' }),
  },
  {
    check: 'client_auth_method',
    what: 'a method that the client did not register',
    refusal: [401, 'invalid_client'],
    send: (issuer) => post(`${issuer}/token`, GRANT, basic('post-only', 's3cret')),
  },
  {
    check: 'client_auth_method',
    what: 'two methods at once',
    refusal: [400, 'invalid_request'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, client_secret: 's3cret' }, ME),
  },
  {
    check: 'grant_type',
    what: 'a grant that the client did not register',
    refusal: [400, 'unauthorized_client'],
    send: (issuer) => post(`${issuer}/token`, GRANT, basic('no-grant', 's3cret')),
  },
  {
    check: 'scope',
    what: 'an unknown scope',
    refusal: [400, 'invalid_scope'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, scope: 'admin' }, ME),
  },
  {
    check: 'resource',
    what: 'an unknown resource',
    refusal: [400, 'invalid_target'],
    send: (issuer) => post(`${issuer}/token`, { ...GRANT, resource: 'https://x.example' }, ME),
  },
  {
    check: 'content_type',
    what: 'a JSON body',
    refusal: [400, 'invalid_request'],
    send: (issuer) =>
      post(`${issuer}/token`, JSON.stringify(GRANT), { ...ME, 'content-type': 'application/json' }),
  },
  {
    check: 'duplicate_parameter',
    what: 'a parameter that comes twice',
    refusal: [400, 'invalid_request'],
    send: (issuer) => post(`${issuer}/token`, 'grant_type=client_credentials&scope=read&scope=read', ME),
  },
  {
    check: 'assertion_replay',
    what: 'an assertion that was used',
    refusal: [401, 'invalid_client'],
    async send(issuer, key) {
      const jwt = await assertion({ client: 'partner', aud: issuer, key: key.privateKey })
      expect((await post(`${issuer}/token`, assertionForm(jwt))).status).toBe(200)
      return await post(`${issuer}/token`, assertionForm(jwt))
    },
  },
  ...Object.entries({
    'another aud': { aud: 'https://x.example' },
    'no exp': { exp: undefined },
    'an exp in the past': { exp: soon(-600) },
    'an nbf ahead': { nbf: soon(600) },
    'no jti': { jti: undefined },
    'another sub': { sub: 'alice' },
  }).map(([what, claims]): Mistake => {
    return { check: 'client_assertion', what, refusal: [401, 'invalid_client'], send: assert(claims) }
  }),
  {
    check: 'client_assertion',
    what: 'no client_assertion_type',
    refusal: [401, 'invalid_client'],
    async send(issuer, key) {
      const client_assertion = await assertion({ client: 'partner', aud: issuer, key: key.privateKey })
      return await post(`${issuer}/token`, { ...GRANT, client_assertion })
    },
  },
  {
    check: 'client_assertion',
    what: 'another client_assertion_type',
    refusal: [401, 'invalid_client'],
    async send(issuer, key) {
      const jwt = await assertion({ client: 'partner', aud: issuer, key: key.privateKey })
      return await post(`${issuer}/token`, { ...assertionForm(jwt), client_assertion_type: 'urn:x' })
    },
  },
]

const TITLES = MISTAKES.map((mistake) => [mistake.check, mistake.what, mistake] as const)

type Strictness = NonNullable<ConfigInput['strictness']>

async function start(key: ClientKey, strictness: Strictness) {
  const partner = { client_id: 'partner', jwks: { keys: [key.jwk] } }
  return await startLogged({ strictness, keys: [{ alg: 'ES256' }], clients: [...CLIENTS, partner] })
}

describe('strictness', () => {
  it('has a mistake here, or where users sign in, for every check', () => {
    const made = [...MISTAKES, ...LOGIN_MISTAKES].map(({ check }) => check)
    expect([...new Set(made)].sort()).toEqual(Object.keys(CHECKS).sort())
  })

  it.each(TITLES)('strict: %s refuses %s', async (_check, _what, { send, refusal }) => {
    const key = await makeKey()
    await using idp = await start(key, 'strict')
    const { status, body } = await send(idp.issuer, key)
    expect([status, body.error]).toEqual(refusal)
    expect(idp.notes()).toEqual([])
    expect(idp.entries.at(-1)?.exchange.description).toBe(body.error_description)
  })

  it.each(TITLES)('warn and lax: %s lets %s pass, with one note', async (check, _what, { send }) => {
    const key = await makeKey()
    await using strict = await start(key, 'strict')
    const text = (await send(strict.issuer, key)).body.error_description as string
    for (const level of ['warn', 'lax'] as const) {
      await using idp = await start(key, level)
      const { status, body } = await send(idp.issuer, key)
      expect([status, body.token_type]).toEqual([200, 'Bearer'])
      expect(idp.notes()).toEqual([{ level, check, text: expect.any(String) }])
      // What a strict provider would have said, up to what differs from run to run.
      expect(idp.notes()[0]?.text.slice(0, 20)).toBe(text.slice(0, 20))
    }
  })

  it.each(TITLES)('a map: %s alone is what lets %s pass', async (check, _what, { send, refusal }) => {
    const key = await makeKey()
    await using only = await start(key, { default: 'strict', [check]: 'warn' })
    expect((await send(only.issuer, key)).status).toBe(200)
    await using allBut = await start(key, { default: 'lax', [check]: 'strict' })
    const { status, body } = await send(allBut.issuer, key)
    expect([status, body.error]).toEqual(refusal)
  })

  it('leaves no note where nothing was wrong', async () => {
    const key = await makeKey()
    await using idp = await start(key, 'lax')
    await post(`${idp.issuer}/token`, { ...GRANT, scope: 'read' }, ME)
    expect(idp.notes()).toEqual([])
    expect(idp.entries).toHaveLength(1)
  })

  it('puts no secret into a note or an entry', async () => {
    const key = await makeKey()
    await using idp = await start(key, 'warn')
    await post(`${idp.issuer}/token`, { ...GRANT, scope: 'nope' }, basic('orders', 'hunter2-is-wrong'))
    expect(idp.notes()).toHaveLength(2)
    expect(JSON.stringify(idp.entries)).not.toMatch(/hunter2|s3cret/)
  })
})

describe('what no strictness lets pass', () => {
  it.each([
    ['an unknown client', GRANT, basic('nobody', 's3cret'), [401, 'invalid_client']],
    ['a secret of a client that has none', GRANT, basic('spa', 's3cret'), [401, 'invalid_client']],
    ['a public client', { ...GRANT, client_id: 'spa' }, {}, [400, 'unauthorized_client']],
    ['an unknown grant', { grant_type: 'telepathy' }, ME, [400, 'unsupported_grant_type']],
    ['an illegal scope', { ...GRANT, scope: 'a"b' }, ME, [400, 'invalid_scope']],
    ['a relative resource', { ...GRANT, resource: '/x' }, ME, [400, 'invalid_target']],
    [
      'a resource with a fragment',
      { ...GRANT, resource: 'https://x.example/#a' },
      ME,
      [400, 'invalid_target'],
    ],
    [
      'an assertion without signature',
      assertionForm('eyJhbGciOiJub25lIn0.e30.'),
      {},
      [401, 'invalid_client'],
    ],
  ])('is %s', async (_what, form, headers, refusal) => {
    await using idp = await startLogged({
      strictness: 'lax',
      keys: [{ alg: 'ES256' }],
      clients: [...CLIENTS, { client_id: 'spa' }],
    })
    const { status, body } = await post(`${idp.issuer}/token`, form, headers as Record<string, string>)
    expect([status, body.error]).toEqual(refusal)
  })

  it('is a signature by another key', async () => {
    const [key, other] = [await makeKey(), await makeKey()]
    await using idp = await start(key, 'lax')
    const jwt = await assertion({ client: 'partner', aud: idp.issuer, key: other.privateKey })
    const { status, body } = await post(`${idp.issuer}/token`, assertionForm(jwt))
    expect([status, body.error]).toEqual([401, 'invalid_client'])
  })

  it('is told apart by tenant', async () => {
    await using idp = await startLogged({
      strictness: { scope: 'lax' },
      keys: [{ alg: 'ES256' }],
      tenants: {
        loose: { clients: [CLIENTS[0]!] },
        tight: { strictness: 'strict', clients: [CLIENTS[0]!] },
      },
    })
    const base = idp.issuer.replace('/loose', '')
    const form = { ...GRANT, scope: 'read admin' }
    const loose = await post(`${base}/loose/token`, form, ME)
    const tight = await post(`${base}/tight/token`, form, ME)
    expect([loose.status, tight.status]).toEqual([200, 400])
    expect(decode(String(loose.body.access_token)).claims.scope).toBe('read')
  })
})
