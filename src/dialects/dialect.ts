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

/** Where an endpoint may read its parameters from. */
export type Source = 'form' | 'query' | 'json'

/** One set of endpoints under one issuer. Most providers have one; Entra has v1 and v2. */
export interface Face {
  readonly name: string
  /** The issuer, with `{mount}` for the tenant's own URL. */
  readonly issuer: string
  /** Paths under the tenant's mount. */
  readonly endpoints: Readonly<Partial<Record<EndpointName, string>>>
}

export interface Dialect {
  readonly name: string
  /** Route prefix of the only tenant, and of each of several; `:tenant` is its id. */
  readonly mount: { readonly only: string; readonly named: string }
  /** Tenants are found by GUID and name in any letter case, and one without an id gets a GUID. */
  readonly tenantIsGuid: boolean
  readonly faces: readonly Face[]
  readonly accepts: Readonly<Partial<Record<EndpointName, readonly Source[]>>>
  /** Where a client's credentials are read: in one place, as RFC 6749 §2.3 has it, or in the header before all others. */
  readonly credentials: 'one place' | 'header first'
  /** Whether dates in an assertion may be numeric strings too. */
  readonly assertionDates: 'number' | 'number or string'
  /** The subject of a client's own tokens: its id, or a UUID that is always the same. */
  readonly clientSubject: 'client_id' | 'uuid'
  /** The subject of a user: the same for every client, or another for each, unless the configuration says it. */
  readonly userSubject: 'public' | 'pairwise'
  /** Where the roles of a user stand in a claim `roles`, unless their `claims_in` says it. */
  readonly rolesIn: readonly ('id_token' | 'access_token' | 'userinfo')[]
  /** Scopes that every client is granted for a user, whatever it asks for. */
  readonly defaultScopes: readonly string[]
  /** What a refresh may ask for: what was granted, or, where nobody is asked for consent, all that the client may have. */
  readonly refreshScope: 'granted' | 'allowed'
  /** Seconds, where the configuration says nothing. */
  readonly lifetimes: { readonly id_token: number; readonly refresh_token: number }
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
