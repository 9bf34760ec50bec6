import { basename, resolve as joinPath } from 'node:path'
import type {
  ControlConfig,
  FindingLevels,
  KeyConfig,
  LoginConfig,
  ManagedIdentityConfig,
  RegistrationConfig,
  ResolvedConfig,
  ResourceConfig,
  ServerConfig,
  Strictness,
  TenantConfig,
  TenantEntra,
  TlsConfig,
} from './config.ts'
import type { Files } from './files.ts'
import { given } from './given.ts'
import type { Names } from './names.ts'
import { HTTPS_PORT } from './port.ts'
import { grantsOfDialect, resolveClient, secretIn } from './resolve_client.ts'
import { resolveUser } from './resolve_user.ts'
import type { Config } from './schema.ts'

export type {
  ClaimPlace,
  ClientConfig,
  KeyConfig,
  ResolvedConfig,
  ResourceConfig,
  ServerConfig,
  TenantConfig,
  TlsConfig,
  UserConfig,
} from './config.ts'

type Tenant = NonNullable<Config['tenants']>[string]
type Key = Tenant['keys'][number]

/** A configuration that passed the checks, made ready for use. */
export function resolve(config: Config, files: Files, names: Names): ResolvedConfig {
  const { server, issuer, tenants, control } = config
  const named = Object.entries(tenants ?? {})
  return {
    server: resolveServer(server, files),
    issuer,
    keys: resolveKeys(config.keys, 'keys', files),
    control: resolveControl(control, files),
    tenants: tenants
      ? named.map(([name, tenant]) => ({
          ...resolveTenant(tenant, { name, config, names }, files),
          isRoot: false,
        }))
      : [
          {
            ...resolveTenant({ ...config, keys: [] }, { name: 'default', config, names }, files),
            isRoot: true,
          },
        ],
  }
}

function resolveControl(
  { token, token_file, hosts, ...control }: Config['control'],
  files: Files,
): ControlConfig {
  return {
    ...control,
    token: token ?? (token_file === undefined ? undefined : secretIn(token_file, files)),
    hosts: hosts.map((host) => host.toLowerCase()),
  }
}

function resolveServer(server: Config['server'], files: Files): ServerConfig {
  const { tls, state_dir } = server
  return {
    ...server,
    state_dir: state_dir && joinPath(files.directory, state_dir),
    tls: tls && resolveTls(tls, server.port === 0, files),
  }
}

/** Who takes any port for http takes any for https. */
function resolveTls(
  { port, certificate, names, client_ca }: NonNullable<Config['server']['tls']>,
  anyPort: boolean,
  files: Files,
): TlsConfig {
  return {
    port: port ?? (anyPort ? 0 : HTTPS_PORT),
    certificate:
      certificate === 'auto'
        ? 'auto'
        : { cert: files.content(certificate.cert_file), key: files.content(certificate.key_file) },
    names,
    client_ca: client_ca === null || client_ca === 'auto' ? client_ca : files.content(client_ca),
  }
}

function resolveTenant(
  tenant: Tenant,
  { name, config, names }: { name: string; config: Config; names: Names },
  files: Files,
): Omit<TenantConfig, 'isRoot'> {
  const dialect = tenant.dialect ?? config.dialect
  const grants = grantsOfDialect(dialect, names)
  return {
    name,
    ...(tenant.id !== undefined && { id: tenant.id }),
    aliases: tenant.aliases,
    hosts: tenant.hosts.map((host) => host.toLowerCase()),
    dialect,
    strictness: resolveStrictness(tenant.strictness, resolveStrictness(config.strictness)),
    findings: resolveFindings(tenant.findings, resolveFindings(config.findings)),
    lifetimes: { ...given(config.lifetimes), ...given(tenant.lifetimes) },
    keys: resolveKeys(tenant.keys, `tenants.${name}.keys`, files),
    resources: tenant.resources satisfies ResourceConfig[],
    clients: tenant.clients.map((client) => resolveClient(client, files, grants)),
    users: tenant.users.map(resolveUser),
    // No prototype: a scope is any token, also toString.
    scopes: Object.assign(Object.create(null), tenant.scopes ?? config.scopes),
    login: resolveLogin(tenant, config),
    registration: resolveRegistration(tenant, config, files),
    entra: resolveEntra(tenant, config),
    managed_identity: resolveManagedIdentity(tenant, files),
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

/** What the top level says of Entra ID is for the tenants that speak its dialect. */
function resolveEntra(tenant: Tenant, config: Config): TenantEntra {
  const shared = (tenant.dialect ?? config.dialect) === 'entra' ? (config.entra ?? {}) : {}
  return { policies: [], ...given(shared), ...given(tenant.entra ?? {}) }
}

function resolveManagedIdentity(
  { managed_identity: { header, header_file, arc_key_file, identities } = {} }: Tenant,
  files: Files,
): ManagedIdentityConfig {
  return {
    header: header ?? (header_file && secretIn(header_file, files)),
    arc_key:
      arc_key_file === undefined
        ? undefined
        : { name: basename(arc_key_file), content: secretIn(arc_key_file, files) },
    identities,
  }
}

function initialToken({ registration }: Pick<Tenant, 'registration'>, files: Files): string | undefined {
  const { initial_access_token, initial_access_token_file } = registration
  return initial_access_token ?? (initial_access_token_file && secretIn(initial_access_token_file, files))
}

/** A level stands for all checks; a map changes what the level above says. */
export function resolveStrictness(
  own: Tenant['strictness'],
  above: Strictness = { default: 'strict', checks: {} },
): Strictness {
  if (own === undefined) return above
  if (typeof own === 'string') return { default: own, checks: {} }
  const { default: level = above.default, ...checks } = own
  return { default: level, checks: { ...above.checks, ...checks } as Strictness['checks'] }
}

/** The same for the rules of findings. */
export function resolveFindings(
  own: Tenant['findings'],
  above: FindingLevels = { rules: {} },
): FindingLevels {
  if (own === undefined) return above
  if (typeof own === 'string') return { default: own, rules: {} }
  const { default: level = above.default, ...rules } = own
  return { default: level, rules: { ...above.rules, ...rules } as FindingLevels['rules'] }
}

/** `at` is where the list stands, for messages. */
export function resolveKeys(keys: readonly Key[], at: string, files: Files): KeyConfig[] {
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
