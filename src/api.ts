/** What a test is given to hold: the types of the library. */
import type { Json } from './protocol/json.ts'

/** A token to mint; what is left out is as the configuration says. */
export interface TokenRequest {
  /** `client_id` of a declared client. */
  readonly client: string
  /** Username of a declared user: the token is then what the client gets when this user signs in. */
  readonly user?: string
  /** The tenant, by name; needed only where there are several. */
  readonly tenant?: string
  readonly resource?: string | readonly string[]
  readonly audience?: string | readonly string[]
  /** Space separated. */
  readonly scope?: string
  readonly roles?: readonly string[]
  /** Laid over all other claims; `null` stays null. */
  readonly claims?: Readonly<Record<string, Json>>
  /** `90s`, `5m`, `1h`, or seconds. */
  readonly lifetime?: string | number
}

export interface Idp {
  /** The issuer of the first tenant, as its tokens say it. */
  readonly issuer: string
  /** The base URL of the server; of all tenants. That of http, or of https where only that is served. */
  readonly url: string
  /** The base URL over https; undefined where it is not served. */
  readonly httpsUrl: string | undefined
  /**
   * A PEM file with the CA of the provider, for NODE_EXTRA_CA_CERTS, SSL_CERT_FILE and their like. It is there until
   * the stop; undefined where the provider has no CA of its own.
   */
  readonly caFile: string | undefined
  /** The issuer of a tenant by its name. @throws TypeError for an unknown one */
  issuerOf(tenant: string): string
  /** Signs an access token, without a flow. @throws TypeError for an unknown client or tenant */
  token(request: TokenRequest): Promise<string>
  /**
   * Environment variables for a process that is to find this provider where it looks for Azure: managed identities,
   * which `new DefaultAzureCredential()` then takes as they are, and where https is served AZURE_AUTHORITY_HOST. A
   * `client`, by `client_id`, adds its id and secret, for which the application says `disableInstanceDiscovery: true`;
   * a managed identity, by name or `client_id`, its id.
   * @throws TypeError without a tenant of the dialect entra, and for an unknown tenant or client
   */
  env(
    kind: 'azure',
    options?: { readonly tenant?: string; readonly client?: string },
  ): Readonly<Record<string, string>>
  /** Those that have Node, OpenSSL and Python trust the CA of the provider; none where it has no CA of its own. */
  env(kind: 'tls'): Readonly<Record<string, string>>
  readonly clock: {
    /** Moves the clock of every tenant: `61m`, or seconds. */
    advance(by: string | number): Promise<void>
  }
  /**
   * A TLS certificate of the provider's CA for a declared client, with the names that it registered, and its key; PEM.
   * @throws TypeError for an unknown client, and where the provider has no CA of its own
   */
  clientCertificate(client: string): Promise<{ readonly cert: string; readonly key: string }>
  /** Stops listening; open requests may finish. */
  stop(): Promise<void>
}

export interface StartedIdp extends Idp {
  [Symbol.asyncDispose](): Promise<void>
}
