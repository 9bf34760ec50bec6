import type { Level } from '../protocol/checks.ts'
import type { JsonObject } from './free_form.ts'
import type { Config } from './schema.ts'

type Tenant = NonNullable<Config['tenants']>[string]
type Client = Tenant['clients'][number]
type User = Tenant['users'][number]
type Resource = Tenant['resources'][number]

/** A configuration ready for use: defaults filled in, tenants in one list, files read. */
export interface ResolvedConfig {
  readonly server: ServerConfig
  readonly issuer: Config['issuer']
  /** Of every tenant that has none of its own; empty: one generated RS256 key. */
  readonly keys: readonly KeyConfig[]
  readonly tenants: readonly TenantConfig[]
  readonly control: ControlConfig
}

export interface ControlConfig {
  readonly enabled: boolean
  readonly token: string | undefined
  /** In lower case. */
  readonly hosts: readonly string[]
  /** `idle` in seconds. */
  readonly sandboxes: { readonly most: number; readonly idle: number }
}

/** Where the provider listens and is seen. */
export type ServerConfig = Omit<Config['server'], 'tls'> & { readonly tls: TlsConfig | undefined }

export interface TlsConfig {
  readonly port: number
  /** PEM, or a certificate of the own CA. */
  readonly certificate: 'auto' | { readonly cert: string; readonly key: string }
  readonly names: readonly string[]
  /** PEM; null: client certificates of no CA are trusted. */
  readonly client_ca: 'auto' | string | null
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
  readonly findings: FindingLevels
  readonly lifetimes: Lifetimes
  /** Empty: the server's. */
  readonly keys: readonly KeyConfig[]
  readonly resources: readonly ResourceConfig[]
  readonly clients: readonly ClientConfig[]
  readonly users: readonly UserConfig[]
  /** Scope tokens of the tenant's own, each with the claims that it releases. */
  readonly scopes: Readonly<Record<string, readonly string[]>>
  readonly login: LoginConfig
  readonly registration: RegistrationConfig
  readonly entra: TenantEntra
  readonly managed_identity: ManagedIdentityConfig
}

/** What Entra ID alone has; every dialect ignores it but `entra`. */
export interface TenantEntra extends NonNullable<Tenant['entra']> {
  readonly policies: string[]
}

export interface ManagedIdentityConfig {
  /** The value of IDENTITY_HEADER; absent: random. */
  readonly header?: string | undefined
  /** What proves that an application is on the machine; absent: Azure Arc gives no tokens. */
  readonly arc_key?: { readonly name: string; readonly content: string } | undefined
  /** Absent: one that the system assigned. */
  readonly identities?: readonly IdentityConfig[] | undefined
}

type IdentityConfig = NonNullable<NonNullable<Tenant['managed_identity']>['identities']>[number]

/** Seconds; what is absent the dialect decides, and else the provider. */
interface Lifetimes {
  readonly access_token?: number
  readonly id_token?: number
  readonly refresh_token?: number
  readonly code?: number
  readonly session?: number
  readonly device_code?: number
}

export interface LoginConfig {
  readonly mode: 'picker' | 'form' | 'auto'
  /** The `acr` values that a login can have, the usual one first. */
  readonly acr_values: readonly string[]
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3 */
export interface RegistrationConfig {
  readonly enabled: boolean
  readonly initial_access_token?: string | undefined
  /** Origins that URLs of registered clients may have the provider fetch from or post to. */
  readonly allowed_origins: readonly string[]
}

/** The places where claims of a user can stand. */
export type ClaimPlace = 'id_token' | 'access_token' | 'userinfo'

/** A user; its standard claims under their names. @see https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims */
export interface UserConfig {
  readonly username: string
  readonly sub?: string | undefined
  /** Without one any password signs in. */
  readonly password?: string | undefined
  /** `name`, `email`, `address` and the other standard claims that are set. */
  readonly standard: JsonObject
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly claims: JsonObject
  /** A claim that is named here stands only where it is named; the others stand everywhere. */
  readonly claims_in: Readonly<Partial<Record<ClaimPlace, readonly string[]>>>
  readonly status: User['status']
  readonly entra?: User['entra']
}

/** How findings count; what is not named counts as its rule has it. */
export interface FindingLevels {
  readonly default?: Level | undefined
  readonly rules: Readonly<Record<string, Level>>
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
  readonly entra?: Resource['entra']
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
  /** @see https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2 */
  readonly tls_client_auth_subject_dn?: string | undefined
  readonly tls_client_auth_san_dns?: string | undefined
  readonly tls_client_auth_san_uri?: string | undefined
  readonly tls_client_auth_san_ip?: string | undefined
  readonly tls_client_auth_san_email?: string | undefined
  readonly tls_client_certificate_bound_access_tokens: boolean
  readonly federated_credentials: readonly Client['federated_credentials'][number][]
  /** Absent: nothing beside the defaults. */
  readonly entra?: Client['entra']
  readonly audience: readonly string[]
  /** `undefined`: every declared scope. */
  readonly scopes?: readonly string[] | undefined
  readonly roles: readonly string[]
  readonly claims: JsonObject
  readonly access_token: AccessTokenConfig
  readonly introspection: 'own' | 'any'
  readonly introspection_signed_response_alg?: string | undefined
  readonly sub?: string | undefined
  readonly redirect_uris: readonly string[]
  readonly post_logout_redirect_uris: readonly string[]
  /** Each as `code id_token`, its words in alphabetical order. */
  readonly response_types: readonly string[]
  readonly require_pkce: boolean
  /** Asks the user before the client gets what it asked for. */
  readonly consent: boolean
  readonly default_max_age?: number | undefined
  readonly require_auth_time: boolean
  readonly default_acr_values: readonly string[]
  readonly subject_type: 'public' | 'pairwise'
  readonly sector_identifier_uri?: string | undefined
  readonly id_token: { readonly lifetime?: number | undefined; readonly scope_claims: boolean }
  readonly id_token_signed_response_alg?: string | undefined
  readonly id_token_encrypted_response_alg?: string | undefined
  readonly id_token_encrypted_response_enc?: string | undefined
  readonly userinfo_signed_response_alg?: string | undefined
  readonly userinfo_encrypted_response_alg?: string | undefined
  readonly userinfo_encrypted_response_enc?: string | undefined
  readonly request_object_signing_alg?: string | undefined
  readonly request_uris: readonly string[]
  readonly refresh_token: {
    readonly lifetime?: number | undefined
    readonly rotate?: boolean | undefined
  }
  readonly frontchannel_logout_uri?: string | undefined
  readonly frontchannel_logout_session_required: boolean
  readonly backchannel_logout_uri?: string | undefined
  readonly backchannel_logout_session_required: boolean
  readonly initiate_login_uri?: string | undefined
  readonly client_uri?: string | undefined
  readonly logo_uri?: string | undefined
  readonly policy_uri?: string | undefined
  readonly tos_uri?: string | undefined
}
