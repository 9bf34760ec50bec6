/** The parameters of every endpoint with values that tempt it: those that the code knows, and those next to them. */
import fc from 'fast-check'
import { challengeMethods } from '../../src/authorization/code_challenge.ts'
import { prompts } from '../../src/authorization/prompt.ts'
import { responseModes } from '../../src/authorization/reply.ts'
import type { EndpointName } from '../../src/context.ts'
import { grantTypes } from '../../src/endpoints/token.ts'
import { RESPONSE_TYPES } from '../../src/protocol/response_types.ts'
import { ASSERTION_TYPE } from '../support/assertion.ts'
import { awkwardJson, jsonText, shouldBeJson, text, written } from './hostile.ts'
import { METADATA, URIS } from './metadata_values.ts'

const part = (value: unknown) => Buffer.from(jsonText(value)).toString('base64url')

/** Request objects of alg none, which need no key. */
const requestObject = fc
  .tuple(
    fc.constantFrom('none', 'HS256', '', { toString: 1 }),
    fc.dictionary(
      fc.constantFrom(
        'scope',
        'claims',
        'aud',
        'exp',
        'redirect_uri',
        'response_type',
        'max_age',
        'resource',
        'client_id',
        'request',
      ),
      awkwardJson,
    ),
  )
  .map(([alg, claims]) => `${part({ alg })}.${part(claims)}.`)

/** How a claim is wanted: mostly in a form that is understood. */
const wanted = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      { essential: fc.boolean(), value: awkwardJson, values: fc.array(awkwardJson, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: awkwardJson },
)
const wantedClaims = fc.dictionary(
  fc.constantFrom('acr', 'acr', 'sub', 'name', 'preferred_username', 'auth_time', '__proto__'),
  wanted,
  { minKeys: 1, maxKeys: 2 },
)

/** The claims parameter. */
export const claimsParameter = shouldBeJson(
  fc.record({ id_token: wantedClaims, userinfo: wantedClaims, other: awkwardJson }, { requiredKeys: [] }),
).map(written)

/** Claims that a person edits for one login. */
export const edits = shouldBeJson(
  fc.dictionary(
    fc.constantFrom(
      ...['roles', 'groups', 'sub', 'name', 'email', 'address', 'tier', 'acr', 'amr', 'iss', '__proto__'],
    ),
    awkwardJson,
    { minKeys: 1, maxKeys: 2 },
  ),
).map(written)

const one = (...values: readonly unknown[]) => fc.constantFrom(...values)

const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  grant_type: one(...grantTypes, 'implicit', 'urn:ietf:params:oauth:grant-type:token-exchange'),
  scope: one(
    'openid',
    'openid profile email offline_access',
    'orders:read',
    'openid openid',
    '\0',
    'a"b',
    ' ',
  ),
  resource: one(
    'https://api.example.test',
    'https://other.example.test',
    'urn:x',
    '#',
    'http://localhost/#f',
  ),
  audience: one('https://api.example.test', 'web', ''),
  client_id: one('web', 'asking', 'spa', 'native', 'batch', 'hs', 'nobody', '__proto__'),
  client_assertion_type: one(ASSERTION_TYPE, 'x'),
  client_assertion: one('a.b.c', `${part({ alg: { toString: 1 } })}.${part({ iss: 'hs' })}.x`),
  client_secret: one('wrong', ''),
  assertion: one('a.b.c'),
  token: one('a.b.c', '..', 'x'),
  token_type_hint: one('access_token', 'refresh_token', 'other'),
  access_token: one('a.b.c', 'x'),
  response_type: one(...RESPONSE_TYPES, 'id_token code', 'code code', 'device'),
  response_mode: one(...responseModes, 'query.jwt', 'web_message'),
  redirect_uri: one(...URIS),
  post_logout_redirect_uri: one(...URIS),
  prompt: one(...prompts, 'none login', 'login consent', 'NONE'),
  max_age: one('0', '1', '-1', '1e9', '99999999999', ' '),
  display: one('page', 'popup', 'x'),
  ui_locales: one('fi en', 'x'.repeat(300)),
  claims: claimsParameter,
  request: fc.oneof(requestObject, one('a.b.c', 'a.b.c.d.e')),
  request_uri: one('https://evil.test/request.jwt', 'http://169.254.169.254/', 'urn:x'),
  registration: one('{}'),
  id_token_hint: one('a.b.c', `${part({ alg: 'none' })}.${part({ sub: 'x', aud: 'web' })}.`),
  login_hint: one('alice', 'bob', 'ALICE', 'nobody'),
  acr_values: one('1', '2 1', 'x'),
  code_challenge: one('x'.repeat(43), 'short', '=', 'x'.repeat(129)),
  code_challenge_method: one(...challengeMethods, 's256'),
  code_verifier: one('x'.repeat(43), 'short'),
  code: one('x', 'a.b'),
  device_code: one('x', 'a.b'),
  user_code: one('BCDF-GHJK', 'x', '__proto__'),
  requested_token_use: one('on_behalf_of', 'x'),
  refresh_token: one('x', 'a.b.c'),
  username: one('alice', 'bob', 'ALICE', 'nobody', 'a'.repeat(300)),
  password: one('wrong', ''),
  user: one('alice', 'bob', 'nobody'),
  action: one('allow', 'deny', 'logout', 'stay', 'x'),
  interaction: one('x', '__proto__', ''),
}

const ASKS = ['client_id', 'scope', 'resource', 'audience']
const AUTHENTICATES = ['client_id', 'client_secret', 'client_assertion_type', 'client_assertion', 'assertion']

/** What each endpoint reads; the others are for all. */
const NAMES: Readonly<Partial<Record<EndpointName, readonly string[]>>> = {
  token: [
    'grant_type',
    ...ASKS,
    ...AUTHENTICATES,
    'code',
    'redirect_uri',
    'code_verifier',
    'refresh_token',
    'username',
    'password',
    'device_code',
    'requested_token_use',
  ],
  device_authorization: [...ASKS, ...AUTHENTICATES, 'claims', 'max_age', 'login_hint', 'acr_values'],
  device: ['user_code', 'interaction', 'action'],
  introspection: ['token', 'token_type_hint', ...AUTHENTICATES],
  revocation: ['token', 'token_type_hint', ...AUTHENTICATES],
  userinfo: ['access_token'],
  authorization: [
    ...[
      ...ASKS,
      'response_type',
      'response_mode',
      'redirect_uri',
      'prompt',
      'max_age',
      'display',
      'ui_locales',
      'claims',
    ],
    ...[
      'request',
      'request_uri',
      'registration',
      'id_token_hint',
      'login_hint',
      'acr_values',
      'code_challenge',
    ],
    'code_challenge_method',
  ],
  login: ['interaction', 'user', 'username', 'password', 'claims', 'action'],
  consent: ['interaction', 'action'],
  end_session: ['id_token_hint', 'post_logout_redirect_uri', 'client_id', 'ui_locales'],
  end_session_confirmation: ['interaction', 'action'],
  registration: Object.keys(METADATA),
}

const ODD = ['state', 'nonce', 'client-request-id', '__proto__', 'constructor', 'toString', '']

const values: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: awkwardJson },
)

export interface Setting {
  readonly kind: 'set'
  readonly name: string
  readonly value: unknown
}

/** One parameter of an endpoint, or one of no endpoint, with a value. */
export function setting(endpoint: EndpointName): fc.Arbitrary<Setting> {
  const own = endpoint === 'login' ? { ...VALUES, claims: edits } : VALUES
  const tempting = new Map(Object.entries(endpoint === 'registration' ? METADATA : own))
  const names = [...(NAMES[endpoint] ?? []), ...ODD]
  const each = names.map((name) =>
    fc.record({
      kind: fc.constant('set' as const),
      name: fc.constant(name),
      value: fc.oneof(
        { weight: 2, arbitrary: tempting.get(name) ?? values },
        { weight: 1, arbitrary: values },
      ),
    }),
  )
  const any = fc.record({ kind: fc.constant('set' as const), name: text, value: values })
  return fc.oneof(...each, any)
}
