import { importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ConfigInput, startIdp } from '../../src/index.ts'
import { ask } from '../support/control_calls.ts'
import { get } from '../support/http.ts'
import { isActive, KeyCalls, kidOf, publishedKids } from '../support/key_calls.ts'

const BATCH: [string, string] = ['batch', 's3cret']

async function start(config: ConfigInput = {}) {
  const idp = await startIdp({
    clients: [{ client_id: BATCH[0], client_secret: BATCH[1] }],
    users: [{ username: 'alice' }],
    ...config,
  })
  const { issuer } = idp
  return {
    ...{ idp, keys: new KeyCalls(idp) },
    token: () => idp.token({ client: BATCH[0] }),
    isActive: (token: string) => isActive(issuer, token, BATCH),
    published: () => publishedKids(issuer),
    [Symbol.asyncDispose]: () => idp.stop(),
  }
}

const statuses = (keys: readonly { readonly status: string }[]) => keys.map(({ status }) => status)

describe('/_mock/keys', () => {
  it('lists the keys, and shows the public half of one', async () => {
    await using op = await start({
      keys: [{ alg: 'RS256' }, { alg: 'ES256', status: 'hidden', kid: 'spare' }],
    })
    const [first, second] = await op.keys.list()
    expect([first, second]).toEqual([
      { kid: kidOf(await op.token()), alg: 'RS256', status: 'active' },
      { kid: 'spare', alg: 'ES256', status: 'hidden' },
    ])
    const { body, text } = await op.keys.call('GET', `/${first?.kid}`)
    const key = await importJWK(body['jwk'] as Record<string, string>, 'RS256')
    expect((await jwtVerify(await op.token(), key)).payload.iss).toBe(op.idp.issuer)
    expect(text).not.toMatch(/"(d|p|q|dp|dq|qi)":/)
    expect((await op.keys.call('GET', '/none')).body['detail']).toMatch(/there is no key none; there are /)
  })

  it('rotates at once: a new key signs, the old one stays in the JWKS and verifies', async () => {
    await using op = await start()
    const [old] = await op.keys.list()
    const token = await op.token()
    const [fresh, former] = await op.keys.rotate()
    expect([fresh?.status, former]).toEqual(['active', { ...old, status: 'published' }])
    expect(kidOf(await op.token())).toBe(fresh?.kid)
    expect(await op.published()).toEqual([fresh?.kid, old?.kid])
    expect([await op.isActive(token), await op.isActive(await op.token())]).toEqual([true, true])
  })

  it('goes through the life of a key step by step', async () => {
    await using op = await start()
    const token = await op.token()
    const old = kidOf(token)
    expect(statuses(await op.keys.rotate({ step: 'publish' }))).toEqual(['published', 'active'])
    expect(kidOf(await op.token())).toBe(old)
    expect(await op.published()).toHaveLength(2)
    const [fresh] = await op.keys.rotate({ step: 'activate' })
    expect(kidOf(await op.token())).toBe(fresh?.kid)
    expect(statuses(await op.keys.rotate({ step: 'retire' }))).toEqual(['active', 'hidden'])
    expect([await op.published(), await op.isActive(token)]).toEqual([[fresh?.kid], true])
    expect(await op.keys.rotate({ step: 'withdraw' })).toEqual([fresh])
    expect([await op.isActive(token), await op.isActive(await op.token())]).toEqual([false, true])
  })

  it.each([
    ['activate', 'no RS256 key waits to sign; rotate with step publish first'],
    ['retire', /nothing to retire/],
    ['withdraw', 'no RS256 key is hidden; rotate with step retire first'],
  ])('refuses to %s with 409 where there is nothing', async (step, detail) => {
    await using op = await start()
    const { status, body } = await op.keys.call('POST', '/rotate', { step })
    expect([status, body['detail']]).toEqual([
      409,
      typeof detail === 'string' ? detail : expect.stringMatching(detail),
    ])
  })

  it('keeps a published key that has not signed yet when older ones retire', async () => {
    await using op = await start()
    await op.keys.rotate()
    await op.keys.rotate({ step: 'publish' })
    expect(statuses(await op.keys.rotate({ step: 'retire' }))).toEqual(['published', 'active', 'hidden'])
  })

  it('withdraws the hidden keys of one algorithm alone', async () => {
    const keys = ['RS256', 'ES256'].map((alg) => ({ alg, status: 'hidden' as const }))
    await using op = await start({ keys: [{ alg: 'RS256' }, ...keys] })
    const left = await op.keys.rotate({ alg: 'ES256', step: 'withdraw' })
    expect(left.map(({ alg, status }) => `${alg} ${status}`)).toEqual(['RS256 active', 'RS256 hidden'])
  })

  it('keeps a published key where none of its algorithm signs yet', async () => {
    await using op = await start({ keys: [{ alg: 'RS256' }, { alg: 'ES256', status: 'published' }] })
    const { status } = await op.keys.call('POST', '/rotate', { alg: 'ES256', step: 'retire' })
    expect([status, statuses(await op.keys.list())]).toEqual([409, ['active', 'published']])
  })

  it('rotates each algorithm by itself; one that is new is in the discovery document at once', async () => {
    await using op = await start()
    const supported = async () =>
      (await get(`${op.idp.issuer}/.well-known/openid-configuration`)).body[
        'id_token_signing_alg_values_supported'
      ]
    expect(await supported()).toEqual(['RS256'])
    const [rsa] = await op.keys.list()
    const keys = await op.keys.rotate({ alg: 'ES256' })
    expect(keys.map(({ alg, status }) => [alg, status])).toEqual([
      ['RS256', 'active'],
      ['ES256', 'active'],
    ])
    expect(await supported()).toEqual(['RS256', 'ES256'])
    expect(kidOf(await op.token())).toBe(rsa?.kid)
    await op.keys.rotate({ alg: 'ES256' })
    expect((await op.keys.list()).map(({ alg, status }) => `${alg} ${status}`)).toEqual([
      'RS256 active',
      'ES256 active',
      'ES256 published',
    ])
  })

  it('loses no step where several come at once', async () => {
    await using op = await start()
    await Promise.all(Array.from({ length: 4 }, () => op.keys.rotate({ alg: 'EdDSA' })))
    const edwards = (await op.keys.list()).filter(({ alg }) => alg === 'EdDSA')
    expect(statuses(edwards)).toEqual(['active', 'published', 'published', 'published'])
    expect(new Set(edwards.map(({ kid }) => kid)).size).toBe(4)
  })

  it('has 20 keys at most', async () => {
    await using op = await start()
    for (let count = 1; count < 20; count += 1) await op.keys.rotate({ alg: 'EdDSA', step: 'publish' })
    const { status, body } = await op.keys.call('POST', '/rotate', { alg: 'EdDSA' })
    expect([status, body['detail']]).toEqual([409, expect.stringContaining('20 at most')])
    expect(await op.keys.list()).toHaveLength(20)
  })

  it('reset gives the configured keys back, and the usual Cache-Control', async () => {
    await using op = await start()
    const [configured] = await op.keys.list()
    await op.keys.rotate()
    await op.keys.call('PATCH', '', { cache_control: 'max-age=60' })
    expect((await ask('POST', `${op.idp.url}/_mock/reset`)).status).toBe(204)
    expect(await op.keys.list()).toEqual([configured])
    expect((await get(`${op.idp.issuer}/jwks.json`)).headers.get('cache-control')).toBe('no-cache')
  })

  it('changes the keys of one tenant alone, though all share them to begin with', async () => {
    await using op = await start({ tenants: { one: {}, two: {} }, clients: undefined, users: undefined })
    const [one, two] = ['one', 'two'].map((tenant) => new KeyCalls(op.idp, tenant))
    const before = await two?.list()
    await one?.rotate()
    expect(await two?.list()).toEqual(before)
    expect(statuses((await one?.list()) ?? [])).toEqual(['active', 'published'])
    const { id } = (await ask('POST', `${op.idp.url}/_mock/sandboxes?tenant=one`)).body
    const inside = new KeyCalls(op.idp, String(id))
    expect(await inside.list()).toEqual(before)
    await inside.rotate()
    expect(await two?.list()).toEqual(before)
  })
})
