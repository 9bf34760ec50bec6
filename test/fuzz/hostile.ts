/** What parsers, matchers and encoders stumble over. */
import fc from 'fast-check'
import { ASSERTION_TYPE } from '../support/assertion.ts'

const LONG = 'a'.repeat(5000)

const nasty = fc.constantFrom(
  '',
  ' ',
  '\0',
  '\r\nX-Injected: 1',
  '%',
  '%zz',
  '"',
  '\\',
  '<script>alert(1)</script>',
  '{sub}',
  '{{uuid}}',
  '$&',
  '__proto__',
  'constructor',
  'null',
  'true',
  '-1',
  '1e999',
  '\u202e',
  '\ud800',
  '😀',
  'é',
  LONG,
  'http://localhost/#fragment',
  'https://api.example.test',
  'https://api.example.test/.default',
  'orders:read',
  'orders:read orders:read other',
  'client_credentials',
  'authorization_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  ASSERTION_TYPE,
)

export const text = fc.oneof(
  { weight: 3, arbitrary: nasty },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
)

const DEEP = '@deep@'

/** JSON that code trips over which takes it for text, for a list, or for something that ends; write it by `jsonText`. */
export const awkwardJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, true, 0, -0, 1e300, '', 'alice', [], {}, [null], [[]]],
      ...[
        { toString: 1 },
        [{ toString: 1 }],
        { toString: null, valueOf: null },
        { toJSON: 1 },
        { length: 1e9 },
      ],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(DEEP, [DEEP]) },
)

/** The text of such a value; the deep ones are deeper than most programs can write. */
export function jsonText(value: unknown): string {
  const depth = 10_000
  return JSON.stringify(value).replaceAll(`"${DEEP}"`, `${'['.repeat(depth)}${']'.repeat(depth)}`)
}

/** A text that should be JSON: this value's, or none at all. It is written late, for counterexamples to be short. */
export type JsonText = { readonly json: unknown } | { readonly raw: string }

export function shouldBeJson(value: fc.Arbitrary<unknown>): fc.Arbitrary<JsonText> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ json: value }) },
    { weight: 1, arbitrary: fc.record({ json: awkwardJson }) },
    { weight: 1, arbitrary: fc.record({ raw: text }) },
  )
}

export function written(came: JsonText): string {
  return 'raw' in came ? came.raw : jsonText(came.json)
}

const rawForm = fc.oneof(
  fc.constantFrom(
    '&&&',
    '=',
    'a=%',
    'grant_type=%zz',
    'grant_type=%ff',
    'grant_type=client_credentials&scope=%00',
    'a=1&'.repeat(250),
    `scope=${'a'.repeat(70_000)}`,
    'grant_type=client_credentials;scope=a',
  ),
  text,
)
const rawJson = fc.oneof(
  fc.constantFrom(
    '{',
    'null',
    '"text"',
    '[]',
    '123',
    '{"__proto__":{"polluted":true},"grant_type":"client_credentials"}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"grant_type":"client_credentials","audience":"\\ud800"}',
    '{"grant_type":["client_credentials","client_credentials"]}',
    '{"grant_type":{"toString":1}}',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    `{"scope":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    '{"grant_type":"client_credentials","scope":1e999}',
    '\ufeff{}',
  ),
  text,
)

export const rawBody = fc.oneof(rawForm, rawJson)

const contentType = fc.constantFrom(
  undefined,
  '',
  'application/x-www-form-urlencoded',
  'APPLICATION/X-WWW-FORM-URLENCODED; charset=latin1',
  'application/json',
  'application/json;charset=utf-16',
  'application/vnd.api+json',
  'text/plain',
  'text/xml',
  'multipart/form-data; boundary=x',
  ';',
  'a/b/c',
)

const authorization = fc.oneof(
  fc.constantFrom(
    'Basic',
    'Basic ',
    'basic  Og==',
    'Basic Og==',
    'Basic !!!!',
    `Basic ${Buffer.from('batch').toString('base64')}`,
    `Basic ${Buffer.from('batch:%').toString('base64')}`,
    `Basic ${Buffer.from('batch:wrong').toString('base64')}`,
    `Basic ${Buffer.from('\0:\0').toString('base64')}`,
    `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`,
    `Basic ${Buffer.from(`__proto__:${LONG}`).toString('base64')}`,
    'Bearer',
    'Bearer a.b.c',
    'Negotiate YII=',
    'DPoP x',
  ),
  text,
)

const accept = fc.constantFrom(
  undefined,
  '*/*',
  'text/html',
  'application/token-introspection+jwt',
  'application/json;q=0',
  ',;=',
)

export const headers = fc.record(
  {
    'content-type': contentType,
    authorization,
    accept,
    'x-forwarded-host': text,
    forwarded: text,
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"x", "y'),
    'client-request-id': text,
    // {own} stands for the origin of the provider.
    origin: fc.constantFrom('{own}', '{own}', 'null', 'https://evil.test', '{own}.evil.test', 'x', ''),
    'sec-fetch-site': fc.constantFrom('same-origin', 'none', 'cross-site', 'same-site', 'x'),
    referer: text,
    cookie: fc.oneof(text, fc.constantFrom(';;=;', 'a=b; a=c', 'idp_double_session.x=y.z', '__proto__=x')),
    'accept-language': text,
    expect: fc.constantFrom('100-continue', 'nothing'),
    'content-encoding': fc.constant('gzip'),
  },
  { requiredKeys: [] },
)
