/** The provider that the model is held against, with its clients and one browser. */
import { createHash } from 'node:crypto'
import { createClock } from '../../src/clock.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { MemoryStore } from '../../src/store/memory_store.ts'
import { authorizeUrl, Browser } from '../support/browser.ts'
import { basic, get } from '../support/http.ts'
import { resolved } from '../support/logged.ts'
import { openConnections } from '../support/post_many.ts'
import { makeTenant, serve } from '../support/serve.ts'
import { SlowStore } from '../support/slow_store.ts'
import { bearer } from '../support/token.ts'
import type { AuthRequest, ClientId } from './model.ts'

const REDIRECT = 'https://app.test/cb'
const SECRETS: Readonly<Record<string, string>> = {
  web: 's3cret-of-web',
  legacy: 's3cret-of-legacy',
  api: 's3cret-of-api',
}

const KEYS = createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], { slot: 'model' })

const CLIENT = {
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'read write',
}

const CONFIG = await resolved({
  clients: [
    { ...CLIENT, client_id: 'spa' },
    {
      ...CLIENT,
      client_id: 'web',
      client_secret: SECRETS['web'],
      consent: true,
      access_token: { format: 'opaque' },
    },
    { ...CLIENT, client_id: 'legacy', client_secret: SECRETS['legacy'], refresh_token: { rotate: false } },
    { client_id: 'api', client_secret: SECRETS['api'], introspection: 'any' },
  ],
  users: ['alice', 'bob'].map((username) => ({ username, sub: `sub-of-${username}` })),
})

const challenge = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** Its clock stands still but for the model's own steps. `reached` counts what came of the steps. */
export async function startReal(store: 'memory' | 'slow', reached: Map<string, number>) {
  const clock = createClock(() => 1_700_000_000_000)
  const tenant = makeTenant(CONFIG.tenants[0]!, {
    clock,
    keys: KEYS,
    store: store === 'slow' ? new SlowStore(clock) : new MemoryStore(clock),
  })
  const provider = await serve(CONFIG, [tenant])
  const { url } = provider
  const browser = new Browser(url)
  const connections = openConnections(16)
  const note = (what: string) => void reached.set(what, (reached.get(what) ?? 0) + 1)
  const send = async (path: string, form: Record<string, string>, client: ClientId | 'api') => {
    const secret = SECRETS[client]
    const sent =
      secret === undefined
        ? { form: { ...form, client_id: client } }
        : { form, headers: basic(client, secret) }
    const { status, headers, text } = await connections.post(`${url}${path}`, sent)
    note(`${path} ${headers['x-mock-reason'] ?? status}`)
    return { status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
  }
  return {
    clock,
    browser,
    url,
    note,
    authorize: ({ client, scopes, prompt, verifier }: AuthRequest) =>
      browser.open(
        authorizeUrl(url, {
          client_id: client,
          redirect_uri: REDIRECT,
          scope: scopes.join(' '),
          prompt,
          code_challenge: challenge(verifier),
          code_challenge_method: 'S256',
        }),
      ),
    redeem: (code: string, client: ClientId, code_verifier: string) =>
      send(
        '/token',
        { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier },
        client,
      ),
    refresh: (refresh_token: string, client: ClientId, scope: string) =>
      send('/token', { grant_type: 'refresh_token', refresh_token, ...(scope !== '' && { scope }) }, client),
    revoke: (token: string, client: ClientId) => send('/revoke', { token }, client),
    introspect: (token: string, client: ClientId | 'api') => send('/introspect', { token }, client),
    userinfo: (token: string) => get(`${url}/userinfo`, bearer(token)),
    async stop() {
      connections.close()
      await provider[Symbol.asyncDispose]()
    },
  }
}

export type Real = Awaited<ReturnType<typeof startReal>>
