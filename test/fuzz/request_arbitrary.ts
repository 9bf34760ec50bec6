/** Requests as clients send them, and then bent: every endpoint, every parameter, every way to get it wrong. */
import fc from 'fast-check'
import { headers, rawBody, text } from './hostile.ts'

/** How the client of a request shows who it is; what needs a key is signed when the request is sent. */
const CREDENTIALS = [
  'basic',
  'post',
  'rotated',
  'mixed up',
  'public',
  'private_key_jwt',
  'client_secret_jwt',
  'none',
] as const
type Credentials = (typeof CREDENTIALS)[number]

const ENDPOINTS = [
  'token',
  'introspection',
  'revocation',
  'userinfo',
  'jwks',
  'discovery',
  'service_documentation',
] as const
type EndpointName = (typeof ENDPOINTS)[number]

/** What is changed in an assertion before it is signed, or after. */
export interface Bent {
  readonly part: 'header' | 'claims' | 'text' | 'none'
  readonly name: string
  readonly value: unknown
}

export interface FuzzRequest {
  /** Index of the tenant among those that the server has; it wraps around. */
  readonly tenant: number
  readonly endpoint: EndpointName
  /** Index of the face of the dialect; it wraps around. */
  readonly face: number
  /** Changes the endpoint's path. */
  readonly path: (path: string) => string
  readonly method: string
  readonly credentials: Credentials
  readonly assertion: Bent
  readonly token: { readonly kind: 'live' | 'other tenant' | 'bent' | 'any'; readonly text: string }
  /** Laid over the usual parameters of the endpoint. */
  readonly changes: readonly Change[]
  readonly encode: 'form' | 'query' | 'json' | 'raw form' | 'raw json' | 'both'
  readonly raw: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

export type Change =
  | { readonly kind: 'drop' | 'double'; readonly at: number }
  | { readonly kind: 'set'; readonly name: string; readonly value: unknown }

const NAMES = [
  'grant_type',
  'scope',
  'resource',
  'audience',
  'client_id',
  'client_assertion_type',
  'client_assertion',
  'assertion',
  'token',
  'token_type_hint',
  'access_token',
  'client-request-id',
  '__proto__',
  'constructor',
  'toString',
  '',
]

const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, [], {}, ['a', 'b'], [['a']], {
      a: 'b',
    }),
  },
)

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop' as const, 'double' as const), at: fc.nat(8) }),
  fc.record({ kind: fc.constant('set' as const), name: fc.oneof(fc.constantFrom(...NAMES), text), value }),
)

const now = Math.floor(Date.now() / 1000)

const claims = fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', '__proto__', 'scope')
const claimValue = fc.oneof(
  value,
  fc.constantFrom<unknown>(
    undefined,
    now,
    now - 1000,
    now + 1000,
    String(now),
    'NaN',
    1e308,
    -1e308,
    '',
    ' ',
  ),
)
const joseNames = fc.constantFrom(
  'alg',
  'kid',
  'typ',
  'crit',
  'b64',
  'jwk',
  'jku',
  'x5u',
  'x5t',
  'x5t#S256',
  'zip',
  'enc',
  '__proto__',
)
const joseValue = fc.oneof(
  value,
  fc.constantFrom<unknown>(
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
  ),
)
const bentText = fc.constantFrom(
  '',
  '.',
  '..',
  '...',
  'a.b.c',
  'drop signature',
  'drop claims',
  'pad',
  'flip',
  'five parts',
  'deep',
)

const bent: fc.Arbitrary<Bent> = fc.oneof(
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

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'M-SEARCH']

const path = fc.oneof(
  { weight: 12, arbitrary: fc.constant((each: string) => each) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      (each: string) => `${each}/`,
      (each: string) => `/${each}`,
      (each: string) => each.toUpperCase(),
      (each: string) => each.replace(/[a-z](?=[^/]*$)/, '%$&'),
      (each: string) => each.replace(/[^/]+$/, ''),
      (each: string) => each.replace(/^\/[^/]+/, '/__proto__'),
      (each: string) => each.replace(/^\/[^/]+/, '/no%ff%zz'),
      (each: string) => each.replace(/[^/]+-(strict|lax)/, '%F0%9F%98%80%22%0D%0A'),
      (each: string) => `${each}/.well-known/openid-configuration`,
      (each: string) => `/.well-known/openid-configuration${each}`,
      (each: string) => `${each}/../..${each}`,
      (each: string) => `${each}?grant_type=client_credentials&grant_type=%`,
      (each: string) => `${each}#x`,
      () => '/',
      () => '/healthz',
      () => '/readyz',
    ),
  },
)

/** The base stays valid often enough that each bent part is also seen alone. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.record({
  tenant: fc.nat(63),
  endpoint: fc.oneof(
    { weight: 6, arbitrary: fc.constant<EndpointName>('token') },
    { weight: 6, arbitrary: fc.constantFrom<EndpointName>('introspection', 'revocation', 'userinfo') },
    { weight: 1, arbitrary: fc.constantFrom(...ENDPOINTS) },
  ),
  face: fc.nat(1),
  path,
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  ),
  credentials: fc.constantFrom(...CREDENTIALS),
  assertion: bent,
  token: fc.record({
    kind: fc.constantFrom('live' as const, 'other tenant' as const, 'bent' as const, 'any' as const),
    text,
  }),
  changes: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
  ),
  encode: fc.oneof(
    { weight: 6, arbitrary: fc.constant('form' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'query' as const,
        'json' as const,
        'both' as const,
        'raw form' as const,
        'raw json' as const,
      ),
    },
  ),
  raw: rawBody,
  headers: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
})
