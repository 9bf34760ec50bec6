import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { MemoryStore } from '../../src/store/memory_store.ts'
import type { Kind } from '../../src/store/store.ts'
import { answerAt, authorizeUrl, Browser, redeem, signIn } from '../support/browser.ts'
import { basic, get, post } from '../support/http.ts'
import { resolved } from '../support/logged.ts'
import { openConnections } from '../support/post_many.ts'
import { makeTenant, serve } from '../support/serve.ts'

const MOST = 300
const REDIRECT = 'https://app.test/cb'
const APP = { client_id: 'app', redirect_uri: REDIRECT }
const GRANTS = ['authorization_code', 'refresh_token'] as const
const KEYS = createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], { slot: 'memory' })

/** A provider that keeps few records of each kind, and what it had to let go. */
async function start(more: ConfigInput = {}) {
  const config = await resolved({
    clients: [
      {
        client_id: 'app',
        token_endpoint_auth_method: 'none',
        redirect_uris: [REDIRECT],
        require_pkce: false,
      },
    ],
    users: [{ username: 'alice' }],
    ...more,
  })
  const clock = createClock()
  const evicted: Partial<Record<Kind, number>> = {}
  const store = new MemoryStore(clock, {
    entries: MOST,
    evicted: (kind) => {
      evicted[kind] = (evicted[kind] ?? 0) + 1
    },
  })
  const provider = await serve(config, [makeTenant(config.tenants[0]!, { clock, store, keys: KEYS })])
  return {
    url: provider.url,
    clock,
    store,
    evicted,
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  }
}

/** Sends so many authorization requests; gives the places that they lead to, and the largest size of the store. */
async function ask(times: number, { url, store }: Pick<Awaited<ReturnType<typeof start>>, 'url' | 'store'>) {
  const connections = openConnections(20)
  const form = { response_type: 'code', scope: 'openid', ...APP }
  const places: string[] = []
  let most = 0
  const one = async () => {
    const { status, headers } = await connections.post(`${url}/authorize`, { form })
    expect(status).toBe(303)
    places.push(new URL(String(headers['location']), `${url}/authorize`).href)
    most = Math.max(most, store.size)
  }
  for (let sent = 0; sent < times; sent += 100) await Promise.all(Array.from({ length: 100 }, one))
  connections.close()
  return { places, most }
}

describe('logins that nobody finishes', () => {
  it('fill the store to its limit and no further, 20,000 of them, and the newest can be finished', async () => {
    await using provider = await start()
    const { url, store, evicted } = provider
    const { places, most } = await ask(20_000, provider)
    expect([most, store.size, evicted]).toEqual([MOST, MOST, { interaction: 20_000 - MOST }])

    const browser = new Browser(url)
    const oldest = await browser.open(places[0] ?? '')
    expect([oldest.status, oldest.headers.get('x-mock-reason')]).toEqual([400, 'interaction.unknown'])
    const page = await browser.open(places.at(-1) ?? '')
    const code = answerAt(await browser.submit(page, { user: 'alice' })).get('code') ?? ''
    const tokens = await redeem(url, { code, ...APP })
    expect(tokens).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
  })

  it('are gone an hour later without a timer', async () => {
    await using provider = await start()
    await ask(MOST, provider)
    provider.clock.advance(3600)
    await ask(100, provider)
    await ask(100, provider)
    expect([provider.store.size < MOST, provider.evicted]).toEqual([true, {}])
  })
})

describe('codes and sessions that nobody uses', () => {
  it('fill the store to its limit and no further, 5,000 of them, and the newest is good', async () => {
    await using provider = await start({ login: { mode: 'auto' } })
    const { url, evicted } = provider
    const { places, most } = await ask(5_000, provider)
    // Sessions and codes; nothing else is kept of such a login.
    expect(most).toBe(2 * MOST)
    expect(evicted).toEqual({ code: 5_000 - MOST, session: 5_000 - MOST })
    const code = (at: number) => new URL(places.at(at) ?? '').searchParams.get('code') ?? ''
    expect(await redeem(url, { code: code(0), ...APP })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await redeem(url, { code: code(-1), ...APP })).toMatchObject({ status: 200 })
  })
})

describe('what has ended', () => {
  const LONG = { access_token: '1000d', refresh_token: '1000d' }

  it.each(['revoke', 'logout'])('stays so for as long as any token could live: %s', async (how) => {
    await using provider = await start({
      lifetimes: LONG,
      clients: [
        { client_id: 'app', client_secret: 's3cret', redirect_uris: [REDIRECT], grant_types: [...GRANTS] },
      ],
    })
    const { url, clock } = provider
    const credentials = basic('app', 's3cret')
    const page = await signIn(new Browser(url), authorizeUrl(url, APP))
    const code = answerAt(page).get('code') ?? ''
    const { body } = await redeem(url, { code, redirect_uri: REDIRECT }, credentials)
    if (how === 'revoke') await post(`${url}/revoke`, { token: String(body.refresh_token) }, credentials)
    else await get(`${url}/logout?id_token_hint=${String(body.id_token)}`)
    for (const days of [0, 400, 500]) {
      clock.advance(days * 86_400)
      for (const token of [body.access_token, body.refresh_token])
        expect((await post(`${url}/introspect`, { token: String(token) }, credentials)).body).toEqual({
          active: false,
        })
    }
  })
})
