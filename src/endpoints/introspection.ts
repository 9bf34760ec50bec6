import { type AuthenticatedClient, authenticateClient } from '../client_auth/authenticate.ts'
import { type Context, facts, issuerOf } from '../context.ts'
import { bend } from '../hooks.ts'
import { OAuthError } from '../protocol/errors.ts'
import { type Members, membersOf, objectOf, overlay } from '../protocol/json.ts'
import { type EndpointResponse, json, NO_STORE, type Request } from '../protocol/messages.ts'
import { issueJwt } from '../tokens/jwt.ts'
import { type LiveToken, verifyAnyToken } from '../tokens/verify.ts'
import type { Endpoint } from './endpoint.ts'
import { liveToken } from './live_token.ts'
import { parameters, required } from './parameters.ts'

const JWT_TYPE = 'application/token-introspection+jwt'

/**
 * Tells a permitted client whether a token is live, and what it says.
 * @see https://www.rfc-editor.org/rfc/rfc7662.html#section-2
 */
export const introspection: Endpoint = {
  name: 'introspection',
  methods: ['POST'],
  cors: true,
  metadata: { member: 'introspection_endpoint', channel: 'back' },
  async answer(request, cx) {
    const params = parameters(request, cx)
    const caller = await authenticateClient({ ...request, params }, cx)
    assertConfidential(caller)
    const live = await findLive(required('token', params, request), caller, cx)
    const plain = bend('response', cx.tenant.hooks, json(200, described(live), NO_STORE), {
      endpoint: cx.endpoint,
      face: cx.face.name,
      facts: facts(cx, live === undefined ? { active: false } : liveFacts(live)),
    })
    return wantsJwt(request) ? signed(plain, caller, cx) : plain
  },
}

/** The endpoint MUST require some form of authorization, RFC 7662 §2.1. */
function assertConfidential({ client, isPublic }: AuthenticatedClient): void {
  if (!isPublic) return
  throw new OAuthError(
    'introspect.public_client',
    `client ${client.client_id} is public; introspection is for clients that authenticate`,
  )
}

/** Whatever is wrong with a token, the caller learns only that it is not active (§2.2); the log has the reason. */
function findLive(text: string, caller: AuthenticatedClient, cx: Context): Promise<LiveToken | undefined> {
  return liveToken(async () => {
    const live = await verifyAnyToken(text, cx)
    assertPermitted(live, caller)
    return live
  }, cx)
}

function assertPermitted(live: LiveToken, { client }: AuthenticatedClient): void {
  const audience = ([] as unknown[]).concat(live.claims['aud'] ?? [])
  if (
    client.introspection === 'any' ||
    live.client_id === client.client_id ||
    audience.includes(client.client_id)
  )
    return
  throw new OAuthError(
    'introspect.foreign_token',
    `the token belongs to client ${live.client_id}; set introspection: any for client ${client.client_id} to let it introspect the tokens of others`,
  )
}

/** @see https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2 */
function described(live: LiveToken | undefined): Members {
  if (live === undefined) return membersOf({ active: false })
  return overlay(
    membersOf({ active: true }),
    membersOf(live.claims),
    // Users have claims of that name too.
    membersOf({
      active: true,
      client_id: live.client_id,
      token_type: live.format === 'refresh' ? undefined : 'Bearer',
    }),
  )
}

function liveFacts({ claims, client_id, grant }: LiveToken): Readonly<Record<string, unknown>> {
  return {
    active: true,
    claims,
    client: { client_id },
    login: grant?.login,
    sub: claims['sub'],
    scope: claims['scope'] ?? claims['scp'],
    exp: claims['exp'],
    iat: claims['iat'],
  }
}

function wantsJwt({ headers }: Request): boolean {
  return (headers['accept'] ?? '').toLowerCase().includes(JWT_TYPE)
}

/** @see https://www.rfc-editor.org/rfc/rfc9701.html#section-5 */
async function signed(
  plain: EndpointResponse,
  { client }: AuthenticatedClient,
  cx: Context,
): Promise<EndpointResponse> {
  const answer = objectOf(plain.body as Members)
  const claims = membersOf({
    iss: issuerOf(cx),
    aud: client.client_id,
    iat: cx.tenant.clock.seconds(),
    token_introspection: answer,
  })
  const draft = {
    claims,
    typ: 'token-introspection+jwt',
    alg: client.introspection_signed_response_alg,
    facts: facts(cx),
  }
  const { text } = await issueJwt(draft, { ...cx, tenant: { ...cx.tenant, hooks: [] } })
  return { ...plain, headers: { ...plain.headers, 'content-type': JWT_TYPE }, body: text }
}
