/**
 * IdP Double as a library: `startIdp` starts a provider in this process.
 * Nothing else is public.
 */
import type { StartedIdp } from './api.ts'
import type { ConfigInput } from './config/input.ts'
import { startWith } from './idp.ts'
import { createKeySet } from './keys/keys.ts'
import { once } from './keys/once.ts'

export type { Idp, StartedIdp, TokenRequest } from './api.ts'
export type { ConfigInput } from './config/input.ts'
export { ConfigError, type Problem } from './config/problem.ts'
export type { Json } from './protocol/json.ts'

/** The configuration as in YAML, or the file it is in; and what only a library can be given. */
export type StartOptions = ConfigInput & {
  /** A YAML or JSON file instead of the configuration itself. */
  readonly configFile?: string
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
export function startIdp(options: StartOptions = {}): Promise<StartedIdp> {
  return startWith(options, { keys: sharedKeys, authority: sharedAuthority.get, env: process.env })
}
