/** Fifteen thousand requests that are nearly right, after those that these need; fast-check prints the seed, the failure prints the request. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRaw, sendRaw } from '../support/raw.ts'
import { text } from './hostile.ts'
import { complaint } from './oracle.ts'
import { type FuzzRequest, fuzzRequest } from './request_arbitrary.ts'
import { written } from './wire.ts'
import { CANARY, liveToken, type Sent, startWorld, stopWorld, transmit, type World } from './world.ts'

const BATCH = 100
const BATCHES = Number(process.env['IDP_DOUBLE_TEST_BATCHES'] ?? 150)
const BUILT_INS = [Object, Array, Function, String, Number, Promise, Map, RegExp, Error].map(
  (each) => each.prototype,
)

const REASONS = [
  ...['assertion.aud', 'client.secret_wrong', 'scope.invalid', 'resource.unknown', 'token.invalid'],
  ...[
    'redirect_uri.invalid',
    'request_uri.invalid',
    'param.invalid',
    'request_object.invalid',
    'code.unknown',
  ],
  ...['device.pending', 'device.user_code', 'grant_assertion.no_key'],
  ...['interaction.unknown', 'interaction.cross_site', 'logout.redirect_uri', 'registration.metadata'],
]
const SUCCESSES = [
  'token 200',
  'login 303',
  'consent 303',
  'end_session 200',
  'registration 201',
  'userinfo 200',
  'device_authorization 200',
  'device 303',
].map((outcome) => `${outcome} `)

let world: World
let forbidden: readonly string[]
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => void unhandled.push(reason)

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  world = await startWorld()
  const keys = await world.running.keys.all()
  forbidden = [CANARY, ...keys.map(({ privateKey }) => String(privateKey.export({ format: 'jwk' }).d))]
})

afterAll(async () => {
  await stopWorld(world)
  process.off('unhandledRejection', onUnhandled)
})

const shape = () => BUILT_INS.map((each) => Reflect.ownKeys(each).map(String).join())

/** @throws Error with the request as it was sent, where the answer is not as it must be */
function judge(sent: Sent, answer: Awaited<ReturnType<typeof transmit>>): void {
  const wrong = complaint(sent, answer, { forbidden, world })
  if (wrong === undefined) return
  const fault = world.entries.at(-1)?.error
  const stack = fault instanceof Error ? fault.stack : ''
  throw new Error(
    `${wrong}\n${JSON.stringify(sent).slice(0, 3000)}\n${JSON.stringify(answer).slice(0, 2000)}\n${stack}`,
  )
}

/** A counterexample of a hundred requests helps nobody: the one that failed is in the error. */
async function holds<T>(property: fc.IAsyncProperty<T>, numRuns: number): Promise<void> {
  const { failed, seed, counterexamplePath, errorInstance } = await fc.check(property, {
    numRuns,
    endOnFailure: true,
  })
  if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance })
}

describe('any request', () => {
  it('is answered as the RFCs or the dialect say', async () => {
    const before = shape()
    const outcomes = new Map<string, number>()
    const law = async (batch: FuzzRequest[]) => {
      const send = async (fuzz: FuzzRequest) => {
        const sent = await written(fuzz, world)
        const answer = await transmit(world, sent).catch((cause: Error) => {
          throw new Error(`no answer to ${JSON.stringify(sent).slice(0, 3000)}`, { cause })
        })
        const outcome = `${fuzz.endpoint} ${answer.status} ${answer.headers['x-mock-reason'] ?? ''}`
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        judge(sent, answer)
      }
      await Promise.all(batch.map(send))
      expect(shape()).toEqual(before)
      expect(unhandled).toEqual([])
    }
    const batch = fc.array(fuzzRequest, { minLength: BATCH, maxLength: BATCH })
    await holds(fc.asyncProperty(batch, law), BATCHES)
    if (process.env['IDP_DOUBLE_TEST_OUTCOMES']) console.log([...outcomes].sort((a, b) => b[1] - a[1]))
    // The bases are good enough that what lies behind the first check is reached too.
    const reasons = [...outcomes.keys()].map((outcome) => outcome.split(' ')[2])
    expect(REASONS.filter((reason) => !reasons.includes(reason))).toEqual([])
    expect(SUCCESSES.filter((outcome) => !outcomes.has(outcome))).toEqual([])
  }, 120_000)

  it('is answered also where it is no good HTTP', async () => {
    const host = fc.oneof(
      fc.constantFrom(
        'localhost',
        '127.0.0.1',
        '[::1]',
        'a@evil.test',
        'evil.test/x',
        '999.1.1.1',
        'a:99999',
        '[::::]',
        'a..b',
        '-',
      ),
      text,
    )
    const line = fc.constantFrom(
      'GET / HTTP/1.1',
      'GET http://evil.test/x HTTP/1.1',
      'GET * HTTP/1.1',
      'GET / HTTP/1.0',
      'POST /%00 HTTP/1.1',
      'G\0T / HTTP/1.1',
      'GET /\x01 HTTP/1.1',
      'GET //evil.test/ HTTP/1.1',
      'OPTIONS * HTTP/1.1',
    )
    const field = fc.oneof(
      fc.constantFrom(
        'Content-Length: -1',
        'Content-Length: 4',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: x',
        'Expect: x',
        'Host: again',
        ': x',
        'Upgrade: websocket\r\nConnection: upgrade',
        `X-Long: ${'a'.repeat(20_000)}`,
      ),
      text.map((each) => `X-Any: ${each}`),
    )
    const law = async (start: string, hosts: string[], fields: string[], body: string) => {
      const head = [start, ...hosts.map((each) => `Host: ${each}`), 'Connection: close', ...fields]
      const came = await sendRaw(
        world.running.port,
        Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'utf8'),
      )
      // Silence is an answer to what never became a whole request.
      if (came === '') return
      const { status, headers } = parseRaw(came)
      judge(
        { method: start, path: '', headers: {}, body: head.join('\n') },
        { status, headers: Object.fromEntries(headers), body: '' },
      )
      expect(unhandled).toEqual([])
    }
    const hosts = fc.oneof(
      { weight: 3, arbitrary: host.map((each) => [each]) },
      { weight: 1, arbitrary: fc.array(host, { maxLength: 2 }) },
    )
    // Never less than the head promises: such a request is waited for.
    const body = fc.constantFrom('0\r\n\r\n', 'zz\r\n', 'hello')
    await holds(fc.asyncProperty(line, hosts, fc.array(field, { maxLength: 2 }), body, law), 400)
  }, 60_000)

  it('leaves a server that still issues tokens', async () => {
    for (const tenant of world.tenants) expect(await liveToken(world, tenant)).toMatch(/./)
    expect(unhandled).toEqual([])
  })
})
