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
  /** Whom a token is for where nobody says: the provider itself, or the resources whose roles the client has. */
  readonly defaultAudience: 'provider' | 'role owners'
  readonly accessToken: {
    readonly format: 'jwt' | 'opaque'
    readonly lifetime: number
    /** Token versions a resource may choose; the first is the default. */
    readonly versions: readonly number[]
    /** The text of an opaque one. */
    readonly opaque: { readonly alphabet: 'base64url' | 'alphanumeric'; readonly length: number }
  }
  /** Keys are shown with a certificate; `x5t` makes its thumbprint the `kid`. */
  readonly keys: { readonly certificate: boolean; readonly kid: 'own' | 'x5t' }
  readonly hooks: Hooks
}
