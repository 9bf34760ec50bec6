import type { Context } from '../context.ts'
import { usualAlg } from '../keys/keys.ts'
import { signsIn } from '../protocol/response_types.ts'
import type { Metadata } from './members.ts'

type Defaulted =
  | 'grant_types'
  | 'response_types'
  | 'application_type'
  | 'subject_type'
  | 'token_endpoint_auth_method'
  | 'id_token_signed_response_alg'
  | 'require_auth_time'

/** Metadata with every default filled in. */
export type Registered = Metadata & { readonly [K in Defaulted]-?: NonNullable<Metadata[K]> }

const DEFAULT_ENC = 'A128CBC-HS256'

/**
 * Chooses for the client what it did not choose itself.
 * @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
 */
export function withDefaults(given: Metadata, { tenant }: Context): Registered {
  const { grant_types = ['authorization_code'] } = given
  return {
    grant_types,
    // code, but a client that never sends a user here has no use for it.
    response_types: signsIn(grant_types) ? ['code'] : [],
    token_endpoint_auth_method: 'client_secret_basic',
    application_type: 'web',
    subject_type: 'public',
    id_token_signed_response_alg: usualAlg(tenant.keys),
    ...(given.id_token_encrypted_response_alg && { id_token_encrypted_response_enc: DEFAULT_ENC }),
    ...(given.userinfo_encrypted_response_alg && { userinfo_encrypted_response_enc: DEFAULT_ENC }),
    require_auth_time: false,
    ...given,
  }
}
