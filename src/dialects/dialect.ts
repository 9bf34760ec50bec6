/**
 * A dialect says where things are and what they look like; it never says what is checked.
 * It is data: `describe.ts` turns a description into this compiled form.
 */
import type { Hooks } from '../hooks.ts'

export type EndpointName =
  | 'discovery'
  | 'jwks'
  | 'token'
  | 'introspection'
  | 'revocation'
  | 'userinfo'
  | 'service_documentation'
  | 'authorization'
  | 'login'
  | 'consent'
  | 'end_session'
  | 'end_session_confirmation'
  | 'registration'
  | 'admin_consent'
  | 'device_authorization'
  | 'device'

/** One of the provider's own APIs, or an application that is an API too. */
export interface KnownResource {
  readonly identifier: string
  readonly id: string
}

/** APIs that are there though nobody declares them. */
export interface KnownResources {
  /** One of the provider's own, by any of its names. */
  named(name: string): KnownResource | undefined
  /** The id of the application whose default name this is. */
  applicationOf(name: string): string | undefined
  /** Scopes as the provider's own APIs have them: nobody can list them all. */
  readonly scopes: RegExp
  /** Id of the one whose tokens open userinfo. */
  readonly userinfo: string
}

/** Where an endpoint may read its parameters from. */
export type Source = 'form' | 'query' | 'json'

/** One set of endpoints under one issuer. Most providers have one; Entra has v1 and v2. */
export interface Face {
  readonly name: string
  /** The issuer, with `{mount}` for the tenant's own URL. */
  readonly issuer: string
  /** The issuer that the real provider has, with `{tenant}` for the tenant's id; for tenants that shall look like it from outside. */
  readonly official?: string
  /** Paths under the tenant's mount. */
  readonly endpoints: Readonly<Partial<Record<EndpointName, string>>>
}

export interface Dialect {
  readonly name: string
  /** Route prefix of the only tenant, and of each of several; `:tenant` is its id. */
  readonly mount: {
    readonly only: string
    readonly named: string
    /** Where the issuers stand, if that is not where the endpoints do. */
    readonly issuer?: string
    /** Whether the first tenant's metadata is found at the root too, where nobody else is: for clients that name no tenant. */
    readonly metadataAtRoot?: boolean
  }
  /** Tenants that know each other; absent: every tenant is by itself. */
  readonly cloud?: {
    /** Names that stand for several tenants in a path, and whose users sign in there. */
    readonly realms: Readonly<Record<string, 'all' | 'organizations' | 'personal'>>
    /** What such an address shows in the place of a tenant's id. */
    readonly anyTenant: string
    /** Id of the tenant of personal accounts. */
    readonly personal: string
  }
  /** Its manners at the addresses of a user flow; there `:policy` is the name of the flow. */
  readonly flows?: readonly Dialect[]
  /** What a tenant is called in paths because it has a host of such a name: one ending for the other. */
  readonly hostNames?: Readonly<Record<string, string>>
  /** Tenants are found by GUID and name in any letter case, and one without an id gets a GUID. */
  readonly tenantIsGuid: boolean
  readonly faces: readonly Face[]
  /** Whether issuers follow the caller unless the configuration says it: its clients compare them with where they called. */
  readonly issuerMode: 'fixed' | 'request'
  /** Where a tenant is at home if both are served: clients of some providers refuse http. */
  readonly home: 'http' | 'https'
  /** Hosts of the real provider; a tenant that answers for one of them has the official issuers. */
  readonly officialHosts: readonly string[]
  readonly accepts: Readonly<Partial<Record<EndpointName, readonly Source[]>>>
  /** Where a client's credentials are read: in one place, as RFC 6749 §2.3 has it, or in the header before all others. */
  readonly credentials: 'one place' | 'header first'
  /** The query parameter without which the certificate of a client is not looked at; absent: it always is. */
  readonly certificateTrigger?: { readonly name: string; readonly value: string }
  /** Whether dates in an assertion may be numeric strings too. */
  readonly assertionDates: 'number' | 'number or string'
  /** The subject of a client's own tokens: its id, or a UUID that is always the same. */
  readonly clientSubject: 'client_id' | 'uuid'
  /** The subject of a user: the same for every client, or another for each, unless the configuration says it. */
  readonly userSubject: 'public' | 'pairwise'
  /** Where the roles of a user stand in a claim `roles`, unless their `claims_in` says it. */
  readonly rolesIn: readonly ('id_token' | 'access_token' | 'userinfo')[]
  /** Where the groups of a user stand as they are configured; elsewhere the dialect says it. */
  readonly groupsIn: readonly ('id_token' | 'access_token' | 'userinfo')[]
  /** Which roles of a user ID tokens have: all, or without those that APIs declare and the client is none of. */
  readonly idTokenRoles: 'all' | 'of the client'
  readonly resources?: KnownResources
  /** Scopes that every client is granted for a user, whatever it asks for. */
  readonly defaultScopes: readonly string[]
  /** What a refresh may ask for: what was granted, or, where nobody is asked for consent, all that the client may have. */
  readonly refreshScope: 'granted' | 'allowed'
  /** What a JWT as a grant is: one that the client signed about a user, or a user's token for the client itself. */
  readonly jwtBearer: 'assertion' | 'on behalf of'
  /** Whether a refresh token ends when it is used, unless the client is configured for it. */
  readonly refreshTokens: 'used once' | 'used again'
  /** Whether redirect URIs have types, of which one is for scripts alone; so many seconds their refresh tokens live. */
  readonly scripts?: { readonly refreshTokens: number } | undefined
  /** Whether clients can have only those users sign in who have a role of theirs. */
  readonly assignsUsers: boolean
  /** How a user proves more than a password: at every login page, or where the claims parameter asks for it. */
  readonly stepUp: 'at login' | 'by claims'
  /** What login_hint is where a client wants no page: advice, or who has to be signed in. */
  readonly silentHint: 'advice' | 'condition'
  /** Whether a person must agree where nothing proves who asks for a logout, or all go at once to any registered URI. */
  readonly logout: 'confirmed' | 'at once'
  /** Parameters of an authorization request that its answer is made of. */
  readonly replyParams: readonly string[]
  /** Seconds, where the configuration says nothing. */
  readonly lifetimes: {
    readonly code: number
    readonly id_token: number
    readonly refresh_token: number
    readonly device_code: number
  }
  /** What a person types at the device page: its characters, and how many stand between two dashes. */
  readonly userCode: { readonly alphabet: string; readonly groups: readonly number[] }
  /** Whether clients register what grants they use, or use any that their kind allows. */
  readonly grantTypes: 'registered' | 'any'
  /** Whom a token is for where nobody says: the provider itself, or the resources whose roles the client has. */
  readonly defaultAudience: 'provider' | 'role owners'
  readonly accessToken: {
    readonly format: 'jwt' | 'opaque'
    readonly lifetime: number
    /** Token versions a resource may choose; the first is the default. */
    readonly versions: readonly number[]
    /** The text of an opaque one. */
    readonly opaque: { readonly alphabet: 'base64url' | 'alphanumeric'; readonly length: number }
    /** Claims of which every JWT has one, by which it is told from an ID token; none: ID tokens tell themselves. */
    readonly marks: readonly string[]
  }
  /** Keys are shown with a certificate; `x5t` makes its thumbprint the `kid`. */
  readonly keys: { readonly certificate: boolean; readonly kid: 'own' | 'x5t' }
  readonly hooks: Hooks
}
