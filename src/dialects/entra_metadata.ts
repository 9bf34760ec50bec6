/** What Entra's metadata documents tell. @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
import type { Description, ObjectTemplate } from './description.ts'

const RESPONSE_TYPES = ['code', 'id_token', 'code id_token', 'id_token token']

const CLAIMS_SUPPORTED = [
  'sub',
  'iss',
  'cloud_instance_name',
  'cloud_instance_host_name',
  'cloud_graph_host_name',
  'msgraph_host',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'acr',
  'nonce',
  'name',
  'tid',
  'ver',
  'at_hash',
  'c_hash',
  'email',
]

const DOCUMENT = {
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
  subject_types_supported: ['pairwise'],
  request_uri_parameter_supported: false,
  http_logout_supported: true,
  frontchannel_logout_supported: true,
  // Unknown until it is known who signs in.
  tenant_region_scope: '{tenant.several|map:false=EU|null}',
  cloud_instance_name: 'microsoftonline.com',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.com',
} satisfies ObjectTemplate

/** The real documents have none of these, whatever is supported. */
const UNTOLD = [
  'tls_client_certificate_bound_access_tokens',
  'mtls_endpoint_aliases',
  'grant_types_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'prompt_values_supported',
  'acr_values_supported',
  'display_values_supported',
  'claim_types_supported',
  'claims_parameter_supported',
  'request_parameter_supported',
  'require_request_uri_registration',
  'request_object_signing_alg_values_supported',
  'userinfo_signing_alg_values_supported',
  'id_token_encryption_alg_values_supported',
  'id_token_encryption_enc_values_supported',
  'userinfo_encryption_alg_values_supported',
  'userinfo_encryption_enc_values_supported',
  'authorization_response_iss_parameter_supported',
  'ui_locales_supported',
  'frontchannel_logout_session_supported',
  'backchannel_logout_supported',
  'backchannel_logout_session_supported',
]

export const ENTRA_METADATA: NonNullable<Description['metadata']> = {
  v1: {
    omit: UNTOLD,
    add: {
      ...DOCUMENT,
      response_types_supported: [...RESPONSE_TYPES, 'token id_token', 'token'],
      scopes_supported: ['openid'],
      claims_supported: [...CLAIMS_SUPPORTED, 'amr', 'given_name', 'family_name', 'nickname'],
      microsoft_multi_refresh_token: true,
    },
  },
  v2: {
    omit: UNTOLD,
    add: {
      ...DOCUMENT,
      response_types_supported: RESPONSE_TYPES,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      // The real one is Graph's, on a host of its own.
      userinfo_endpoint: '{caller_base}/oidc/userinfo',
      claims_supported: [...CLAIMS_SUPPORTED, 'preferred_username'],
      rbac_url: 'https://pas.windows.net',
    },
  },
}
