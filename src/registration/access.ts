/** Who may register, and who may manage a registration: the bearers of a token. */
import type { Context } from '../context.ts'
import { OAuthError, shown } from '../protocol/errors.ts'
import type { Request } from '../protocol/messages.ts'
import { every } from '../protocol/params.ts'
import { isSameSecret } from '../protocol/same_secret.ts'
import { refusal } from './reader.ts'
import type { RegisteredClient } from './registered_client.ts'
import { findRegistered } from './registrations.ts'

/** @throws OAuthError registration.disabled */
export function assertEnabled({ tenant }: Context): void {
  if (tenant.config.registration.enabled) return
  throw new OAuthError(
    'registration.disabled',
    `clients may not register themselves in tenant ${tenant.name}; set registration: { enabled: true } in the configuration`,
  )
}

/**
 * Registration is open unless the configuration has an initial access token.
 * @throws OAuthError token.missing, registration.token
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3
 */
export function assertMayRegister(request: Request, { tenant }: Context): void {
  const expected = tenant.config.registration.initial_access_token
  if (expected === undefined || isSameSecret(bearer(request, 'initial access token'), expected)) return
  throw new OAuthError(
    'registration.token',
    'the initial access token is not the registration.initial_access_token of the configuration',
  )
}

/**
 * The client that the request is about, proven by its own token.
 * @throws OAuthError token.missing, param.*, registration.token
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2
 */
export async function authorized(request: Request, cx: Context): Promise<RegisteredClient> {
  const token = bearer(request, 'registration access token')
  const client_id = only('client_id', request)
  cx.exchange.client_id = shown(client_id)
  const client = await findRegistered(client_id, cx)
  if (client !== undefined && isSameSecret(token, client.registration_access_token)) return client
  throw foreign(client_id)
}

/** MUST be 401, also where there is no such client. @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.1 */
export function foreign(client_id: string): OAuthError {
  return new OAuthError(
    'registration.token',
    `the token is not the registration access token of client ${shown(client_id)}, or no such client is registered (any more); clients of the configuration are not managed here`,
  )
}

/**
 * A client names itself in an update, and cannot choose its own secret.
 * @throws OAuthError registration.metadata
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2.2
 */
export function assertItself(body: Readonly<Record<string, unknown>>, { config }: RegisteredClient): void {
  const { client_id, client_secret } = body
  if (client_id !== config.client_id) {
    const came = client_id === undefined ? 'missing' : shown(client_id)
    throw refusal('client_id', `client_id is ${came}, expected ${config.client_id}: send the client's own`)
  }
  const [secret = ''] = config.secrets
  if (client_secret === undefined || client_secret === null) return
  if (typeof client_secret === 'string' && isSameSecret(client_secret, secret)) return
  throw refusal(
    'client_secret',
    'client_secret is not that of the client, which cannot choose one; leave it out, or send the present one',
  )
}

/** @see https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1 */
function bearer({ headers }: Request, what: string): string {
  const token = /^bearer +(\S+) *$/i.exec(headers['authorization'] ?? '')?.[1]
  if (token !== undefined) return token
  throw new OAuthError('token.missing', `no ${what} came; send Authorization: Bearer TOKEN`)
}

function only(name: string, { query }: Request): string {
  const [value, another] = every(query, name)
  if (another !== undefined)
    throw new OAuthError('param.duplicated', `${name} came more than once; send it once`, {
      detail: { name },
    })
  if (value !== undefined) return value
  throw new OAuthError(
    'param.missing',
    `${name} is missing; use the registration_client_uri that came with the registration`,
    { detail: { name } },
  )
}
