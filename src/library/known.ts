/** What is known of a provider without asking it: for what has to be said at once. */
import type { EnvKind, EnvOptions } from '../api.ts'

/** A sandbox as the provider tells of it. */
export interface Opened {
  readonly id: string
  readonly issuer: string
  readonly url: string
}

export interface Known {
  readonly issuer: string
  readonly url: string
  readonly httpsUrl: string | undefined
  readonly caFile: string | undefined
  /** @throws TypeError for an unknown tenant */
  issuerOf(tenant: string): string
  /** @throws TypeError for what is not there */
  env(kind: EnvKind, options: EnvOptions): Readonly<Record<string, string>>
  /** Learns what may have changed. */
  refresh(): Promise<void>
  /** The same for a sandbox. */
  in(sandbox: Opened): Promise<Known>
  /** Forgets a sandbox that was dropped. */
  left(sandbox: string): void
}

/**
 * Where a sandbox is: both schemes lead to the same path, and so do other addresses of the server.
 *
 * @param others by which the server knows itself
 */
export function placeOf(
  { url }: Opened,
  { url: base, httpsUrl }: Pick<Known, 'url' | 'httpsUrl'>,
  others: readonly string[] = [],
) {
  const bases = [base, ...(httpsUrl === undefined ? [] : [httpsUrl]), ...others]
  const path = bases.flatMap((each) => (url.startsWith(`${each}/`) ? url.slice(each.length) : []))[0]
  // What is at the configured issuer of another name is at the same path here.
  const at = (own: string) =>
    path === undefined ? `${new URL(own).origin}${new URL(url).pathname}` : `${own}${path}`
  return { url: at(base), httpsUrl: httpsUrl === undefined ? undefined : at(httpsUrl) }
}
