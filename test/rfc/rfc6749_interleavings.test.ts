/** Every operation of the store may come before or after any other's: fast-check chooses the order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.ts'
import type { Context } from '../../src/context.ts'
import { authorizationCode } from '../../src/grants/authorization_code.ts'
import type { Granted, GrantRequest } from '../../src/grants/grant.ts'
import { refreshToken } from '../../src/grants/refresh_token.ts'
import { createKeySet } from '../../src/keys/keys.ts'
import { OAuthError } from '../../src/protocol/errors.ts'
import { endSession, startSession } from '../../src/sessions/session.ts'
import { MemoryStore } from '../../src/store/memory_store.ts'
import type { Store } from '../../src/store/store.ts'
import { issueCode } from '../../src/tokens/code.ts'
import { issueRefreshToken } from '../../src/tokens/refresh_token.ts'
import { revokeGrant } from '../../src/tokens/revoked_grant.ts'
import { verifyAnyToken } from '../../src/tokens/verify.ts'
import { contextOf } from '../support/context.ts'

const REDIRECT = 'https://app.test/cb'
const RUNS = { numRuns: 400 }
const KEYS = createKeySet([{ alg: 'EdDSA', status: 'active', at: 'keys[0]' }], { slot: 'interleavings' })

/** A store each operation of which waits for its turn. */
function scheduled(store: Store, turn: () => Promise<void>): Store {
  return {
    add: (...of) => turn().then(() => store.add(...of)),
    get: (...of) => turn().then(() => store.get(...of)),
    update: (kind, id, change) => turn().then(() => store.update(kind, id, change)),
    take: (...of) => turn().then(() => store.take(...of)),
    list: (...of) => turn().then(() => store.list(...of)),
    beforeBack: () => store.beforeBack(),
  }
}

/** A client with a code and, of the same grant, a refresh token. */
async function start(turn: () => Promise<void>) {
  const clock = createClock(() => 1_700_000_000_000)
  const memory = new MemoryStore(clock)
  const grant_types = ['authorization_code', 'refresh_token']
  const { cx, client } = await contextOf(
    {
      clients: [{ client_id: 'web', client_secret: 's3cret', redirect_uris: [REDIRECT], grant_types }],
      users: [{ username: 'alice' }],
    },
    { clock, keys: KEYS, store: memory },
  )
  const { session } = await startSession({ username: 'alice', auth_time: clock.seconds() }, cx)
  const grant = {
    ...{ id: 'grant', client_id: 'web', login: session.login, scopes: ['openid'], targets: {} },
    ...{ claims: { id_token: {}, userinfo: {} }, offline: false },
  }
  const code = await issueCode({ grant, redirect_uri: REDIRECT, redirect_uri_sent: true }, cx)
  const refresh_token = await issueRefreshToken(grant, client, cx)
  const racing: Context = { ...cx, tenant: { ...cx.tenant, store: scheduled(memory, turn) } }
  const request = (params: Record<string, string>): GrantRequest => ({
    ...{ client, proof: 'secret', isPublic: false, confirmation: undefined },
    params: new Map(Object.entries(params).map(([name, value]) => [name, [value]])),
  })
  const operations = (at: Context) => ({
    redeem: () => authorizationCode.exchange(request({ code, redirect_uri: REDIRECT }), at),
    refresh: () => refreshToken.exchange(request({ refresh_token }), at),
    revoke: () => revokeGrant(grant, at),
    signOut: () => endSession(session.sid, at),
  })
  return {
    racing: operations(racing),
    calm: operations(cx),
    isActive: (token: string) =>
      verifyAnyToken(token, cx).then(
        () => true,
        () => false,
      ),
  }
}

/** What an operation gave; a refusal is one of the RFC's, or the test fails. */
async function outcome<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    expect(error.error).toBe('invalid_grant')
    return undefined
  }
}

type World = Awaited<ReturnType<typeof start>>
type Operation = 'redeem' | 'refresh' | 'revoke' | 'signOut'

async function race(s: fc.Scheduler, operations: readonly Operation[]): Promise<[Granted[], World]> {
  const world = await start(() => s.schedule(Promise.resolve()))
  const all = Promise.all(operations.map((name) => outcome<unknown>(world.racing[name]())))
  const came = (await s.waitFor(all)) as (Granted | undefined)[]
  return [came.filter((each) => each !== undefined && 'access_token' in each) as Granted[], world]
}

const tokensOf = (given: readonly Granted[]) =>
  given.flatMap(({ access_token, refresh_token = '' }) => [access_token.text, refresh_token])

describe('RFC 6749 §4.1.2 and RFC 9700 §4.14.2, whatever comes between two steps', () => {
  it.each(['redeem', 'refresh'] as const)(
    'lets exactly one of several %s, and revokes its tokens',
    async (name) => {
      const law = async (s: fc.Scheduler, count: number) => {
        const [given, world] = await race(s, Array(count).fill(name))
        expect(given).toHaveLength(1)
        for (const token of tokensOf(given)) expect(await world.isActive(token)).toBe(false)
      }
      await fc.assert(fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), law), RUNS)
    },
  )

  it.each(['revoke', 'signOut'] as const)('leaves nothing alive that %s came upon', async (end) => {
    const others = fc.array(fc.constantFrom<Operation>('redeem', 'refresh'), { minLength: 1, maxLength: 3 })
    const law = async (s: fc.Scheduler, operations: Operation[]) => {
      const [given, world] = await race(s, [...operations, end])
      for (const token of tokensOf(given)) expect(await world.isActive(token)).toBe(false)
      expect(await outcome(world.calm.redeem())).toBeUndefined()
      expect(await outcome(world.calm.refresh())).toBeUndefined()
    }
    await fc.assert(fc.asyncProperty(fc.scheduler(), others, law), RUNS)
  })
})
