/** The one way in for clients: which method does a request use, whose is it, may it, does it hold. */
import { type ClientConfig, type Context, enforce, findClient } from '../context.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import type { PeerCertificate } from '../protocol/messages.ts'
import { first } from '../protocol/params.ts'
import type { ClientProof } from '../tokens/request.ts'
import { assertAdmitted } from '../users/sign_in_audience.ts'
import { presentedAssertion } from './assertion.ts'
import { certificateOf } from './certificate.ts'
import { clientSecretBasic } from './client_secret_basic.ts'
import * as registry from './index.ts'
import type { Attempt, Carrier, ClientAuthMethod, Credentials } from './method.ts'
import { isPublic } from './none.ts'
import { tlsClientAuth } from './tls_client_auth.ts'

const METHODS: readonly ClientAuthMethod[] = Object.values(registry)

/** Names of every method, as the configuration may use them. */
export const clientAuthMethods: readonly string[] = METHODS.map(({ name }) => name)

/** Names of the methods that can be used here, as discovery shows them: certificates come only where they are asked for. */
export function clientAuthMethodsAt({ bases }: Context): readonly string[] {
  const usable = METHODS.filter(({ proof, name }) => {
    if (proof !== 'certificate') return true
    return bases.mtls !== undefined && (name !== tlsClientAuth.name || bases.trustsClientCa === true)
  })
  return usable.map(({ name }) => name)
}

/** Names of the methods by which a client can authenticate: the one that it registered, else those that fit what it has. */
export function clientAuthMethodsOf(client: ClientConfig): readonly string[] {
  const { token_endpoint_auth_method: registered } = client
  return registered === undefined
    ? METHODS.filter((method) => method.fits(client)).map(({ name }) => name)
    : [registered]
}

export interface AuthenticatedClient {
  readonly client: ClientConfig
  readonly proof: ClientProof
  /** Whether the client has nothing to authenticate with; one whose missing credentials were let pass is not public. */
  readonly isPublic: boolean
  /** That of the connection, whatever the client authenticated by. */
  readonly certificate: PeerCertificate | undefined
}

/**
 * Authenticates the client of a request.
 * @throws OAuthError client.* or assertion.*
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3
 */
export async function authenticateClient(carrier: Carrier, cx: Context): Promise<AuthenticatedClient> {
  const certificate = certificateOf(carrier, cx)
  const assertion = presentedAssertion(carrier.params, cx)
  const uses = usesOf({ ...carrier, certificate, assertion }, cx)
  cx.exchange.auth_method = uses[0].method.name
  const client = await find(uses[0].attempt, carrier, cx)
  cx.exchange.client_id = client.client_id
  assertAdmitted(client, cx)
  const { method, attempt } = suited(uses, client)
  cx.exchange.auth_method = method.name
  assertAllowed(method, client, cx)
  await attempt.verify(client, cx)
  return { client, proof: method.proof, isPublic: isPublic(client), certificate }
}

interface Use {
  readonly method: ClientAuthMethod
  readonly attempt: Attempt
}

/** Either the one method whose credentials came, or what a client_id alone may stand for: `none`, then certificates. */
function usesOf(credentials: Credentials, cx: Context): readonly [Use, ...Use[]] {
  const [first, ...more] = METHODS.flatMap((method) => {
    const attempt = method.attempt(credentials)
    return attempt === undefined ? [] : [{ method, attempt }]
  })
  if (first === undefined) throw nothingCame(credentials, cx)
  if (first.method.proof === 'none') return [first, ...more]
  assertOnly(first, more, cx)
  return [first]
}

/** MUST NOT use more than one method in each request, RFC 6749 §2.3. */
function assertOnly(first: Use, more: readonly Use[], cx: Context): void {
  const headerFirst = cx.tenant.dialect.credentials === 'header first'
  if (more.length === 0 || (headerFirst && first.method === clientSecretBasic)) return
  const names = [first, ...more].map(({ method }) => method.name).join(' and ')
  const error = new OAuthError(
    'client.several_methods',
    `the client authenticates by ${names} at once; use one method`,
  )
  enforce('client_auth_method', error, cx)
}

/** The registered method decides, else what the client has to prove itself with; without either it is public. */
function suited(uses: readonly [Use, ...Use[]], client: ClientConfig): Use {
  const { token_endpoint_auth_method: registered } = client
  const fitting = uses.find(({ method }) =>
    registered === undefined ? method.fits(client) : method.name === registered,
  )
  return fitting ?? uses[0]
}

function nothingCame({ headers: { authorization } }: Credentials, cx: Context): OAuthError {
  const usable = oneOf(clientAuthMethodsAt(cx))
  return authorization === undefined
    ? new OAuthError('client.missing', `no client_id came; authenticate by one of ${usable}`)
    : new OAuthError(
        'client.credentials_malformed',
        `the Authorization header has ${schemeOf(authorization)}, expected Basic base64(client_id:client_secret)`,
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

function fittingMethods(client: ClientConfig, cx: Context): readonly string[] {
  const usable = clientAuthMethodsAt(cx)
  return METHODS.filter((each) => each.fits(client) && usable.includes(each.name)).map(({ name }) => name)
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
  const allowed = registered ?? oneOf(fittingMethods(client, cx))
  const error = new OAuthError(
    allowed === 'none' ? 'client.secret_unexpected' : 'client.auth_method_not_allowed',
    `client ${client.client_id} used ${method.name}, it may use ${allowed}`,
    {
      detail: { client_id: client.client_id, method: method.name },
    },
  )
  enforce('client_auth_method', error, cx)
}
