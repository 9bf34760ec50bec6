import { describe, expect, it } from 'vitest'
import type { ConfigInput } from '../../src/index.ts'
import { CHECKS } from '../../src/protocol/checks.ts'
import { assertion, assertionForm, type ClientKey, makeKey } from '../support/assertion.ts'
import { CLIENTS, GRANT, ME, MISTAKES } from '../support/client_mistakes.ts'
import { basic, decode, post } from '../support/http.ts'
import { startLogged } from '../support/logged.ts'
import { LOGIN_MISTAKES } from '../support/login_mistakes.ts'

const TITLES = MISTAKES.map((mistake) => [mistake.check, mistake.what, mistake] as const)

type Strictness = NonNullable<ConfigInput['strictness']>

async function start(key: ClientKey, strictness: Strictness, { clients = [], ...more }: ConfigInput = {}) {
  const partner = { client_id: 'partner', jwks: { keys: [key.jwk] } }
  const usual = { strictness, keys: [{ alg: 'ES256' as const }] }
  return await startLogged({ ...usual, ...more, clients: [...CLIENTS, partner, ...clients] })
}

describe('strictness', () => {
  it('has a mistake here, or where users sign in, for every check', () => {
    const made = [...MISTAKES, ...LOGIN_MISTAKES].map(({ check }) => check)
    expect([...new Set(made)].sort()).toEqual(Object.keys(CHECKS).sort())
  })

  it.each(TITLES)('strict: %s refuses %s', async (_check, _what, { send, refusal, config }) => {
    const key = await makeKey()
    await using idp = await start(key, 'strict', config)
    const { status, body } = await send(idp.issuer, key)
    expect([status, body.error]).toEqual(refusal)
    expect(idp.notes()).toEqual([])
    expect(idp.entries.at(-1)?.exchange.description).toBe(body.error_description)
  })

  it.each(TITLES)('warn and lax: %s lets %s pass, with one note', async (check, _what, { send, config }) => {
    const key = await makeKey()
    await using strict = await start(key, 'strict', config)
    const text = (await send(strict.issuer, key)).body.error_description as string
    for (const level of ['warn', 'lax'] as const) {
      await using idp = await start(key, level, config)
      const { status, body } = await send(idp.issuer, key)
      expect([status, body.token_type]).toEqual([200, 'Bearer'])
      expect(idp.notes()).toEqual([{ level, check, text: expect.any(String) }])
      // What a strict provider would have said, up to what differs from run to run.
      expect(idp.notes()[0]?.text.slice(0, 20)).toBe(text.slice(0, 20))
    }
  })

  it.each(TITLES)('a map: %s alone is what lets %s pass', async (check, _what, { send, refusal, config }) => {
    const key = await makeKey()
    await using only = await start(key, { default: 'strict', [check]: 'warn' }, config)
    expect((await send(only.issuer, key)).status).toBe(200)
    await using allBut = await start(key, { default: 'lax', [check]: 'strict' }, config)
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
