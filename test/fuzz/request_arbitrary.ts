/** Requests as clients and browsers send them, and then bent: every endpoint, every parameter, every way to get it wrong. */
import fc from 'fast-check'
import type { EndpointName } from '../../src/context.ts'
import { type Bent, bent } from './bent_assertion.ts'
import { headers, rawBody, text } from './hostile.ts'
import { type Setting, setting } from './parameters.ts'
import { DEVICE_CODE, JWT_BEARER } from './world.ts'

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

const GRANTS = [
  'client_credentials',
  'authorization_code',
  'refresh_token',
  'password',
  DEVICE_CODE,
  JWT_BEARER,
] as const

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
  readonly grant: (typeof GRANTS)[number]
  readonly assertion: Bent
  readonly token: { readonly kind: 'live' | 'other tenant' | 'bent' | 'any'; readonly text: string }
  /** Whether the browser brings a session along. */
  readonly cookie: 'none' | 'session' | 'bent'
  /** Laid over the usual parameters of the endpoint. */
  readonly changes: readonly Change[]
  readonly encode: 'form' | 'query' | 'json' | 'raw form' | 'raw json' | 'both'
  readonly raw: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

export type Change = { readonly kind: 'drop' | 'double'; readonly at: number } | Setting

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

/** How often each endpoint is asked. */
const ENDPOINTS: Readonly<Record<EndpointName, number>> = {
  token: 8,
  introspection: 2,
  revocation: 2,
  userinfo: 2,
  authorization: 8,
  login: 4,
  consent: 2,
  end_session: 3,
  end_session_confirmation: 2,
  registration: 4,
  device_authorization: 2,
  device: 2,
  admin_consent: 1,
  jwks: 1,
  discovery: 1,
  service_documentation: 1,
}

function requestTo(endpoint: EndpointName): fc.Arbitrary<FuzzRequest> {
  const change = fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('drop' as const, 'double' as const), at: fc.nat(8) }),
    },
    { weight: 2, arbitrary: setting(endpoint) },
  )
  return fc.record({
    tenant: fc.nat(63),
    endpoint: fc.constant(endpoint),
    face: fc.nat(1),
    path,
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    ),
    credentials: fc.constantFrom(...CREDENTIALS),
    grant: fc.constantFrom(...GRANTS),
    assertion: bent,
    token: fc.record({
      kind: fc.constantFrom('live' as const, 'other tenant' as const, 'bent' as const, 'any' as const),
      text,
    }),
    cookie: fc.constantFrom('none' as const, 'none' as const, 'session' as const, 'bent' as const),
    changes: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
    ),
    encode: fc.oneof(
      { weight: 6, arbitrary: fc.constant('form' as const) },
      { weight: 2, arbitrary: fc.constant('query' as const) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
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
}

/** The base stays valid often enough that each bent part is also seen alone. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.oneof(
  ...Object.entries(ENDPOINTS).map(([name, weight]) => ({
    weight,
    arbitrary: requestTo(name as EndpointName),
  })),
)
