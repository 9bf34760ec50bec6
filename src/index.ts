/**
 * IdP Double as a library: `startIdp` starts a provider in this process, `connectIdp` drives one that runs elsewhere.
 * Nothing else is public, but what the entries for test runners have.
 */
import type { ConnectOptions, Idp, StartedIdp } from './api.ts'
import { followed } from './clock.ts'
import type { ConfigInput } from './config/input.ts'
import { startWith } from './idp.ts'
import { createKeySet } from './keys/keys.ts'
import { once } from './keys/once.ts'

export type * from './api.ts'
export type { ConfigInput } from './config/input.ts'
export { ConfigError, type Problem } from './config/problem.ts'
export type { Json } from './protocol/json.ts'

/** The configuration as in YAML, or the file it is in; and what only a library can be given. */
export type StartOptions = ConfigInput & {
  /** A YAML or JSON file instead of the configuration itself. */
  readonly configFile?: string
  /**
   * Follows the fake timers of the test runner: its time is what `Date.now()` says in this process at each moment, so it
   * stands still where Date does, and moves with it. Default: the time of the machine, whatever becomes of Date.
   */
  readonly followTimers?: boolean
}

// One generated key for all providers of this process that configure none: the next start has it at once.
const sharedKeys = createKeySet([{ alg: 'RS256', status: 'active', at: 'keys' }], { slot: 'shared' })

// And one CA, so that what trusts it trusts every provider of this process.
const sharedAuthority = once(async () => (await import('./tls/authority.ts')).makeAuthority())

/**
 * Starts a provider on a free port of the loopback interface, unless the configuration says otherwise.
 *
 * @throws ConfigError with every problem of the configuration at once
 * @example
 * await using idp = await startIdp({ clients: [{ client_id: 'orders', client_secret: 's3cret' }] })
 * const jwt = await idp.token({ client: 'orders', roles: ['admin'], lifetime: '5m' })
 */
export async function startIdp({ followTimers = false, ...options }: StartOptions = {}): Promise<StartedIdp> {
  const shared = { keys: sharedKeys, authority: sharedAuthority.get, env: process.env }
  return await startWith(options, { ...shared, base: followTimers ? followed : undefined })
}

/**
 * The same object for a provider that runs elsewhere, such as in a container: everything is done over its control API.
 *
 * @param url base URL of the server
 * @throws Error where no provider answers
 * @example
 * await using idp = await connectIdp('http://localhost:8080')
 * await using sandbox = await idp.sandbox({ users: [{ username: 'alice' }] })
 */
export async function connectIdp(url: string, options: ConnectOptions = {}): Promise<Idp> {
  const { connect } = await import('./library/connect.ts')
  return await connect(url, options)
}
