/** Client metadata with values that tempt the registration endpoint. */
import fc from 'fast-check'
import { clientAuthMethods } from '../../src/client_auth/authenticate.ts'
import { grantTypes } from '../../src/endpoints/token.ts'
import { contentEncryptions, encryptionAlgs } from '../../src/keys/encryption.ts'
import { RESPONSE_TYPES } from '../../src/protocol/response_types.ts'
import { awkwardJson, text } from './hostile.ts'

/** Registered ones, others, and such as are neither. */
export const URIS = [
  ...[
    'https://app.test/cb',
    'https://app.test/cb?tenant=a',
    'http://127.0.0.1:4711/cb',
    'com.example.app:/cb',
  ],
  ...[
    'https://app.test/bye',
    'https://app.test/cb/',
    'https://app.test/cb#f',
    'https://app.test@evil.test/cb',
  ],
  ...[
    'https://evil.test/cb',
    '//evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://localhost:1/other',
  ],
  ...[
    'https://app.test/cb\r\nX-Injected: 1',
    'https://app.test/\\evil.test',
    'http://[::1]:1/cb',
    'http://a b/',
  ],
]

const one = (...values: readonly unknown[]) => fc.constantFrom(...values)

export const METADATA: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  redirect_uris: fc.oneof(fc.array(one(...URIS), { maxLength: 3 }), awkwardJson),
  post_logout_redirect_uris: fc.array(one(...URIS), { maxLength: 2 }),
  request_uris: fc.array(one(...URIS), { maxLength: 2 }),
  response_types: fc.oneof(fc.array(one(...RESPONSE_TYPES), { maxLength: 3 }), awkwardJson),
  grant_types: fc.oneof(fc.array(one(...grantTypes, 'implicit', 'x'), { maxLength: 3 }), awkwardJson),
  ...Object.fromEntries(
    [
      'client_uri',
      'logo_uri',
      'policy_uri',
      'tos_uri',
      'jwks_uri',
      'sector_identifier_uri',
      'initiate_login_uri',
    ].map((name) => [name, fc.oneof(one(...URIS), awkwardJson)]),
  ),
  frontchannel_logout_uri: one(...URIS),
  backchannel_logout_uri: one(...URIS),
  token_endpoint_auth_method: one(...clientAuthMethods, 'x'),
  token_endpoint_auth_signing_alg: one('HS256', 'ES256', 'none'),
  id_token_signed_response_alg: one('ES256', 'HS256', 'none', 'RS256', 'x'),
  id_token_encrypted_response_alg: one(...encryptionAlgs, 'x'),
  id_token_encrypted_response_enc: one(...contentEncryptions, 'x'),
  userinfo_signed_response_alg: one('ES256', 'HS512', 'none'),
  userinfo_encrypted_response_alg: one(...encryptionAlgs),
  request_object_signing_alg: one('none', 'HS256', 'ES256'),
  subject_type: one('public', 'pairwise', 'x'),
  jwks: fc.oneof(
    one(
      { keys: [] },
      { keys: [{ kty: 'EC', d: 'x' }] },
      { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] },
    ),
    awkwardJson,
  ),
  default_max_age: one(0, -1, 1e300, '1'),
  default_acr_values: fc.array(awkwardJson, { maxLength: 2 }),
  client_name: fc.oneof(text, awkwardJson),
  'client_name#fi': text,
  contacts: fc.array(text, { maxLength: 2 }),
  scope: text,
  client_id: one('web', 'x'),
  client_secret: one('x', null),
}
