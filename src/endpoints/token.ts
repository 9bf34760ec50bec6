import { authenticateClient } from '../client_auth/authenticate.ts'
import { signedByClient } from '../client_auth/signed_grant.ts'
import { type Context, enforce, type Face } from '../context.ts'
import type { Grant, Granted, GrantRequest } from '../grants/grant.ts'
import * as registry from '../grants/index.ts'
import { assertSecretless } from '../grants/origin.ts'
import { bend } from '../hooks.ts'
import { OAuthError, oneOf, shown } from '../protocol/errors.ts'
import { membersOf, objectOf } from '../protocol/json.ts'
import { type EndpointResponse, json, NO_STORE } from '../protocol/messages.ts'
import { confirmationOf } from '../tokens/confirmation.ts'
import type { Endpoint } from './endpoint.ts'
import { parameters, required } from './parameters.ts'

const GRANTS: ReadonlyMap<string, Grant> = new Map(
  Object.values(registry).map((grant) => [grant.grant_type, grant]),
)

/** Names of every grant, as the configuration may use them. */
export const grantTypes: readonly string[] = [...GRANTS.keys()]

/** Names of the grants that this face has, as discovery shows them. */
export function grantTypesAt({ endpoints }: Face): readonly string[] {
  return [...GRANTS.values()]
    .filter((grant) => isServed(grant, endpoints))
    .map(({ grant_type }) => grant_type)
}

function isServed({ begins }: Grant, endpoints: Face['endpoints']): boolean {
  return begins === undefined || begins in endpoints
}

/**
 * Authenticates the client, lets the grant exchange, writes the answer.
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2
 */
export const token: Endpoint = {
  name: 'token',
  methods: ['POST'],
  cors: true,
  metadata: { member: 'token_endpoint', channel: 'back' },
  async answer(request, cx) {
    const params = parameters(request, cx)
    const grant_type = required('grant_type', params, request)
    cx.exchange.grant_type = shown(grant_type)
    const grant = find(grant_type, cx)
    const carrier = { ...request, params }
    const signed = await signedByClient(grant.signer?.(params, cx), carrier, cx)
    const authenticated = signed ?? (await authenticateClient(carrier, cx))
    assertGrant(grant.grant_type, authenticated.client, cx)
    const confirmation = confirmationOf(authenticated, cx)
    const asked = { ...authenticated, params, confirmation, origin: request.headers['origin'] }
    assertSecretless(asked, cx)
    return written(await grant.exchange(asked, cx), cx)
  },
}

function find(grant_type: string, { face }: Context): Grant {
  const grant = GRANTS.get(grant_type)
  if (grant !== undefined && isServed(grant, face.endpoints)) return grant
  const expected = oneOf(grantTypesAt(face))
  throw new OAuthError('grant.unknown', `grant_type is ${shown(grant_type)}, expected ${expected}`, {
    detail: { grant_type },
  })
}

/** Whether the client registered the grant. @throws OAuthError grant.not_allowed */
export function assertGrant(grant_type: string, client: GrantRequest['client'], cx: Context): void {
  if (client.grant_types.includes(grant_type)) return
  const error = new OAuthError(
    'grant.not_allowed',
    `client ${client.client_id} may use ${oneOf(client.grant_types)}, not ${grant_type}; add it to the client's grant_types`,
    {
      detail: { client_id: client.client_id, grant_type },
    },
  )
  enforce('grant_type', error, cx)
}

/** @see https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 */
function written({ access_token, id_token, refresh_token }: Granted, cx: Context): EndpointResponse {
  const scope = access_token.scopes.length === 0 ? undefined : access_token.scopes.join(' ')
  const body = membersOf({
    access_token: access_token.text,
    token_type: 'Bearer',
    expires_in: access_token.expires_in,
    refresh_token,
    id_token,
    scope,
  })
  const claims = objectOf(access_token.claims)
  const facts = { ...access_token.facts, claims, access_token: access_token.text, refresh_token, id_token }
  return bend('response', cx.tenant.hooks, json(200, body, NO_STORE), {
    endpoint: cx.endpoint,
    face: cx.face.name,
    facts,
  })
}
