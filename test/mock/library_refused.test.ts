import { describe, expect, it } from 'vitest'
import type { Idp } from '../../src/index.ts'
import { TRANSPORTS } from '../support/transports.ts'

const CONFIG = {
  tenants: { one: { clients: [{ client_id: 'orders', client_secret: 's3cret' }] }, two: {} },
}

/** What is wrong, and what the error says. */
const REFUSED: readonly (readonly [
  what: string,
  call: (idp: Idp) => Promise<unknown>,
  says: string | RegExp,
])[] = [
  [
    'a token of an unknown client',
    (idp) => idp.token({ client: 'ordres' }),
    'client ordres is not declared in tenant one; declared: orders',
  ],
  [
    'a token of an unknown user',
    (idp) => idp.token({ client: 'orders', user: 'alice' }),
    /^user alice is not declared in tenant one/,
  ],
  [
    'a token of an unknown tenant',
    (idp) => idp.token({ client: 'orders', tenant: 'three' }),
    'there is no tenant three; configured: one or two',
  ],
  ['a token of nobody', (idp) => idp.token({} as never), /client: /],
  [
    'a token with an unknown key',
    (idp) => idp.token({ client: 'orders', role: 'admin' } as never),
    /role: .*roles/,
  ],
  [
    'a lifetime that is no duration',
    (idp) => idp.token({ client: 'orders', lifetime: 'soon' }),
    /"soon" is no duration; expected 90s, 5m, 1h, 14d/,
  ],
  [
    'claims that are no object',
    (idp) => idp.token({ client: 'orders', claims: ['admin'] as never }),
    /claims: /,
  ],
  ['time that is no duration', (idp) => idp.clock.advance('soon'), /"soon" is no duration/],
  ['time that is no number', (idp) => idp.clock.advance(Number.NaN), /advance: /],
  ['a year that no clock has', (idp) => idp.clock.set(1e12), /1980 to 9000/],
  ['a user who is not there', (idp) => idp.users.get('alice'), /alice/],
  ['a user without a name', (idp) => idp.users.put({} as never), /^username is missing/],
  ['a user with an unknown key', (idp) => idp.users.put({ username: 'a', nmae: 'A' } as never), /nmae.*name/],
  ['a sandbox with an unknown key', (idp) => idp.sandbox({ clints: [] } as never), /clints.*clients/],
  ['a key that is not there', (idp) => idp.keys.delete('none'), /there is no key none/],
  [
    'a login at an unknown client',
    (idp) => idp.nextLogin({ client: 'x', user: 'a' }),
    /there is no client x/,
  ],
  ['a filter that there is not', (idp) => idp.requests({ endpiont: 'token' } as never), /endpiont/],
  [
    'a certificate without a CA',
    (idp) => idp.clientCertificate('orders'),
    'the provider has no CA of its own; set server.tls: {} or server.tls.client_ca: auto',
  ],
  ['what is no JSON', (idp) => idp.users.put({ username: 'a', claims: { n: 1n } } as never), /BigInt/],
]

describe.each(TRANSPORTS)('what is refused, %s', (_name, start) => {
  it.each(REFUSED)('is a TypeError that says why: %s', async (_what, call, says) => {
    await using idp = await start(CONFIG)
    const error = await call(idp).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(TypeError)
    const { message } = error as TypeError
    if (typeof says === 'string') expect(message).toBe(says)
    else expect(message).toMatch(says)
  })

  it('is told at once where no call is made', async () => {
    await using idp = await start(CONFIG)
    expect(() => idp.issuerOf('three')).toThrow(
      new TypeError('there is no tenant three; configured: one or two'),
    )
    expect(() => idp.env('generic', { client: 'x' })).toThrow(
      new TypeError('x is no client of tenant one; declared: orders'),
    )
    expect(() => idp.env('aws' as 'tls')).toThrow(/^env has variables for .* not for aws$/)
  })
})

describe('the two ways', () => {
  it('refuse in the same words', async () => {
    const said = await Promise.all(
      TRANSPORTS.map(async ([, start]) => {
        await using idp = await start(CONFIG)
        const messages: unknown[] = []
        for (const [, call] of REFUSED) messages.push(await call(idp).catch((error: Error) => error.message))
        return messages
      }),
    )
    expect(said[0]).toEqual(said[1])
  })
})
