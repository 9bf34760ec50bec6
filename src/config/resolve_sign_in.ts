import type { ClientConfig } from './config.ts'
import { redirectUrisOf } from './grant_types.ts'
import type { Config } from './schema.ts'

type Client = Config['clients'][number]

/** @see https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata */
const DEFAULT_ENC = 'A128CBC-HS256'

/** How users sign in and out of a client, and what it then gets of them. */
export function resolveSignIn(client: Client) {
  const { id_token_encrypted_response_alg, userinfo_encrypted_response_alg } = client
  return {
    redirect_uris: redirectUrisOf(client),
    consent: client.consent,
    default_max_age: client.default_max_age,
    require_auth_time: client.require_auth_time,
    default_acr_values: client.default_acr_values,
    initiate_login_uri: client.initiate_login_uri,
    request_object_signing_alg: client.request_object_signing_alg,
    request_uris: client.request_uris,
    subject_type: client.subject_type,
    sector_identifier_uri: client.sector_identifier_uri,
    id_token: client.id_token,
    id_token_signed_response_alg: client.id_token_signed_response_alg,
    id_token_encrypted_response_alg,
    id_token_encrypted_response_enc:
      client.id_token_encrypted_response_enc ?? (id_token_encrypted_response_alg && DEFAULT_ENC),
    userinfo_signed_response_alg: client.userinfo_signed_response_alg,
    userinfo_encrypted_response_alg,
    userinfo_encrypted_response_enc:
      client.userinfo_encrypted_response_enc ?? (userinfo_encrypted_response_alg && DEFAULT_ENC),
    refresh_token: client.refresh_token,
    post_logout_redirect_uris: client.post_logout_redirect_uris,
    frontchannel_logout_uri: client.frontchannel_logout_uri,
    frontchannel_logout_session_required: client.frontchannel_logout_session_required,
    backchannel_logout_uri: client.backchannel_logout_uri,
    backchannel_logout_session_required: client.backchannel_logout_session_required,
  } satisfies Partial<ClientConfig>
}
