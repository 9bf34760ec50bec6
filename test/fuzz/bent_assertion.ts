/** What is changed in a client assertion: before it is signed, or after. */
import fc from 'fast-check'
import { awkwardJson, text } from './hostile.ts'

export interface Bent {
  readonly part: 'header' | 'claims' | 'text' | 'none'
  readonly name: string
  readonly value: unknown
}

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: awkwardJson },
)

const now = Math.floor(Date.now() / 1000)

const claims = fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', '__proto__', 'scope')
const claimValue = fc.oneof(
  value,
  fc.constantFrom<unknown>(
    ...[undefined, now, now - 1000, now + 1000, String(now), 'NaN', 1e308, -1e308, '', ' '],
  ),
)
const joseNames = fc.constantFrom(
  ...['alg', 'kid', 'typ', 'crit', 'b64', 'jwk', 'jku', 'x5u', 'x5t', 'x5t#S256', 'zip', 'enc', '__proto__'],
)
const joseValue = fc.oneof(
  value,
  fc.constantFrom<unknown>(
    ...[
      undefined,
      'none',
      'HS256',
      'HS512',
      'RS256',
      'ES256',
      'ES384',
      'EdDSA',
      'dir',
      ['exp'],
      ['b64'],
      false,
    ],
  ),
)
const bentText = fc.constantFrom(
  ...['', '.', '..', '...', 'a.b.c', 'drop signature', 'drop claims', 'pad', 'flip', 'five parts', 'deep'],
)

export const bent: fc.Arbitrary<Bent> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Bent>({ part: 'none', name: '', value: undefined }) },
  {
    weight: 3,
    arbitrary: fc.record({ part: fc.constant('claims' as const), name: claims, value: claimValue }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ part: fc.constant('header' as const), name: joseNames, value: joseValue }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      part: fc.constant('text' as const),
      name: bentText,
      value: fc.constant(undefined),
    }),
  },
)
