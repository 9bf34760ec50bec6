import { CERTIFICATE_NAMES } from '../protocol/certificate_names.ts'
import { responseTypesOf } from '../protocol/response_types.ts'
import { lacks, PUBLIC_KEYS, SECRETS } from './check_rules.ts'
import type { ClientConfig } from './config.ts'
import type { Files } from './files.ts'
import { grantTypesOf, usableGrantTypes } from './grant_types.ts'
import type { Names } from './names.ts'
import { resolveSignIn } from './resolve_sign_in.ts'
import type { Config } from './schema.ts'

type Client = Config['clients'][number]

const CREDENTIALS = [...SECRETS, ...PUBLIC_KEYS, ...CERTIFICATE_NAMES]

/** What clients may use who say nothing, where the provider registers no grant types. */
export function grantsOfDialect(dialect: string, names: Names): readonly string[] | undefined {
  return names.withoutGrantTypes?.includes(dialect) ? names.grants : undefined
}

/**
 * A client that passed the checks, made ready for use.
 * @param grants those of the dialect
 */
export function resolveClient(client: Client, files: Files, grants?: readonly string[]): ClientConfig {
  // Two literals joined: to spread one of them, or to copy the rest, takes a hundred times as long.
  return Object.assign(resolveOwn(client, files, grants), resolveSignIn(client))
}

/** Who the client is, and what it gets for itself. */
function resolveOwn(client: Client, files: Files, grants: readonly string[] | undefined) {
  const { audience, scope } = client
  const grant_types = grants === undefined ? grantTypesOf(client) : usableGrantTypes(client, grants)
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
    certificate: client.certificate ?? (client.certificate_file && files.content(client.certificate_file)),
    tls_client_auth_subject_dn: client.tls_client_auth_subject_dn,
    tls_client_auth_san_dns: client.tls_client_auth_san_dns,
    tls_client_auth_san_uri: client.tls_client_auth_san_uri,
    tls_client_auth_san_ip: client.tls_client_auth_san_ip,
    tls_client_auth_san_email: client.tls_client_auth_san_email,
    tls_client_certificate_bound_access_tokens: client.tls_client_certificate_bound_access_tokens,
    federated_credentials: client.federated_credentials,
    entra: client.entra,
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
  if (client.token_endpoint_auth_method === 'none') return true
  return lacks(client, CREDENTIALS) && client.federated_credentials.length === 0
}
