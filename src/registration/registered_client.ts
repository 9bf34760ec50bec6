import type { ClientConfig } from '../context.ts'
import { sortedWords } from '../protocol/response_types.ts'
import { parseScope } from '../protocol/scope.ts'
import type { Registered } from './defaults.ts'

/** A client that registered itself, as the store keeps it. */
export interface RegisteredClient {
  readonly config: ClientConfig
  /** As the client wrote it, with the defaults. */
  readonly metadata: Registered
  /** Seconds. */
  readonly issued_at: number
  readonly registration_access_token: string
}

/** Who the client is, which it does not choose. */
interface Identity {
  readonly client_id: string
  readonly client_secret: string | undefined
}

/** The client as the rest of the provider knows clients. */
export function configOf(metadata: Registered, { client_id, client_secret }: Identity): ClientConfig {
  const { scope, response_types, token_endpoint_auth_method } = metadata
  const {
    redirect_uris = [],
    post_logout_redirect_uris = [],
    request_uris = [],
    default_acr_values = [],
  } = metadata
  return {
    ...metadata,
    client_id,
    secrets: client_secret === undefined ? [] : [client_secret],
    scopes: scope === undefined ? undefined : parseScope(scope),
    response_types: response_types.map(sortedWords),
    redirect_uris,
    post_logout_redirect_uris,
    request_uris,
    default_acr_values,
    frontchannel_logout_session_required: metadata.frontchannel_logout_session_required ?? true,
    backchannel_logout_session_required: metadata.backchannel_logout_session_required ?? true,
    tls_client_certificate_bound_access_tokens: metadata.tls_client_certificate_bound_access_tokens ?? false,
    // Public clients MUST use PKCE. https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.1
    require_pkce: token_endpoint_auth_method === 'none',
    ...UNREGISTRABLE,
  }
}

/** What only the configuration can give to a client. */
const UNREGISTRABLE = {
  federated_credentials: [],
  audience: [],
  roles: [],
  claims: {},
  access_token: {},
  introspection: 'own',
  consent: false,
  id_token: { scope_claims: false },
  refresh_token: { rotate: true },
} as const
