import * as v from 'valibot'
import { clientAlgs } from './client_credentials.ts'
import type { Names } from './names.ts'
import { duration, oneOf } from './scalars.ts'
import { described, strict } from './strict.ts'

/** What the client gets of a login: ID token, refresh token and userinfo. */
export function objectKeys(names: Names) {
  return {
    id_token: described(v.optional(strict(idTokenKeys()), {}), 'What its ID tokens look like.'),
    id_token_signed_response_alg: described(
      v.optional(oneOf([...clientAlgs(names), 'none'])),
      'Algorithm that signs its ID tokens: that of an active key, HS256, HS384 or HS512 with its secret, or none; default: that of the first active key.',
    ),
    ...encryptionKeys('id_token', 'ID tokens', names),
    userinfo_signed_response_alg: described(
      v.optional(oneOf([...clientAlgs(names), 'none'])),
      'Algorithm of the JWT that userinfo answers with; default: plain JSON.',
    ),
    ...encryptionKeys('userinfo', 'userinfo answers', names),
    refresh_token: described(v.optional(strict(refreshTokenKeys()), {}), 'What its refresh tokens are like.'),
  }
}

function idTokenKeys() {
  return {
    lifetime: described(
      v.optional(duration()),
      'How long an ID token lives: 90s, 5m, 1h, 14d or seconds; default lifetimes.id_token.',
    ),
    scope_claims: described(
      v.optional(v.boolean(), false),
      'Whether the claims of profile, email, address and phone stand in the ID token too, as many real providers have it; default false: OpenID Connect Core 5.4 leaves them to userinfo.',
    ),
  }
}

function refreshTokenKeys() {
  return {
    lifetime: described(
      v.optional(duration()),
      'How long a refresh token lives: 90s, 5m, 1h, 14d or seconds; default lifetimes.refresh_token.',
    ),
    rotate: described(
      v.optional(v.boolean()),
      'true: each use gives a new refresh token and ends the old one. false: it stays the same. Default true, or as the dialect has it (entra: a new one, and the old one stays).',
    ),
  }
}

/** @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
function encryptionKeys<const P extends string>(prefix: P, what: string, names: Names) {
  const alg = described(
    v.optional(oneOf(names.encryptionAlgs)),
    `Algorithm that encrypts its ${what}, with a key of jwks or jwks_uri or with its secret; default: not encrypted.`,
  )
  const enc = described(
    v.optional(oneOf(names.contentEncryptions)),
    `How the content of its encrypted ${what} is encrypted; default A128CBC-HS256.`,
  )
  return {
    [`${prefix}_encrypted_response_alg`]: alg,
    [`${prefix}_encrypted_response_enc`]: enc,
  } as { readonly [K in `${P}_encrypted_response_alg`]: typeof alg } & {
    readonly [K in `${P}_encrypted_response_enc`]: typeof enc
  }
}
