/** The one way in for clients: which method does a request use, whose is it, may it, does it hold. */
import { type ClientConfig, type Context, enforce, findClient } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { first } from '../protocol/params.ts'
import type { ClientProof } from '../tokens/request.ts'
import { presentedAssertion } from './assertion.ts'
import { clientSecretBasic } from './client_secret_basic.ts'
import * as registry from './index.ts'
import type { Attempt, Carrier, ClientAuthMethod, Credentials } from './method.ts'
import { none } from './none.ts'

const METHODS: readonly ClientAuthMethod[] = Object.values(registry)

/** Names of every method, as discovery shows them. */
export const clientAuthMethods: readonly string[] = METHODS.map(({ name }) => name)

export interface AuthenticatedClient {
  readonly client: ClientConfig
  readonly proof: ClientProof
  /** Whether the client has nothing to authenticate with; one whose missing credentials were let pass is not public. */
  readonly isPublic: boolean
}

/**
 * Authenticates the client of a request.
 * @throws OAuthError client.* or assertion.*
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3
 */
export async function authenticateClient(carrier: Carrier, cx: Context): Promise<AuthenticatedClient> {
  const { method, attempt } = onlyAttempt(
    { ...carrier, assertion: presentedAssertion(carrier.params, cx) },
    cx,
  )
  const client = await find(attempt, carrier, cx)
  cx.exchange.client_id = client.client_id
  assertAllowed(method, client, cx)
  await attempt.verify(client, cx)
  return {
    client,
    proof: method.proof,
    isPublic: client.token_endpoint_auth_method === 'none' || none.fits(client),
  }
}

/** MUST NOT use more than one method in each request, RFC 6749 §2.3. */
function onlyAttempt(credentials: Credentials, cx: Context): { method: ClientAuthMethod; attempt: Attempt } {
  const attempts = METHODS.flatMap((method) => {
    const attempt = method.attempt(credentials)
    return attempt === undefined ? [] : [{ method, attempt }]
  })
  const [only] = attempts
  const headerFirst = cx.tenant.dialect.credentials === 'header first'
  if (attempts.length > 1 && !(headerFirst && only?.method === clientSecretBasic)) {
    const names = attempts.map(({ method }) => method.name).join(' and ')
    const error = new OAuthError(
      'client.several_methods',
      `the client authenticates by ${names} at once; use one method`,
    )
    enforce('client_auth_method', error, cx)
  }
  if (only !== undefined) return only
  const { authorization } = credentials.headers
  if (authorization !== undefined) {
    throw new OAuthError(
      'client.credentials_malformed',
      `the Authorization header has ${schemeOf(authorization)}, expected Basic base64(client_id:client_secret)`,
    )
  }
  throw new OAuthError(
    'client.missing',
    `no client_id came; authenticate by one of ${oneOf(clientAuthMethods)}`,
  )
}

/** The scheme alone, and only a known one: anything else may be a secret. */
function schemeOf(authorization: string): string {
  const scheme = /^(Basic|Bearer|Digest|DPoP|Negotiate) /i.exec(authorization)?.[1]
  return scheme === undefined ? 'no scheme' : `the scheme ${scheme}`
}

async function find({ client_id }: Attempt, { params }: Carrier, cx: Context): Promise<ClientConfig> {
  const sent = first(params, 'client_id')
  if (client_id === undefined)
    throw new OAuthError('client.missing', 'credentials came without a client_id; send client_id too')
  if (sent !== undefined && sent !== client_id) {
    throw new OAuthError(
      'client.credentials_malformed',
      `client_id is ${shown(sent)}, but the credentials are those of ${shown(client_id)}`,
    )
  }
  const client = await findClient(client_id, cx)
  if (client !== undefined) return client
  const { tenant } = cx
  const known = oneOf(tenant.registry.clients.keys())
  throw new OAuthError(
    'client.unknown',
    `client ${shown(client_id)} is not declared in tenant ${tenant.name}; declared: ${known}`,
    { detail: { client_id } },
  )
}

function assertAllowed(method: ClientAuthMethod, client: ClientConfig, cx: Context): void {
  const registered = client.token_endpoint_auth_method
  // A client without credentials is told that they are missing, not that `none` is a method it did not register.
  if (
    registered === method.name ||
    method.name === 'none' ||
    (registered === undefined && method.fits(client))
  )
    return
  const allowed = registered ?? oneOf(METHODS.filter((each) => each.fits(client)).map(({ name }) => name))
  const error = new OAuthError(
    allowed === 'none' ? 'client.secret_unexpected' : 'client.auth_method_not_allowed',
    `client ${client.client_id} used ${method.name}, it may use ${allowed}`,
    {
      detail: { client_id: client.client_id, method: method.name },
    },
  )
  enforce('client_auth_method', error, cx)
}
