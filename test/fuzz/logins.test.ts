/** Logins that begin a little wrong, and are followed as far as they lead; fast-check prints the seed, the failure prints the request. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndpointName } from '../../src/context.ts'
import { type Journey, sender, travel } from './journey.ts'
import { complaint } from './oracle.ts'
import { claimsParameter, edits, setting } from './parameters.ts'
import { CANARY, type Sent, startWorld, stopWorld, type World } from './world.ts'

const BATCH = 30
const BATCHES = Number(process.env['IDP_DOUBLE_TEST_BATCHES'] ?? 60)

let world: World
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => void unhandled.push(reason)

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  world = await startWorld()
})

afterAll(async () => {
  await stopWorld(world)
  process.off('unhandledRejection', onUnhandled)
})

const changes = (endpoint: EndpointName) => fc.array(setting(endpoint), { maxLength: 2 })

/** The same, and often claims, which go the longest way. */
const withClaims = (endpoint: EndpointName, claims: fc.Arbitrary<string>) => {
  const more = claims.map((value) => [{ kind: 'set' as const, name: 'claims', value }])
  return fc.oneof(changes(endpoint), more)
}

const journey: fc.Arbitrary<Journey> = fc.record({
  tenant: fc.nat(63),
  face: fc.nat(1),
  client: fc.constantFrom('web', 'web', 'asking', 'registered'),
  changes: fc.record({
    registration: changes('registration'),
    authorization: withClaims('authorization', claimsParameter),
    login: withClaims('login', edits),
    token: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: changes('token') }),
    end_session: changes('end_session'),
  }),
  keepsCookies: fc.boolean(),
})

describe('any login', () => {
  it('is answered as the RFCs or the dialect say, however far it comes', async () => {
    const reached = new Map<string, number>()
    const registered: string[] = []
    const send = async (sent: Sent) => {
      const answer = await sender(world)(sent)
      const wrong = complaint(sent, answer, { forbidden: [CANARY], world, registered })
      if (wrong === undefined) return answer
      const fault = world.entries.at(-1)?.error
      const came = `${JSON.stringify(sent).slice(0, 3000)}\n${JSON.stringify(answer).slice(0, 2000)}`
      throw new Error(`${wrong}\n${came}\n${fault instanceof Error ? fault.stack : ''}`)
    }
    const listener = {
      send,
      reached: (step: string) => void reached.set(step, (reached.get(step) ?? 0) + 1),
      registered: (uris: readonly string[]) => void registered.push(...uris),
    }
    const law = async (batch: Journey[]) => {
      await Promise.all(batch.map((each) => travel(each, world, listener)))
      expect(unhandled).toEqual([])
    }
    const batch = fc.array(journey, { minLength: BATCH, maxLength: BATCH })
    const { failed, seed, counterexamplePath, errorInstance } = await fc.check(fc.asyncProperty(batch, law), {
      numRuns: BATCHES,
      endOnFailure: true,
    })
    // A counterexample of thirty logins helps nobody: the request that failed is in the error.
    if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance })
    if (process.env['IDP_DOUBLE_TEST_OUTCOMES']) console.log([...reached].sort((a, b) => b[1] - a[1]))
    const steps = [
      'registered',
      'login page',
      'consent page',
      'code',
      'tokens',
      'userinfo 200',
      'refresh 200',
    ]
    expect([...reached.keys()]).toEqual(expect.arrayContaining([...steps, 'logout page', 'signed out 200']))
  }, 120_000)
})
