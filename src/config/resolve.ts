import { resolve as joinPath } from 'node:path'
import type {
  ClientConfig,
  KeyConfig,
  ResolvedConfig,
  ResourceConfig,
  Strictness,
  TenantConfig,
} from './config.ts'
import type { Config } from './schema.ts'

export type {
  ClientConfig,
  KeyConfig,
  ResolvedConfig,
  ResourceConfig,
  TenantConfig,
} from './config.ts'

type Tenant = NonNullable<Config['tenants']>[string]
type Client = Tenant['clients'][number]
type Key = Tenant['keys'][number]

/** Where relative paths begin, and what the files hold that the checks have read. */
export interface Files {
  readonly directory: string
  readonly content: (file: string) => string
}

/** A configuration that passed the checks, made ready for use. */
export function resolve(config: Config, files: Files): ResolvedConfig {
  const { server, issuer, tenants } = config
  const named = Object.entries(tenants ?? {})
  return {
    server: { ...server, state_dir: server.state_dir && joinPath(files.directory, server.state_dir) },
    issuer,
    keys: resolveKeys(config.keys, 'keys', files),
    tenants: tenants
      ? named.map(([name, tenant]) => ({ ...resolveTenant(tenant, { name, config }, files), isRoot: false }))
      : [{ ...resolveTenant({ ...config, keys: [] }, { name: 'default', config }, files), isRoot: true }],
  }
}

function resolveTenant(
  tenant: Tenant,
  { name, config }: { name: string; config: Config },
  files: Files,
): Omit<TenantConfig, 'isRoot'> {
  const lifetime = tenant.lifetimes.access_token ?? config.lifetimes.access_token
  return {
    name,
    ...(tenant.id !== undefined && { id: tenant.id }),
    aliases: tenant.aliases,
    hosts: tenant.hosts.map((host) => host.toLowerCase()),
    dialect: tenant.dialect ?? config.dialect,
    strictness: resolveStrictness(tenant.strictness, resolveStrictness(config.strictness)),
    lifetimes: lifetime === undefined ? {} : { access_token: lifetime },
    keys: resolveKeys(tenant.keys, `tenants.${name}.keys`, files),
    resources: tenant.resources satisfies ResourceConfig[],
    clients: tenant.clients.map((client) => resolveClient(client, files)),
  }
}

/** A level stands for all checks; a map changes what the level above says. */
function resolveStrictness(
  given: Tenant['strictness'],
  above: Strictness = { default: 'strict', checks: {} },
): Strictness {
  if (given === undefined) return above
  if (typeof given === 'string') return { default: given, checks: {} }
  const { default: level = above.default, ...checks } = given
  return { default: level, checks: { ...above.checks, ...checks } as Strictness['checks'] }
}

function resolveKeys(keys: readonly Key[], at: string, files: Files): KeyConfig[] {
  return keys.map(({ file, ...key }, index) => ({
    ...(key.alg !== undefined && { alg: key.alg }),
    ...(key.kid !== undefined && { kid: key.kid }),
    status: key.status,
    ...(key.jwk !== undefined && { jwk: key.jwk }),
    ...(file !== undefined && keyMaterial(files.content(file))),
    at: `${at}[${index}]`,
  }))
}

/** A key file holds a JWK or else PEM; what does not parse is left to the keys to explain. */
function keyMaterial(content: string): Pick<KeyConfig, 'jwk'> | Pick<KeyConfig, 'pem'> {
  if (!content.trimStart().startsWith('{')) return { pem: content }
  try {
    return { jwk: JSON.parse(content) }
  } catch {
    return { pem: content }
  }
}

function resolveClient(client: Client, files: Files): ClientConfig {
  const { audience, scope } = client
  return {
    client_id: client.client_id,
    client_name: client.client_name,
    secrets: secretsOf(client, files),
    grant_types: client.grant_types,
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

function secretsOf({ client_secret, client_secret_file, secrets }: Client, files: Files): readonly string[] {
  if (client_secret !== undefined) return [client_secret]
  if (client_secret_file !== undefined) return [files.content(client_secret_file).replace(/\r?\n$/, '')]
  return secrets ?? []
}
