/** How a provider that runs elsewhere is reached. */

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
