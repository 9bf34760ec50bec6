/** What a test is given to hold: the types of the library. */
import type { ClientInput, ConfigInput, ResourceInput, UserInput } from './config/input.ts'
import type { Json } from './protocol/json.ts'

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

/** Which tenant something is about; without one, the first, or where it says so all. */
export interface OfTenant {
  readonly tenant?: string | undefined
}

/** What time it is for the provider. */
export interface Time {
  /** ISO 8601. */
  readonly now: string
  /** Seconds since 1970. */
  readonly epoch: number
  readonly frozen: boolean
}

/** The time by which the provider issues and validates; of all configured tenants, in a sandbox of that alone. */
export interface IdpClock {
  now(): Promise<Time>
  /** Moves it on, or back where negative: `61m`, or seconds. @throws TypeError for no duration, and beyond the years 1980 to 9000 */
  advance(by: string | number): Promise<Time>
  /** An ISO 8601 time, a Date, or seconds since 1970. */
  set(to: string | number | Date): Promise<Time>
  freeze(): Promise<Time>
  /** Lets it run on from where it stands. */
  release(): Promise<Time>
  /** Back to the time of the machine. */
  reset(): Promise<Time>
}

/** Secrets are shown as `***`, or in the record as marks that are the same for equal values; `show`: as they are. */
export interface WithSecrets {
  readonly secrets?: 'show' | undefined
}

/** Members to change; null takes one out. */
export type Changes<Item> = { readonly [Name in keyof Item]?: Item[Name] | null }

/** What the configuration declares, as it is now: users by `username`, clients by `client_id`, resources by `identifier`. */
export interface Declared<Item> {
  list(of?: OfTenant & WithSecrets): Promise<readonly Item[]>
  /** @throws TypeError where there is none */
  get(id: string, of?: OfTenant & WithSecrets): Promise<Item>
  /** Puts it in the place of the one of this name, or beside the others; as in the configuration. */
  put(item: Item, of?: OfTenant): Promise<Item>
  /** Changes these members alone. @throws TypeError where there is none */
  patch(id: string, changes: Changes<Item>, of?: OfTenant): Promise<Item>
  /** @throws TypeError where there is none */
  delete(id: string, of?: OfTenant): Promise<void>
}

/** How the next login goes: used once. */
export interface NextLogin {
  /** `client_id`; absent: of whichever client comes first. */
  readonly client?: string | undefined
  /** Who signs in, without a page. */
  readonly user?: string | undefined
  /** The person refuses to sign in, or to allow what the client asks for. */
  readonly deny?: 'login' | 'consent' | undefined
  /** `done`: with a second factor. `required`: it is still needed. */
  readonly mfa?: 'done' | 'required' | undefined
  /** An error code that the client gets instead. */
  readonly error?: string | undefined
  readonly error_description?: string | undefined
}

/** A signing key; never its private half. */
export interface SigningKeyInfo {
  readonly kid: string
  readonly alg: string
  /** `active` signs and is published, `published` is only in the JWKS, `hidden` neither. */
  readonly status: 'active' | 'published' | 'hidden'
}

export interface Rotation {
  /** Default: RS256, or what the keys have instead. */
  readonly alg?: string | undefined
  /**
   * `publish` adds a key that does not sign yet, `activate` lets the newest published one sign, `retire` hides the old
   * ones from the JWKS, `withdraw` forgets what is hidden; without one: a new key signs, the old one stays published.
   */
  readonly step?: 'publish' | 'activate' | 'retire' | 'withdraw' | undefined
}

/** The signing keys of the tenant. */
export interface IdpKeys {
  list(of?: OfTenant): Promise<readonly SigningKeyInfo[]>
  /** One of them with its public half. */
  get(kid: string, of?: OfTenant): Promise<SigningKeyInfo & { readonly jwk: Readonly<Record<string, Json>> }>
  /** One step of a rotation, or all of it. Gives the keys as they are then. */
  rotate(rotation?: Rotation & OfTenant): Promise<readonly SigningKeyInfo[]>
  update(
    kid: string,
    changes: { readonly status: SigningKeyInfo['status'] },
    of?: OfTenant,
  ): Promise<SigningKeyInfo>
  delete(kid: string, of?: OfTenant): Promise<void>
  /** The Cache-Control header of the JWKS, such as `max-age=3600`; null: the usual one. */
  cacheControl(value: string | null, of?: OfTenant): Promise<void>
}

/** Which requests are meant; all that is given must fit. */
export interface RequestFilter extends OfTenant, WithSecrets {
  /** `token`, `authorization`, `jwks`, `discovery`, `userinfo`, `introspection`, ... */
  readonly endpoint?: string | undefined
  /** `client_id`. */
  readonly client?: string | undefined
  /** Username. */
  readonly user?: string | undefined
  readonly grant_type?: string | undefined
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly status?: number | undefined
  readonly outcome?: 'ok' | 'refused' | undefined
  /** Why it was refused, such as `code.used`. */
  readonly reason?: string | undefined
  /** Only those behind this number. */
  readonly after?: number | undefined
  /** The newest so many. */
  readonly limit?: number | undefined
}

/** A token that was sent or issued, decoded and not verified. */
export interface RecordedToken {
  /** The parameter or member that it stands in: `access_token`, `client_assertion`. */
  readonly name: string
  /** `outbound`: the provider sent it, such as a logout token. */
  readonly where: 'request' | 'response' | 'outbound'
  readonly header: Readonly<Record<string, Json>>
  /** Absent where nobody can read them: the token is encrypted. */
  readonly claims?: Readonly<Record<string, Json>>
  /** Where a claim came from, for tokens that this provider issued. */
  readonly origins?: Readonly<Record<string, string>>
}

/** Parameters by name; several values where one came several times. */
export type RecordedParams = Readonly<Record<string, string | readonly string[]>>

/** A request with its answer, secrets masked. */
export interface RecordedRequest {
  readonly seq: number
  /** ISO 8601, by the provider's clock. */
  readonly time: string
  readonly ms: number
  readonly method: string
  readonly url: string
  readonly path: string
  readonly tenant: string
  readonly endpoint: string
  readonly client_id?: string
  readonly auth_method?: string
  readonly grant_type?: string
  readonly user?: string
  readonly status: number
  readonly outcome: 'ok' | 'refused'
  readonly reason?: string
  readonly description?: string
  /** What a test had said of the login that this is about, with next-login. */
  readonly directed?: string
  /** What a failed check let pass, for it is relaxed. */
  readonly notes: readonly { readonly level: string; readonly check: string; readonly text: string }[]
  /** What went wrong beside the answer, such as a logout that a client did not take. */
  readonly trouble: readonly string[]
  readonly request: {
    readonly headers: Readonly<Record<string, string>>
    readonly query: RecordedParams
    /** As the endpoint understood them, under the names that the RFCs give them. */
    readonly params: RecordedParams
    readonly body: { readonly form?: RecordedParams; readonly json?: Json; readonly text?: string }
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Json
  }
  readonly tokens: readonly RecordedToken[]
}

export type Severity = 'error' | 'warning' | 'info'

/** Something that a client did that a real provider would refuse or a reviewer would flag. */
export interface Finding {
  /** Of the rule: `state_missing`. */
  readonly id: string
  readonly severity: Severity
  /** The mistake in a few words. */
  readonly title: string
  readonly client_id?: string
  /** What the client did. */
  readonly text: string
  /** Why it matters. */
  readonly explanation: string
  readonly fix: string
  /** The section that asks for it. */
  readonly see: string
  readonly count: number
  /** Numbers of requests in the record that show it. */
  readonly requests: readonly number[]
}

export interface FindingFilter extends OfTenant {
  readonly id?: string | undefined
  readonly client?: string | undefined
  /** This or worse. */
  readonly severity?: Severity | undefined
}

/** A login that lives, or what a client was granted in one: codes, refresh tokens. */
export interface LiveLogin {
  readonly sid: string
  readonly user: string
  readonly clients: readonly string[]
  readonly auth_time: string
  readonly expires: string
}

export interface LiveGrant {
  readonly id: string
  readonly kind: 'code' | 'refresh_token' | 'access_token' | 'device_code'
  readonly client_id: string
  readonly user?: string
  readonly scope?: string
  readonly expires: string
}

/** What lives now; `delete` ends one, or without an id all. */
export interface Live<Item> {
  list(of?: OfTenant): Promise<readonly Item[]>
  delete(id?: string, of?: OfTenant): Promise<void>
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

/** What is needed of an answer. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** As much of the fetch of the web as is used. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  },
) => Promise<FetchResponse>

/** How a provider that runs elsewhere is reached. */
export interface ConnectOptions {
  /** `control.token` of the provider, where it has one. */
  readonly token?: string | undefined
  /** A PEM file with the CA of the provider, for a URL of https that Node.js does not trust without it. */
  readonly caFile?: string | undefined
  /** How long an answer may take, beside what the call itself waits; default 30s. */
  readonly timeout?: string | number | undefined
  /** Instead of that of Node.js. */
  readonly fetch?: Fetch | undefined
}
