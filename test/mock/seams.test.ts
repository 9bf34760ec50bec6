import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import type { ConfigInput } from '../../src/config/input.ts'
import type { Hooks, Situation } from '../../src/hooks.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { Literal } from '../../src/protocol/json.ts'
import { withParam } from '../../src/protocol/params.ts'
import { assertion, assertionForm, makeKey } from '../support/assertion.ts'
import { basic, decode, get, post, requestToken } from '../support/http.ts'
import { resolved } from '../support/logged.ts'
import { makeTenant, serve } from '../support/serve.ts'
import { SlowStore } from '../support/slow_store.ts'

const ME = ['orders', 's3cret'] as const
const CLIENT = { client_id: 'orders', client_secret: 's3cret', scope: 'read', introspection: 'any' as const }

const KEYS = createKeySet(
  [
    { alg: 'EdDSA', kid: 'shown', status: 'active', at: 'keys[0]' },
    { alg: 'EdDSA', kid: 'unseen', status: 'hidden', at: 'keys[1]' },
  ],
  { slot: 'seams' },
)

/** A provider where time stands still and nothing is random, so that only a hook can change what it says. */
async function serveBent(...hooks: readonly Hooks[]) {
  const config = await resolved({ issuer: { url: 'https://idp.test' }, clients: [CLIENT] })
  const random = { uuid: () => 'uuid', token: () => 'token', alphanumeric: () => 'token', of: () => 'token' }
  const clock = createClock(() => 1_700_000_000_000)
  const tenant = makeTenant(config.tenants[0]!, { clock, random, keys: KEYS })
  return await serve(config, [{ ...tenant, hooks: [...tenant.hooks, ...hooks] }])
}

/** Everything that a client of the provider can see, part by part. */
async function observe(url: string) {
  const metadata = await get(`${url}/.well-known/openid-configuration`)
  const jwks = await get(`${url}/jwks.json`)
  const answer = await post(`${url}/token`, { grant_type: 'client_credentials' }, basic(...ME))
  const token = String(answer.body.access_token)
  const [header, claims, signature, ...rest] = token.split('.')
  return {
    metadata: metadata.text.replaceAll(url, ''),
    jwks: jwks.text,
    answer: `${answer.status} ${Object.keys(answer.body)} ${answer.headers.get('x-bent')}`,
    header: Buffer.from(header ?? '', 'base64url').toString(),
    claims: Buffer.from(claims ?? '', 'base64url')
      .toString()
      .replaceAll(url, ''),
    signature,
    rest: rest.join('.'),
  }
}

type Seen = Awaited<ReturnType<typeof observe>>

async function bentParts(hooks: Hooks): Promise<{ changed: string[]; seen: Seen }> {
  await using straight = await serveBent()
  await using bent = await serveBent(hooks)
  const [before, seen] = [await observe(straight.url), await observe(bent.url)]
  const names = Object.keys(before) as (keyof Seen)[]
  return { changed: names.filter((name) => before[name] !== seen[name]), seen }
}

describe('a hook', () => {
  it('that does nothing changes nothing', async () => {
    const same = <T>(draft: T) => draft
    const hooks = {
      request: same,
      claims: same,
      header: same,
      key: same,
      jwks: same,
      metadata: same,
      response: same,
    }
    expect((await bentParts({ ...hooks, signature: same, text: same })).changed).toEqual([])
  })

  it('at claims bends the claims, as ordered members with duplicates and literals', async () => {
    const { changed, seen } = await bentParts({
      claims: (draft) => [
        { name: 'first', value: 1 },
        ...draft.filter(({ name }) => name !== 'exp'),
        { name: 'exp', value: new Literal('1e400') },
        { name: 'sub', value: 'alice' },
      ],
    })
    expect(changed).toEqual(['claims', 'signature'])
    expect(seen.claims).toMatch(
      /^\{"first":1,"iss":"https:\/\/idp\.test","sub":"orders",.*,"exp":1e400,"sub":"alice"\}$/,
    )
  })

  it('at header bends the header', async () => {
    const { changed, seen } = await bentParts({
      header: (draft) => [...draft, { name: 'alg', value: 'none' }],
    })
    expect(changed).toEqual(['header', 'signature'])
    expect(seen.header).toBe('{"typ":"at+jwt","alg":"EdDSA","kid":"shown","alg":"none"}')
  })

  it('at key chooses a key by its role, and holds none', async () => {
    const { changed, seen } = await bentParts({ key: () => 'hidden' })
    expect(changed).toEqual(['header', 'signature'])
    expect(seen.header).toContain('"kid":"unseen"')
    expect(seen.jwks).not.toContain('unseen')
  })

  it('at signature bends the signature', async () => {
    const { changed, seen } = await bentParts({ signature: (draft) => draft.map((byte) => byte ^ 1) })
    expect(changed).toEqual(['signature'])
    expect(seen.signature).toHaveLength(86)
    const short = await bentParts({ signature: () => new Uint8Array([1, 2, 3]) })
    expect([short.changed, short.seen.signature]).toEqual([['signature'], 'AQID'])
  })

  it('at text bends the serialised token', async () => {
    const { changed, seen } = await bentParts({ text: (draft) => `${draft}.tail` })
    expect(changed).toEqual(['rest'])
    expect(seen.rest).toBe('tail')
  })

  it('at jwks bends the keys', async () => {
    const { changed, seen } = await bentParts({
      jwks: (draft) => [
        ...draft.map((key) => key.filter(({ name }) => name !== 'kid')),
        [{ name: 'kty', value: 'x' }],
      ],
    })
    expect(changed).toEqual(['jwks'])
    expect(JSON.parse(seen.jwks).keys).toEqual([expect.not.objectContaining({ kid: 'shown' }), { kty: 'x' }])
  })

  it('at metadata bends discovery', async () => {
    const { changed, seen } = await bentParts({
      metadata: (draft) => [...draft.slice(1), { name: 'issuer', value: 'https://evil.example' }],
    })
    expect(changed).toEqual(['metadata'])
    expect(JSON.parse(seen.metadata)).toMatchObject({
      issuer: 'https://evil.example',
      token_endpoint: '/token',
    })
  })

  it('at response bends status, headers and body of the answer', async () => {
    const { changed, seen } = await bentParts({
      response: (draft, { endpoint }) =>
        endpoint === 'token'
          ? { ...draft, status: 503, headers: { ...draft.headers, 'x-bent': 'yes' } }
          : draft,
    })
    expect(changed).toEqual(['answer'])
    expect(seen.answer).toBe('503 access_token,token_type,expires_in,scope yes')
  })

  it('at request bends what came', async () => {
    const hooks: Hooks = { request: (draft) => withParam(draft, 'scope', 'nonsense') }
    await using bent = await serveBent(hooks)
    const form = { grant_type: 'client_credentials', scope: 'read' }
    const answer = await post(`${bent.url}/token`, form, basic(...ME))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  it('comes after the hooks before it, and knows where it is', async () => {
    const seen: Situation[] = []
    const response: Hooks['response'] = (draft, at) => {
      seen.push(at)
      return { ...draft, headers: { ...draft.headers, 'x-order': `${draft.headers['x-order'] ?? ''}i` } }
    }
    await using bent = await serveBent({ response }, { response }, { response })
    const answer = await post(`${bent.url}/token`, { grant_type: 'x' }, basic(...ME))
    expect(answer.headers.get('x-order')).toBe('iii')
    expect(seen).toHaveLength(3)
    expect(seen[0]).toMatchObject({ endpoint: 'token', error: { reason: 'grant.unknown' } })
    expect(JSON.stringify(seen)).not.toContain('s3cret')
  })
})

describe('tenants made at run time', () => {
  it('are three hundred with keys, clocks and stores of their own', { timeout: 30_000 }, async () => {
    const names = Array.from({ length: 300 }, (_, index) => `box-${index}`)
    const opaque = { ...CLIENT, access_token: { format: 'opaque' as const } }
    const input: ConfigInput = {
      tenants: Object.fromEntries(
        names.map((name) => [name, { clients: [opaque, { ...CLIENT, client_id: 'jwt' }] }]),
      ),
    }
    const config = await resolved(input)
    await using provider = await serve(config, [makeTenant(config.tenants[0]!)])
    expect((await get(`${provider.url}/box-299/jwks.json`)).status).toBe(404)
    const later = config.tenants.slice(1).map((each) => makeTenant(each))
    provider.add(...later)

    const tokens = await Promise.all(names.map((name) => requestToken(`${provider.url}/${name}`, ME)))
    const kids = await Promise.all(
      names.map(
        async (name) => decode(await requestToken(`${provider.url}/${name}`, ['jwt', 's3cret'])).header.kid,
      ),
    )
    expect([new Set(tokens).size, new Set(kids).size]).toEqual([300, 300])

    const active = async (at: number, token = tokens[at]!) =>
      (await post(`${provider.url}/box-${at}/introspect`, { token }, basic(...ME))).body.active
    expect([await active(7), await active(8), await active(8, tokens[7])]).toEqual([true, true, false])
    later[6]?.clock.advance(7200)
    expect([await active(7), await active(8), await active(0)]).toEqual([false, true, true])
  })

  it('do not take the JWT of another, even where they share the keys', async () => {
    const config = await resolved({ tenants: { one: { clients: [CLIENT] }, two: { clients: [CLIENT] } } })
    await using provider = await serve(
      config,
      config.tenants.map((each) => makeTenant(each, { keys: KEYS })),
    )
    const token = await requestToken(`${provider.url}/one`, ME)
    const active = async (tenant: string) =>
      (await post(`${provider.url}/${tenant}/introspect`, { token }, basic(...ME))).body.active
    expect([await active('one'), await active('two')]).toEqual([true, false])
  })
})

describe('another store', () => {
  it('keeps opaque tokens, revocations and used assertions in place of memory', async () => {
    const key = await makeKey()
    const config = await resolved({
      clients: [
        { ...CLIENT, access_token: { format: 'opaque' } },
        { client_id: 'partner', jwks: { keys: [key.jwk] } },
      ],
    })
    const clock = createClock()
    const store = new SlowStore(clock)
    await using provider = await serve(config, [makeTenant(config.tenants[0]!, { clock, store })])

    const token = await requestToken(provider.url, ME)
    const active = async () => (await post(`${provider.url}/introspect`, { token }, basic(...ME))).body.active
    expect([await active(), [...store.records.keys()]]).toEqual([true, [`access_token ${token}`]])
    await post(`${provider.url}/revoke`, { token }, basic(...ME))
    expect([await active(), store.records.size]).toEqual([false, 0])

    const jwt = await assertion({ client: 'partner', aud: provider.url, key: key.privateKey })
    const uses = Array.from({ length: 200 }, () => post(`${provider.url}/token`, assertionForm(jwt)))
    const statuses = (await Promise.all(uses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect([...store.records.keys()]).toEqual([expect.stringMatching(/^assertion_jti partner /)])
  })
})
