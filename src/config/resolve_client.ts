import { responseTypesOf } from '../protocol/response_types.ts'
import { lacks, PUBLIC_KEYS, SECRETS } from './check_rules.ts'
import type { ClientConfig } from './config.ts'
import type { Files } from './files.ts'
import { grantTypesOf } from './grant_types.ts'
import { resolveSignIn } from './resolve_sign_in.ts'
import type { Config } from './schema.ts'

type Client = Config['clients'][number]

const CREDENTIALS = [...SECRETS, ...PUBLIC_KEYS]

/** A client that passed the checks, made ready for use. */
export function resolveClient(client: Client, files: Files): ClientConfig {
  // Two literals joined: to spread one of them, or to copy the rest, takes a hundred times as long.
  return Object.assign(resolveOwn(client, files), resolveSignIn(client))
}

/** Who the client is, and what it gets for itself. */
function resolveOwn(client: Client, files: Files) {
  const { audience, scope } = client
  const grant_types = grantTypesOf(client)
  return {
    client_id: client.client_id,
    client_name: client.client_name,
    client_uri: client.client_uri,
    logo_uri: client.logo_uri,
    policy_uri: client.policy_uri,
    tos_uri: client.tos_uri,
    secrets: secretsOf(client, files),
    grant_types,
    response_types: client.response_types ?? responseTypesOf(grant_types),
    require_pkce: client.require_pkce ?? (isPublic(client) && grant_types.includes('authorization_code')),
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    token_endpoint_auth_signing_alg: client.token_endpoint_auth_signing_alg,
    jwks: client.jwks,
    jwks_uri: client.jwks_uri,
    certificate: client.certificate_file && files.content(client.certificate_file),
    audience: typeof audience === 'string' ? [audience] : (audience ?? []),
    scopes: scope === undefined ? undefined : scope === '' ? [] : scope.split(' '),
    roles: client.roles,
    claims: client.claims,
    access_token: client.access_token,
    introspection: client.introspection,
    introspection_signed_response_alg: client.introspection_signed_response_alg,
    sub: client.sub,
  }
}

/** What a file holds that keeps a secret. */
export function secretIn(file: string, files: Files): string {
  return files.content(file).replace(/\r?\n$/, '')
}

function secretsOf({ client_secret, client_secret_file, secrets }: Client, files: Files): readonly string[] {
  if (client_secret !== undefined) return [client_secret]
  if (client_secret_file !== undefined) return [secretIn(client_secret_file, files)]
  return secrets ?? []
}

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.1 */
function isPublic(client: Client): boolean {
  return client.token_endpoint_auth_method === 'none' || lacks(client, CREDENTIALS)
}
