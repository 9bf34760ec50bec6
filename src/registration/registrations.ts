/** The registered clients of a tenant, in its store: they live as long as the process. */
import type { Context } from '../context.ts'
import type { Registered } from './defaults.ts'
import { configOf, type RegisteredClient } from './registered_client.ts'
import { needsSecret } from './secret.ts'

/** Octets enough for HS512, whose key MUST be as long as its hash. @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.2 */
const SECRET_LENGTH = 64

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1 */
export async function register(metadata: Registered, { tenant }: Context): Promise<RegisteredClient> {
  const { random, clock, store } = tenant
  const client_id = random.token(32)
  const client: RegisteredClient = {
    config: configOf(metadata, { client_id, client_secret: secretFor(metadata, tenant) }),
    metadata,
    issued_at: clock.seconds(),
    registration_access_token: random.token(43),
  }
  await store.add('client', client_id, client, Number.POSITIVE_INFINITY)
  return client
}

export async function findRegistered(
  client_id: string,
  { tenant }: Context,
): Promise<RegisteredClient | undefined> {
  return (await tenant.store.get('client', client_id)) as RegisteredClient | undefined
}

/**
 * Replaces all of the metadata; identifier and secret stay. Undefined where the client is gone.
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export function replace(
  client_id: string,
  metadata: Registered,
  { tenant }: Context,
): Promise<RegisteredClient | undefined> {
  const fresh = secretFor(metadata, tenant)
  return tenant.store.update<RegisteredClient>('client', client_id, (client) => {
    const client_secret = fresh && (client.config.secrets[0] ?? fresh)
    return { ...client, metadata, config: configOf(metadata, { client_id, client_secret }) }
  })
}

/** @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.3 */
export async function remove(client_id: string, { tenant }: Context): Promise<void> {
  await tenant.store.take('client', client_id)
}

function secretFor(metadata: Registered, { random }: Context['tenant']): string | undefined {
  return needsSecret(metadata) ? random.token(SECRET_LENGTH) : undefined
}
