/** What a test is given to hold: the types of the library. */
import type { IdpClock } from './api/clock.ts'
import type { Declared, OfTenant } from './api/declared.ts'
import type { IdpKeys } from './api/keys.ts'
import type { Live, LiveGrant, LiveLogin, NextLogin } from './api/logins.ts'
import type { Finding, FindingFilter, RecordedRequest, RequestFilter } from './api/record.ts'
import type { ClientInput, ConfigInput, ResourceInput, UserInput } from './config/input.ts'
import type { Json } from './protocol/json.ts'

export type { IdpClock, Time } from './api/clock.ts'
export type { ConnectOptions, Fetch, FetchResponse } from './api/connect.ts'
export type { Changes, Declared, OfTenant, WithSecrets } from './api/declared.ts'
export type { IdpKeys, Rotation, SigningKeyInfo } from './api/keys.ts'
export type { Live, LiveGrant, LiveLogin, NextLogin } from './api/logins.ts'
export type {
  Finding,
  FindingFilter,
  RecordedParams,
  RecordedRequest,
  RecordedToken,
  RequestFilter,
  Severity,
} from './api/record.ts'
export type { ClientInput, ResourceInput, UserInput } from './config/input.ts'

/** A token to mint; what is left out is as the configuration says. */
export interface TokenRequest {
  /** `client_id` of a declared client. */
  readonly client: string
  /** Username of a declared user: the token is then what the client gets when this user signs in. */
  readonly user?: string | undefined
  /** The tenant, by name; needed only where there are several. */
  readonly tenant?: string | undefined
  readonly resource?: string | readonly string[] | undefined
  readonly audience?: string | readonly string[] | undefined
  /** Space separated. */
  readonly scope?: string | undefined
  readonly roles?: readonly string[] | undefined
  /** Laid over all other claims; `null` stays null. */
  readonly claims?: Readonly<Record<string, Json>> | undefined
  /** `90s`, `5m`, `1h`, or seconds. */
  readonly lifetime?: string | number | undefined
}

/** Tokens as the token endpoint answers them, and the claims of the access token. */
export interface Tokens {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
  readonly scope?: string
  readonly claims: Readonly<Record<string, Json>>
  /** Where a user signs in with `openid`. */
  readonly id_token?: string
}

type TenantInput = NonNullable<ConfigInput['tenants']>[string]

/** What a sandbox has beside a copy of the configuration: keys of a tenant, as there. `tenant`: whose copy it is. */
export type SandboxOptions = TenantInput & OfTenant

/** The kinds of programs that can be told by environment variables where the provider is. */
export type EnvKind = 'azure' | 'tls' | 'generic' | 'authjs' | 'spring' | 'dotnet'

export interface EnvOptions extends OfTenant {
  /** `client_id`; default: the first that fits. */
  readonly client?: string | undefined
}

/** The provider, wherever it runs. Everything is for its first tenant, unless it says otherwise or `tenant` does. */
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
  /** The same with all that the token endpoint would answer. */
  tokens(request: TokenRequest): Promise<Tokens>
  /**
   * Environment variables for a process that is to find this provider. `azure`: where Microsoft's SDKs look, managed
   * identities too; `tls`: so that Node, OpenSSL and Python trust its CA; the others for what they are called after.
   * @throws TypeError for an unknown tenant or client, and where there is nothing of the kind
   */
  env(kind: EnvKind, options?: EnvOptions): Readonly<Record<string, string>>
  readonly clock: IdpClock
  readonly users: Declared<UserInput>
  readonly clients: Declared<ClientInput>
  readonly resources: Declared<ResourceInput>
  readonly keys: IdpKeys
  /** Says how the next login of a client goes. */
  nextLogin(login: NextLogin & OfTenant): Promise<void>
  /** What clients sent and got, oldest first. */
  requests(filter?: RequestFilter): Promise<readonly RecordedRequest[]>
  /**
   * The next request that fits and has not come yet when this is called (or comes behind `after`).
   * @param options `timeout`: how long to wait at most; default 10s
   * @throws Error when none came in time, with what came instead
   */
  nextRequest(
    filter?: RequestFilter,
    options?: { readonly timeout?: string | number | undefined },
  ): Promise<RecordedRequest>
  /** The record as an HTTP archive (HAR 1.2). */
  har(filter?: RequestFilter): Promise<Readonly<Record<string, Json>>>
  /** What was wrong with the clients' requests, worst first. */
  findings(filter?: FindingFilter): Promise<readonly Finding[]>
  readonly sessions: Live<LiveLogin>
  readonly grants: Live<LiveGrant>
  /**
   * A TLS certificate of the provider's CA for a declared client, with the names that it registered, and its key; PEM.
   * @throws TypeError for an unknown client, and where the provider has no CA of its own
   */
  clientCertificate(client: string): Promise<{ readonly cert: string; readonly key: string }>
  /** A tenant of a test's own, out of the configuration and what is given here. */
  sandbox(options?: SandboxOptions): Promise<Sandbox>
  /** Back to the configuration: all tenants of it, or the one named; sandboxes stay. */
  reset(of?: OfTenant): Promise<void>
  /** Stops a provider that this process started; lets go of one that runs elsewhere. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A tenant of a test's own: the same object, and everything on it is about this tenant alone. `stop` drops it. */
export interface Sandbox extends Idp {
  /** Its name as a tenant. */
  readonly id: string
}

/** The provider that this process started. */
export type StartedIdp = Idp
