import type { Level } from '../protocol/checks.ts'
import type { JsonObject } from './free_form.ts'
import type { Config } from './schema.ts'

/** A configuration ready for use: defaults filled in, tenants in one list, files read. */
export interface ResolvedConfig {
  readonly server: Config['server']
  readonly issuer: Config['issuer']
  /** Of every tenant that has none of its own; empty: one generated RS256 key. */
  readonly keys: readonly KeyConfig[]
  readonly tenants: readonly TenantConfig[]
}

export interface TenantConfig {
  readonly name: string
  /** Whether the top level describes it: it answers at the root. */
  readonly isRoot: boolean
  readonly id?: string
  readonly aliases: readonly string[]
  /** In lower case. */
  readonly hosts: readonly string[]
  readonly dialect: string
  readonly strictness: Strictness
  readonly lifetimes: { readonly access_token?: number }
  /** Empty: the server's. */
  readonly keys: readonly KeyConfig[]
  readonly resources: readonly ResourceConfig[]
  readonly clients: readonly ClientConfig[]
}

export interface Strictness {
  readonly default: Level
  readonly checks: Readonly<Record<string, Level>>
}

/** Without `pem` and `jwk` the key is generated. */
export interface KeyConfig {
  readonly alg?: string
  readonly kid?: string
  readonly status: 'active' | 'published' | 'hidden'
  readonly pem?: string
  readonly jwk?: JsonObject
  /** Where it stands in the configuration, for messages: `keys[0]`. */
  readonly at: string
}

interface AccessTokenConfig {
  readonly format?: 'jwt' | 'opaque' | undefined
  readonly lifetime?: number | undefined
  readonly signing_alg?: string | undefined
}

export interface ResourceConfig {
  readonly identifier: string
  readonly id?: string | undefined
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly claims: JsonObject
  readonly access_token: AccessTokenConfig & { readonly version?: number | undefined }
}

/** Client metadata, with every secret in `secrets` and files in place of their names. */
export interface ClientConfig {
  readonly client_id: string
  readonly client_name?: string | undefined
  readonly secrets: readonly string[]
  readonly grant_types: readonly string[]
  readonly token_endpoint_auth_method?: string | undefined
  readonly token_endpoint_auth_signing_alg?: string | undefined
  readonly jwks?: { readonly keys: readonly JsonObject[] } | undefined
  readonly jwks_uri?: string | undefined
  /** PEM. */
  readonly certificate?: string | undefined
  readonly audience: readonly string[]
  /** `undefined`: every declared scope. */
  readonly scopes?: readonly string[] | undefined
  readonly roles: readonly string[]
  readonly claims: JsonObject
  readonly access_token: AccessTokenConfig
  readonly introspection: 'own' | 'any'
  readonly introspection_signed_response_alg?: string | undefined
  readonly sub?: string | undefined
}
