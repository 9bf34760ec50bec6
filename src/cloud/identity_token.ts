/** Tokens of managed identities: signed like all others, so that an API verifies them as it would in Azure. */
import type { ClientConfig, Context } from '../context.ts'
import { refuse } from '../endpoints/answer.ts'
import { OAuthError } from '../protocol/errors.ts'
import { objectOf } from '../protocol/json.ts'
import type { Request } from '../protocol/messages.ts'
import { issueAccessToken } from '../tokens/access_token.ts'
import type { Visited } from './cloud_service.ts'
import type { Chosen, Identity } from './identity.ts'

const DAY = 86_400

/** The members that answers are made of; numbers are text in all of them. */
export interface IdentityToken {
  readonly access_token: string
  readonly client_id: string
  readonly expires_in: string
  readonly expires_on: string
  readonly ext_expires_in: string
  readonly not_before: string
  readonly resource: string
  readonly token_type: string
  /** The selector, as it came. */
  readonly [selector: string]: string
}

/**
 * A token of the identity for a resource, under the issuer that the tenant has at home: a machine's own address is
 * none that an API would know.
 * @throws OAuthError resource.unknown, with the text that Entra has for it
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export async function identityToken(
  { identity, selector }: Chosen,
  resource: string,
  { request, at }: { readonly request: Request; readonly at: Visited },
): Promise<IdentityToken> {
  const cx = forADay(at.home(identity.tenant))
  cx.exchange.client_id = identity.client_id
  const token = await issueAccessToken(
    {
      client: clientOf(identity),
      proof: 'assertion',
      grant_type: 'client_credentials',
      params: new Map([['audience', [resource]]]),
      confirmation: undefined,
    },
    cx,
  ).catch((error: unknown) => {
    throw error instanceof OAuthError ? inItsWords(error, request, cx) : error
  })
  const { exp, nbf } = objectOf(token.claims)
  const seconds = String(token.expires_in - 1)
  return {
    access_token: token.text,
    client_id: identity.client_id,
    expires_in: seconds,
    expires_on: String(exp),
    ext_expires_in: seconds,
    not_before: String(nbf),
    resource,
    token_type: 'Bearer',
    ...selector,
  }
}

/** Longer than others, unless a lifetime is configured. */
function forADay(cx: Context): Context {
  const { config } = cx.tenant
  const lifetimes = { access_token: DAY, ...config.lifetimes }
  return { ...cx, tenant: { ...cx.tenant, config: { ...config, lifetimes } } }
}

/** The identity as issuing tokens knows clients. */
function clientOf({ client_id, object_id, resource_id, roles }: Identity): ClientConfig {
  return {
    ...NOBODY,
    client_id,
    sub: object_id,
    roles,
    claims: { xms_mirid: resource_id },
  }
}

/** A client that asks for nothing. */
const NOBODY = {
  secrets: [],
  grant_types: ['client_credentials'],
  response_types: [],
  scopes: [],
  audience: [],
  access_token: {},
  introspection: 'own',
  federated_credentials: [],
  tls_client_certificate_bound_access_tokens: false,
  redirect_uris: [],
  post_logout_redirect_uris: [],
  request_uris: [],
  default_acr_values: [],
  require_pkce: false,
  require_auth_time: false,
  consent: false,
  subject_type: 'public',
  id_token: { scope_claims: false },
  refresh_token: { rotate: false },
  frontchannel_logout_session_required: false,
  backchannel_logout_session_required: false,
} as const

/** The refusal with the code and the text that the dialect's token endpoint has for it. */
function inItsWords(error: OAuthError, request: Request, cx: Context): OAuthError {
  const { body } = refuse(error, request, cx)
  const { error: code, error_description: wire } = Array.isArray(body) ? objectOf(body) : {}
  const detail = { ...error.detail, ...(code !== undefined && { code }), ...(wire !== undefined && { wire }) }
  return new OAuthError(error.reason, error.message, { detail, cause: error })
}
