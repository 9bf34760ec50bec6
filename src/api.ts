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
  /** The base URL of the server; of all tenants. */
  readonly url: string
  /** The issuer of a tenant by its name. @throws TypeError for an unknown one */
  issuerOf(tenant: string): string
  /** Signs an access token, without a flow. @throws TypeError for an unknown client or tenant */
  token(request: TokenRequest): Promise<string>
  readonly clock: {
    /** Moves the clock of every tenant: `61m`, or seconds. */
    advance(by: string | number): Promise<void>
  }
  /** Stops listening; open requests may finish. */
  stop(): Promise<void>
}

export interface StartedIdp extends Idp {
  [Symbol.asyncDispose](): Promise<void>
}
