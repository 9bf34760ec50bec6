/** What clients sent and got, and what was wrong with it. */
import type { Json } from '../protocol/json.ts'
import type { OfTenant, WithSecrets } from './declared.ts'

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
