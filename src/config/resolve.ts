import { resolve as joinPath } from 'node:path'
import type {
  KeyConfig,
  LoginConfig,
  RegistrationConfig,
  ResolvedConfig,
  ResourceConfig,
  Strictness,
  TenantConfig,
} from './config.ts'
import type { Files } from './files.ts'
import { given } from './given.ts'
import { resolveClient, secretIn } from './resolve_client.ts'
import { resolveUser } from './resolve_user.ts'
import type { Config } from './schema.ts'

export type {
  ClaimPlace,
  ClientConfig,
  KeyConfig,
  ResolvedConfig,
  ResourceConfig,
  TenantConfig,
  UserConfig,
} from './config.ts'

type Tenant = NonNullable<Config['tenants']>[string]
type Key = Tenant['keys'][number]

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
  return {
    name,
    ...(tenant.id !== undefined && { id: tenant.id }),
    aliases: tenant.aliases,
    hosts: tenant.hosts.map((host) => host.toLowerCase()),
    dialect: tenant.dialect ?? config.dialect,
    strictness: resolveStrictness(tenant.strictness, resolveStrictness(config.strictness)),
    lifetimes: { ...given(config.lifetimes), ...given(tenant.lifetimes) },
    keys: resolveKeys(tenant.keys, `tenants.${name}.keys`, files),
    resources: tenant.resources satisfies ResourceConfig[],
    clients: tenant.clients.map((client) => resolveClient(client, files)),
    users: tenant.users.map(resolveUser),
    // No prototype: a scope is any token, also toString.
    scopes: Object.assign(Object.create(null), tenant.scopes ?? config.scopes),
    login: resolveLogin(tenant, config),
    registration: resolveRegistration(tenant, config, files),
  }
}

function resolveLogin(tenant: Tenant, config: Config): LoginConfig {
  return { mode: 'picker', acr_values: ['1'], ...given(config.login), ...given(tenant.login) }
}

function resolveRegistration(tenant: Tenant, config: Config, files: Files): RegistrationConfig {
  const { enabled = false, allowed_origins = [] } = {
    ...given(config.registration),
    ...given(tenant.registration),
  }
  return {
    enabled,
    initial_access_token: initialToken(tenant, files) ?? initialToken(config, files),
    allowed_origins: allowed_origins.map((origin) => new URL(origin).origin),
  }
}

function initialToken({ registration }: Pick<Tenant, 'registration'>, files: Files): string | undefined {
  const { initial_access_token, initial_access_token_file } = registration
  return initial_access_token ?? (initial_access_token_file && secretIn(initial_access_token_file, files))
}

/** A level stands for all checks; a map changes what the level above says. */
function resolveStrictness(
  own: Tenant['strictness'],
  above: Strictness = { default: 'strict', checks: {} },
): Strictness {
  if (own === undefined) return above
  if (typeof own === 'string') return { default: own, checks: {} }
  const { default: level = above.default, ...checks } = own
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
