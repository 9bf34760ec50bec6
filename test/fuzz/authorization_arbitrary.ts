/** Authorization requests that are nearly right, or hardly. */
import fc from 'fast-check'
import { unsigned } from '../support/request_object.ts'
import { text as anyText } from './hostile.ts'
import { CORPUS, REGISTERED } from './hostile_uris.ts'
import { CLIENTS } from './redirect_world.ts'

/** Short enough for the head of a request. */
export const text = anyText.map((each) => each.slice(0, 300))
const registered = fc.constantFrom(...Object.values(REGISTERED).flat())
const moved = fc
  .tuple(fc.constantFrom(...REGISTERED.desktop), fc.integer({ min: -1, max: 99_999 }))
  .map(([uri, port]) => uri.replace(':3000', `:${port}`))
/** A registered URI with something put in, taken out or turned round somewhere. */
const bent = fc
  .tuple(
    registered,
    fc.nat(40),
    fc.nat(3),
    fc.oneof(fc.constantFrom(...'/\\@#?&:.%;,'), fc.string({ maxLength: 3 })),
  )
  .map(([uri, at, cut, put]) => `${uri.slice(0, at)}${put}${uri.slice(at + cut)}`)
export const redirect_uri = fc.oneof(
  { weight: 4, arbitrary: registered },
  moved,
  bent,
  fc.constantFrom(...CORPUS.flatMap(([, uris]) => uris)),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  text,
)
const TYPES = ['code', 'token', 'id_token', 'id_token token', 'code id_token', 'code id_token token', 'none']
const response_type = fc.oneof(fc.constantFrom(...TYPES), text)
const response_mode = fc.oneof(fc.constantFrom('query', 'fragment', 'form_post'), text)
const usual = {
  response_type,
  response_mode,
  redirect_uri,
  scope: fc.oneof(fc.constantFrom('openid', 'openid offline_access'), text),
  state: text,
  nonce: text,
  prompt: fc.oneof(fc.constantFrom('none', 'login', 'consent', 'none login'), text),
  max_age: fc.oneof(fc.constantFrom('0', '10'), text),
  claims: fc.oneof(fc.constantFrom('{}', '{"id_token":{"acr":{"essential":true,"value":"9"}}}'), text),
  login_hint: text,
  id_token_hint: text,
  code_challenge: text,
  code_challenge_method: fc.constantFrom('S256', 'plain', 'x'),
  request_uri: fc.oneof(redirect_uri, text),
  registration: fc.constant('{}'),
  post_logout_redirect_uri: redirect_uri,
}
const inside = fc.record(usual, { requiredKeys: [] })
const params = fc.record(
  { ...usual, request: fc.oneof({ weight: 3, arbitrary: inside.map((claims) => unsigned(claims)) }, text) },
  { requiredKeys: [] },
)
/** A request that would do, but for a parameter or two. */
const nearly = fc.constantFrom(...CLIENTS).chain((client_id) =>
  fc.record({
    client_id: fc.constant(client_id),
    params: fc
      .tuple(
        fc.record({
          response_type: fc.constantFrom(...TYPES),
          response_mode: fc.constantFrom('', '', 'fragment', 'form_post'),
          redirect_uri: fc.constantFrom(...REGISTERED[client_id]),
        }),
        fc.subarray(Object.keys(usual), { maxLength: 2 }),
        params,
      )
      .map(([good, names, bad]) => ({ scope: 'openid', nonce: 'n', ...good, ...only(names, bad) })),
    again: fc.constant(null),
    method: fc.constantFrom('GET', 'POST'),
    signedIn: fc.boolean(),
  }),
)
export const request = fc.oneof(
  { weight: 2, arbitrary: nearly },
  fc.record({
    client_id: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...CLIENTS) }, text),
    params,
    again: fc.option(fc.record({ redirect_uri, response_mode, state: text }, { requiredKeys: [] })),
    method: fc.constantFrom('GET', 'POST'),
    signedIn: fc.boolean(),
  }),
)

function only(names: readonly string[], given: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = Object.entries(given).filter(([name]) => names.includes(name))
  return Object.fromEntries(kept) as Record<string, string>
}

export type Request = typeof request extends fc.Arbitrary<infer T> ? T : never
